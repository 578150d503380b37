#include <barrier>
#include <latch>
#include <semaphore>
#include <string_view>

#include "catalogue.hpp"

namespace {

struct std_adaptor {
  static constexpr const char* name = PARK_BENCH_STD_NAME;
  static constexpr bench::role part = std::string_view(name) == "std" ? bench::role::standard : bench::role::peer;
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
