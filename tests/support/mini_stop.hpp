// support::mini_stop_source: a stop source whose token has the interface of C++26's stoppable_token, and is not std::stop_token.
//
// Callbacks are called under a recursive mutex, so that a callback that is destroyed waits for its call to end, unless it is the caller.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <functional>
#include <mutex>
#include <utility>
#include <vector>

namespace support {

class mini_stop_source {
  class registration {
   public:
    virtual void call() noexcept = 0;

   protected:
    ~registration() = default;
  };

 public:
  class token {
   public:
    template <class Function>
    class callback : registration {
     public:
      template <class Initializer>
      explicit callback(const token& stop, Initializer&& function)
          : source_(stop.source_), function_(std::forward<Initializer>(function)) {
        source_->add(*this);
      }
      callback(const callback&) = delete;
      callback& operator=(const callback&) = delete;
      ~callback() { source_->remove(*this); }

     private:
      void call() noexcept override { function_(); }

      mini_stop_source* const source_;
      Function function_;
    };

    template <class Function>
    using callback_type = callback<Function>;

    explicit token(mini_stop_source& source) noexcept : source_(&source) {}
    bool stop_requested() const noexcept { return source_->stop_requested(); }
    bool stop_possible() const noexcept { return true; }
    bool operator==(const token&) const noexcept = default;

   private:
    mini_stop_source* source_;
  };

  token get_token() noexcept { return token(*this); }

  bool stop_requested() const noexcept { return requested_.load(std::memory_order_acquire); }

  void request_stop() {
    const std::lock_guard lock(mutex_);
    requested_.store(true, std::memory_order_release);
    while (!registered_.empty()) {
      registration* const next = registered_.back();
      registered_.pop_back();
      next->call();
    }
  }

  // Run in the thread that registers a callback, just before and just after it. Set by the test; each may be empty.
  std::function<void()> before_registration, after_registration;

  // Callbacks that wait for a request now.
  std::size_t callbacks() const {
    const std::lock_guard lock(mutex_);
    return registered_.size();
  }

 private:
  void add(registration& added) {
    if (before_registration) before_registration();
    {
      const std::lock_guard lock(mutex_);
      if (stop_requested()) {
        added.call();
      } else {
        registered_.push_back(&added);
      }
    }
    if (after_registration) after_registration();
  }

  void remove(registration& removed) {
    const std::lock_guard lock(mutex_);
    registered_.erase(std::remove(registered_.begin(), registered_.end(), &removed), registered_.end());
  }

  mutable std::recursive_mutex mutex_;
  std::atomic<bool> requested_{false};
  std::vector<registration*> registered_;  // guarded by mutex_
};

}  // namespace support
