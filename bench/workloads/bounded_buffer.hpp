// Bounded buffer: half of the threads put items into a ring of places, the others get them out; two semaphores count the
// free places and the items.
//
// Whose turn a place is stands in the place itself, since items are not finished in the order in which they were begun:
// whoever comes to it while its last user is still at work (which takes a preempted thread) polls.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "harness/neutral_wait.hpp"
#include "workloads/carried_items.hpp"
#include "workloads/workload.hpp"

namespace bench {

template <class Semaphore>
class item_ring {
 public:
  static constexpr std::uint64_t places = 16;

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
    return carry_items(how, [&](std::uint64_t item) { ring.put(item); }, [&] { return ring.get(); });
  }
};

}  // namespace bench
