// The threads that the end of the process waits for: those that run and are no daemons.
#pragma once

#include <mutex>

#include "park/detail/thread_record.hpp"
#include "park/mutex.hpp"

namespace park::detail {

class thread_registry {
 public:
  void add(thread_record& one) noexcept {
    const std::lock_guard lock(access_);
    one.next_ = first_;
    if (first_ != nullptr) first_->previous_ = &one;
    first_ = &one;
  }

  void remove(thread_record& one) noexcept {
    const std::lock_guard lock(access_);
    (one.previous_ != nullptr ? one.previous_->next_ : first_) = one.next_;
    if (one.next_ != nullptr) one.next_->previous_ = one.previous_;
  }

  // Until there are none, and no new ones either.
  void stop_and_wait_for_all() noexcept {
    for (;;) {
      if (thread_record* const running = hold_one_not_asked()) {
        running->request_stop();
        running->release();
      } else if (thread_record* const asked = hold_one()) {
        asked->wait_for_end();
        asked->reap();
        asked->release();
      } else {
        return;
      }
    }
  }

 private:
  thread_record* hold_one_not_asked() noexcept {
    const std::lock_guard lock(access_);
    thread_record* one = first_;
    while (one != nullptr && one->asked_to_stop_) one = one->next_;
    if (one == nullptr) return nullptr;
    one->asked_to_stop_ = true;
    one->hold();
    return one;
  }

  thread_record* hold_one() noexcept {
    const std::lock_guard lock(access_);
    if (first_ != nullptr) first_->hold();
    return first_;
  }

  mutex access_;
  thread_record* first_ = nullptr;  // guarded by access_
};

}  // namespace park::detail
