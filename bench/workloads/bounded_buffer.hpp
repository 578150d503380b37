// Bounded buffer: half of the threads put items into a ring of places, the others get them out; two semaphores count the
// free places and the items.
//
// One operation: one item on its way, one put and one get. A latency sample is the time of one put or one get.
// Whose turn a place is stands in the place itself, since items are not finished in the order in which they were begun:
// whoever comes to it while its last user is still at work (which takes a preempted thread) polls.
// End: each producer puts one last item that says so, and each consumer leaves with one of these: they are the last of
// all that their producer put.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <stdexcept>

#include "harness/neutral_wait.hpp"
#include "workloads/workload.hpp"

namespace bench {

template <class Semaphore>
class item_ring {
 public:
  static constexpr std::uint64_t places = 16, last = 0;

  item_ring() {
    for (std::uint64_t ticket = 0; ticket < places; ++ticket) ring_[ticket]->turn = ticket;
  }

  void put(std::uint64_t item) {
    free_->acquire();
    const std::uint64_t ticket = put_->fetch_add(1, std::memory_order_relaxed);
    place& here = *ring_[ticket % places];
    await(here, ticket);
    here.item = item;
    here.turn.store(ticket + 1, std::memory_order_release);
    items_->release();
  }

  std::uint64_t get() {
    items_->acquire();
    const std::uint64_t ticket = got_->fetch_add(1, std::memory_order_relaxed);
    place& here = *ring_[ticket % places];
    await(here, ticket + 1);
    const std::uint64_t item = here.item;
    here.turn.store(ticket + places, std::memory_order_release);
    free_->release();
    return item;
  }

 private:
  struct place {
    std::atomic<std::uint64_t> turn{0};  // the ticket that may put, or one above the one that may get
    std::uint64_t item = 0;
  };

  static void await(const place& here, std::uint64_t turn) {
    poll_until([&] { return here.turn.load(std::memory_order_acquire) == turn; }, false);
  }

  isolated<Semaphore> free_{static_cast<std::ptrdiff_t>(places)};
  isolated<Semaphore> items_{0};
  isolated<std::atomic<std::uint64_t>> put_{0u}, got_{0u};
  std::array<isolated<place>, places> ring_;
};

struct bounded_buffer {
  static constexpr workload about{
      "bounded_buffer",
      "Bounded buffer",
      "T/2 threads put items into a ring of 16 places, T/2 get them, through two semaphores",
      "item put and got",
      "contended",
      "sweep",
      2,
      2,
      {1, 2, 4}};

  template <has_semaphore Adaptor>
  static measurement run(const settings& how) {
    item_ring<typename Adaptor::semaphore> ring;
    std::atomic<std::uint64_t> sum_put{0}, sum_got{0};
    team members(how.threads);
    members.run(how.window, [&](worker& self) {
      std::uint64_t sum = 0;
      if (self.index() % 2 == 0) {
        for (std::uint64_t item = self.index() + 1; self.go_on(); item += 3) {
          self.perform([&] { ring.put(item); }, 0);
          sum += item;
        }
        ring.put(ring.last);
        sum_put += sum;
      } else {
        for (std::uint64_t item = 1; item != ring.last; sum += item) self.perform([&] { item = ring.get(); });
        sum_got += sum;
      }
    });
    if (sum_put != sum_got) throw std::runtime_error("bounded buffer broken: what was put is not what was got");
    return members.found();
  }
};

}  // namespace bench
