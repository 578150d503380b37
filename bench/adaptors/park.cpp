#include "park/park.hpp"

#include "catalogue.hpp"

namespace {

struct park_adaptor {
  static constexpr const char* name = bench::own_implementation;
  static constexpr const char* title = "park";
  using semaphore = park::counting_semaphore<>;
  using latch = park::latch;
  using barrier = park::barrier<>;
};

const bool added = bench::add_implementation<park_adaptor>();

}  // namespace
