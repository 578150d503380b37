// Waits for permits, one or several, first or behind another thread.
#include <cstddef>
#include <cstdint>
#include <thread>
#include <utility>
#include <vector>

#include "park/semaphore.hpp"
#include "support/eventually.hpp"
#include "support/wait_kinds.hpp"

namespace support {
namespace {

// acquire(Wanted) on a semaphore that lacks one permit.
template <class Lot, std::ptrdiff_t Most, std::ptrdiff_t Wanted>
class acquire_wait {
 public:
  static constexpr int parked = 0;

  void satisfy() { semaphore_.release(); }
  bool untouched() const { return semaphore_.available() == Wanted - 1; }

  void wait() { semaphore_.acquire(Wanted); }
  template <class Stop>
  bool wait(Stop stop) {
    return semaphore_.acquire(Wanted, std::move(stop));
  }
  template <class... Arguments>
  bool wait_for(Arguments&&... arguments) {
    return semaphore_.try_acquire_for(Wanted, std::forward<Arguments>(arguments)...);
  }
  template <class... Arguments>
  bool wait_until(Arguments&&... arguments) {
    return semaphore_.try_acquire_until(Wanted, std::forward<Arguments>(arguments)...);
  }

 protected:
  park::basic_counting_semaphore<Most, Lot> semaphore_{Wanted - 1};
};

// acquire(2) on a semaphore where another thread collects permits already: a wait for that thread to be done.
template <class Lot, std::ptrdiff_t Most>
class second_collector_wait : public acquire_wait<Lot, Most, 2> {
 public:
  static constexpr int parked = 1;

  second_collector_wait() {
    const int before = Lot::what().parked;
    first_ = std::thread([this] {
      this->semaphore_.acquire(2);
      this->semaphore_.release(2);
    });
    eventually([before] { return Lot::what().parked > before; });
  }
  ~second_collector_wait() {
    if (!satisfied_) this->semaphore_.release();
    first_.join();
  }

  void satisfy() {
    satisfied_ = true;
    this->semaphore_.release();
  }
  bool untouched() const { return this->semaphore_.available() == 0; }

 private:
  bool satisfied_ = false;
  std::thread first_;
};

constexpr std::ptrdiff_t narrow_most = 1000, wide_most = PTRDIFF_MAX;

template <class Lot>
class semaphore_wait : public acquire_wait<Lot, narrow_most, 1> {
 public:
  static constexpr const char* name = "semaphore";
};

template <class Lot>
class wide_semaphore_wait : public acquire_wait<Lot, wide_most, 1> {
 public:
  static constexpr const char* name = "wide_semaphore";
};

template <class Lot>
class collector_wait : public acquire_wait<Lot, narrow_most, 3> {
 public:
  static constexpr const char* name = "collector";
};

template <class Lot>
class wide_collector_wait : public acquire_wait<Lot, wide_most, 3> {
 public:
  static constexpr const char* name = "wide_collector";
};

template <class Lot>
class gate_wait : public second_collector_wait<Lot, narrow_most> {
 public:
  static constexpr const char* name = "gate";
};

template <class Lot>
class wide_gate_wait : public second_collector_wait<Lot, wide_most> {
 public:
  static constexpr const char* name = "wide_gate";
};

}  // namespace

void add_waits_for_permits(std::vector<kind_of_wait>& all) {
#define PARK_TESTS_ADD(lot)                                                                                 \
  add_kinds<park::lot, semaphore_wait, wide_semaphore_wait, collector_wait, wide_collector_wait, gate_wait, \
            wide_gate_wait>(all);
  PARK_FOR_EACH_LOT(PARK_TESTS_ADD)
#undef PARK_TESTS_ADD
}

}  // namespace support
