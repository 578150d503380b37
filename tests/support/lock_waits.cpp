// Waits for a mutex.
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "park/mutex.hpp"
#include "park/recursive_mutex.hpp"
#include "support/eventually.hpp"
#include "support/wait_kinds.hpp"

namespace support {
namespace {

// lock() of a mutex that is held.
template <class Mutex>
class lock_wait {
 public:
  static constexpr int parked = 0;

  bool untouched() const { return !mutex_.try_lock(); }

  void wait() { mutex_.lock(); }
  template <class Stop>
  bool wait(Stop stop) {
    return mutex_.lock(std::move(stop));
  }
  template <class... Arguments>
  bool wait_for(Arguments&&... arguments) {
    return mutex_.try_lock_for(std::forward<Arguments>(arguments)...);
  }
  template <class... Arguments>
  bool wait_until(Arguments&&... arguments) {
    return mutex_.try_lock_until(std::forward<Arguments>(arguments)...);
  }

 protected:
  mutable Mutex mutex_;
};

// By the same thread, which the mutex does not see.
template <class Lot>
class mutex_wait : public lock_wait<park::basic_mutex<Lot>> {
 public:
  static constexpr const char* name = "mutex";

  mutex_wait() { this->mutex_.lock(); }

  void satisfy() { this->mutex_.unlock(); }
};

// By another thread, until it is told to let go.
template <class Lot>
class recursive_mutex_wait : public lock_wait<park::basic_recursive_mutex<Lot>> {
 public:
  static constexpr const char* name = "recursive_mutex";

  recursive_mutex_wait() {
    std::atomic<bool> held{false};
    owner_ = std::thread([this, &held] {
      this->mutex_.lock();
      held = true;
      std::unique_lock hold(let_go_mutex_);
      let_go_changed_.wait(hold, [this] { return let_go_; });
      this->mutex_.unlock();
    });
    eventually([&] { return held.load(); });
  }
  ~recursive_mutex_wait() { satisfy(); }

  void satisfy() {
    {
      const std::lock_guard hold(let_go_mutex_);
      let_go_ = true;
    }
    let_go_changed_.notify_one();
    if (owner_.joinable()) owner_.join();
  }

 private:
  // Not an atomic's wait(): libstdc++ 12 sleeps through its end now and then where there is no futex.
  std::mutex let_go_mutex_;
  std::condition_variable let_go_changed_;
  bool let_go_ = false;  // guarded by let_go_mutex_
  std::thread owner_;
};

}  // namespace

void add_waits_for_locks(std::vector<kind_of_wait>& all) {
#define PARK_TESTS_ADD(lot) add_kinds<park::lot, mutex_wait, recursive_mutex_wait>(all);
  PARK_FOR_EACH_LOT(PARK_TESTS_ADD)
#undef PARK_TESTS_ADD
}

}  // namespace support
