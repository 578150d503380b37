// carry_items(): half of the threads put items, the others get them.
//
// One operation: one item on its way, one put and one get. A latency sample is the time of one put or one get.
// End: each producer puts one last item that says so, and each consumer leaves with one of these: they are the last of
// all that their producer put.
#pragma once

#include <atomic>
#include <cstdint>
#include <stdexcept>

#include "workloads/workload.hpp"

namespace bench {

template <class Put, class Get>
measurement carry_items(const settings& how, Put put, Get get) {
  constexpr std::uint64_t last = 0;
  std::atomic<std::uint64_t> sum_put{0}, sum_got{0};
  team members(how.threads);
  members.run(how.window, [&](worker& self) {
    std::uint64_t sum = 0;
    if (self.index() % 2 == 0) {
      for (std::uint64_t item = self.index() + 1; self.go_on(); item += 3) {
        self.perform([&] { put(item); }, 0);
        sum += item;
      }
      put(last);
      sum_put += sum;
    } else {
      std::uint64_t item = 0;
      do {
        self.perform([&] { item = get(); });
        sum += item;
      } while (item != last);
      sum_got += sum;
    }
  });
  if (sum_put != sum_got) throw std::runtime_error("items lost or doubled: what was put is not what was got");
  return members.found();
}

}  // namespace bench
