// A stop source and its token, as small as the checker likes them: one callback at a time.
//
// It keeps the promises that park::stop_gate builds on, and orders no more than they say: a callback runs once, in request_stop() or, if
// that came first, in its own constructor; its destructor waits for a run that is not over. One that is over is ordered by nothing.
#pragma once

#include <atomic>
#include <cstdint>
#include <utility>

#include "model.hpp"

namespace model {

class stop_source {
 public:
  class token {
   public:
    template <class F>
    class callback_type;

    explicit token(stop_source& source) noexcept : source_(&source) {}
    bool stop_requested() const noexcept { return source_->state_.load(std::memory_order_acquire) >= running; }

   private:
    stop_source* source_;
  };

  token get_token() noexcept { return token(*this); }

  void request_stop() {
    if (state_.exchange(running, std::memory_order_acq_rel) == registered) run_(callback_);
    state_.store(requested, std::memory_order_release);
  }

 private:
  static constexpr std::uint32_t nobody = 0, registered = 1, running = 2, requested = 3;

  atomic<std::uint32_t> state_{nobody};
  void (*run_)(void*) = nullptr;
  void* callback_ = nullptr;
};

template <class F>
class stop_source::token::callback_type {
 public:
  callback_type(token stop, F function) : source_(*stop.source_), function_(std::move(function)) {
    source_.run_ = [](void* self) { static_cast<callback_type*>(self)->function_(); };
    source_.callback_ = this;
    std::uint32_t expected = nobody;
    registered_ = source_.state_.compare_exchange_strong(expected, registered, std::memory_order_acq_rel,
                                                         std::memory_order_acquire);
    if (!registered_) function_();
  }

  ~callback_type() {
    std::uint32_t seen = registered;
    if (!registered_) return;
    if (source_.state_.compare_exchange_strong(seen, nobody, std::memory_order_relaxed, std::memory_order_relaxed))
      return;
    while (seen != requested) {
      lot::yield();
      seen = source_.state_.load(std::memory_order_acquire);
    }
  }

 private:
  stop_source& source_;
  F function_;
  bool registered_;
};

}  // namespace model
