// Hand-off: two threads send a message to and fro through two semaphores.
//
// One operation: one message one way, that is, one release and the acquire that it ends; a round trip is two. A latency
// sample is half a round trip as the first thread sees it.
// End: the first thread decides, says so beside the semaphore, and sends one last message, which is not answered.
#pragma once

#include <array>
#include <atomic>
#include <stdexcept>

#include "harness/placement.hpp"
#include "platform/pinning.hpp"
#include "workloads/workload.hpp"

namespace bench {

template <class Semaphore>
class ping_pong {
 public:
  void take_part(worker& self) {
    if (self.index() == 0) {
      lead(self);
    } else {
      follow();
    }
  }

  // Throws unless every message was answered.
  void check(std::uint64_t messages) const {
    if (messages != 2 * answers_) throw std::runtime_error("hand-off broken: messages and answers differ in number");
  }

 private:
  void lead(worker& self) {
    while (self.go_on()) {
      self.perform(
          [this] {
            ping_->release();
            pong_->acquire();
          },
          2);
    }
    over_.store(true, std::memory_order_relaxed);  // relaxed: published by the release
    ping_->release();
  }

  void follow() {
    std::uint64_t answers = 0;
    for (;; ++answers) {
      ping_->acquire();
      if (over_.load(std::memory_order_relaxed)) break;
      pong_->release();
    }
    answers_ = answers;
  }

  isolated<Semaphore> ping_{0};
  isolated<Semaphore> pong_{0};
  std::atomic<bool> over_{false};
  std::uint64_t answers_ = 0;
};

// place(i) puts the i-th thread where it belongs; false where it could not.
template <class Semaphore, class Place>
measurement hand_a_message_to_and_fro(const settings& how, Place place) {
  ping_pong<Semaphore> game;
  std::atomic<bool> misplaced = false;
  team players(2);
  players.run(how.window, [&](worker& self) {
    if (!place(self.index())) misplaced = true;
    game.take_part(self);
  });
  if (misplaced) throw std::runtime_error("the system refused to pin a thread to a CPU");
  game.check(players.operations_in_all());
  measurement found = players.found();
  found.nanoseconds_per_tick /= 2;  // a sample is a round trip
  return found;
}

// Each thread is pinned to a CPU of its own, on neighbouring cores.
template <class Semaphore>
measurement hand_off_between_two_cpus(const settings& how) {
  const auto [first, second] = two_neighbouring_cpus().value();
  return hand_a_message_to_and_fro<Semaphore>(
      how, [cpus = std::array{first, second}](unsigned index) { return platform::pin_to({cpus[index]}); });
}
inline bool there_are_two_cpus() { return platform::allowed_cpus().size() >= 2; }

// Both threads are pinned to the last CPU that the process may use. Its mask, by which a library judges how many CPUs
// there are, does not change: this is the hard case, two threads that believe in two CPUs and share one.
template <class Semaphore>
measurement hand_off_within_one_cpu(const settings& how) {
  const unsigned cpu = one_cpu().value();
  return hand_a_message_to_and_fro<Semaphore>(how, [cpu](unsigned) { return platform::pin_to({cpu}); });
}
inline bool there_is_one_cpu() { return one_cpu().has_value(); }

// The system places the threads, which start on different CPUs.
struct hand_off {
  static constexpr workload about{
      "hand_off",
      "Hand-off",
      "Two threads send a message to and fro through two semaphores; the system places them",
      "message one way",
      "hand_off",
      "two"};

  static constexpr bool follows_pins = true;

  template <has_semaphore Adaptor>
  static measurement run(const settings& how) {
    return hand_a_message_to_and_fro<typename Adaptor::semaphore>(how, [](unsigned) { return true; });
  }
};

struct hand_off_two_cpus {
  static constexpr workload about{
      "hand_off_two_cpus",
      "Hand-off between two CPUs",
      "Two threads, pinned to neighbouring cores, send a message to and fro through two semaphores",
      "message one way",
      "hand_off",
      "two"};

  static bool available() { return there_are_two_cpus(); }

  template <has_semaphore Adaptor>
  static measurement run(const settings& how) {
    return hand_off_between_two_cpus<typename Adaptor::semaphore>(how);
  }
};

struct hand_off_one_cpu {
  static constexpr workload about{
      "hand_off_one_cpu",
      "Hand-off on one CPU",
      "Two threads, both pinned to one CPU, send a message to and fro through two semaphores",
      "message one way",
      "hand_off",
      "two"};

  static constexpr bool shares_a_cpu = true;
  static bool available() { return there_is_one_cpu(); }

  template <has_semaphore Adaptor>
  static measurement run(const settings& how) {
    return hand_off_within_one_cpu<typename Adaptor::semaphore>(how);
  }
};

}  // namespace bench
