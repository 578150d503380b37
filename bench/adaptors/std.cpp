#include <barrier>
#include <latch>
#include <semaphore>

#include "catalogue.hpp"

namespace {

struct std_adaptor {
  static constexpr const char* name = "std";
#if defined(_LIBCPP_VERSION)
  static constexpr const char* title = "std (libc++)";
#elif defined(__GLIBCXX__)
  static constexpr const char* title = "std (libstdc++)";
#else
  static constexpr const char* title = "std";
#endif
  using semaphore = std::counting_semaphore<>;
  using latch = std::latch;
  using barrier = std::barrier<>;
};

const bool added = bench::add_implementation<std_adaptor>();

}  // namespace
