// One round of the soak: a few threads around a few objects, all drawn from the round's seed.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "delays.hpp"
#include "dice.hpp"
#include "support/crew.hpp"
#include "support/mapped.hpp"
#include "support/sanitizers.hpp"

namespace soak {

// The stop source that one thread waits by now; others request its stop.
class stoppable {
 public:
  std::stop_token renew();
  void stop();

 private:
  std::mutex mutex_;
  std::stop_source source_;  // guarded by mutex_
};

class round;

// What a thread of a round draws and waits by.
class hand {
 public:
  hand(round& whole, int index);
  hand(const hand&) = delete;
  hand& operator=(const hand&) = delete;
  ~hand();

  const int index;
  dice draw;

  // Not to be kept for more than one wait.
  std::stop_token stop_token();
  // How long a timed wait waits: mostly about as long as it takes others to end it; also 0 and less.
  std::chrono::microseconds patience();
  // Lets others go on; requests another thread's stop now and then. Counts as the end of an operation.
  void pause();
  void require(bool holds, const char* what);

 private:
  round& round_;
  std::uint64_t operations_ = 0;
};

class round {
 public:
  round(std::uint64_t seed, unsigned cpus);

  dice draw;
  const int threads;

  // Runs work(hand) in `count` threads, among signals and stop requests; returns when all have ended.
  template <class Work>
  void run(int count, Work work) {
    prepare(count);
    support::crew crew(count, [&, this](int index) {
      hand mine(*this, index);
      start(count);
      work(mine);
    });
    conduct(count, crew.handles());
  }

  // How often a thread is to do what takes about as many microseconds.
  int repetitions(int most) {
    return 1 + static_cast<int>(draw.below(static_cast<unsigned>(support::scaled(most) + 1)));
  }

  // Counts and prints a broken invariant; the round goes on.
  void require(bool holds, const char* what);

  std::uint64_t seed() const { return seed_; }
  std::uint64_t operations() const { return operations_; }
  bool failed() const { return failed_; }

 private:
  friend class hand;

  void prepare(int count);
  void start(int count);
  void conduct(int count, const std::vector<std::thread::native_handle_type>& handles);

  const std::uint64_t seed_;
  const bool in_a_storm_, all_at_once_;
  std::vector<std::unique_ptr<stoppable>> stoppables_;
  std::atomic<int> started_{0}, ended_{0};
  std::atomic<std::uint64_t> operations_{0};
  std::atomic<bool> failed_{false};
};

// An object whose memory is gone, for good, as soon as it has vanished: unmapped, or freed where a sanitizer watches the heap.
template <class Object>
using mortal = std::conditional_t<support::thread_sanitizer || support::address_sanitizer, support::on_heap<Object>,
                                  support::mapped<Object>>;

// What can be drawn for a round.
struct scenario {
  std::string name;    // e.g. latch.opens
  std::string family;  // of what types it is made
  void (*play)(round&);
};

// All that this program can play.
std::vector<scenario>& scenarios();

// Adds to them: one of these ends each file of scenarios.
struct table {
  explicit table(const std::vector<scenario>& more) { scenarios().insert(scenarios().end(), more.begin(), more.end()); }
};

}  // namespace soak
