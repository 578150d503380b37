// Fixtures of law 6: an object is destroyed, and its memory unmapped, as soon as the last wait has returned. An access that comes too
// late ends the process.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <utility>

#include "support/crew.hpp"
#include "support/eventually.hpp"
#include "support/mapped.hpp"
#include "support/observed_lot.hpp"
#include "support/sanitizers.hpp"

namespace support {

// The publishing write of `release` is followed at once by the end of the object; then `release` goes on.
template <class Lot>
class vanishing : public observing<Lot> {
 protected:
  template <class Object, class Wait>
  void start(mapped<Object>& object, Wait wait) {
    crew_.add([this, &object, wait] {
      wait(object);
      object.vanish();
      gone_ = true;
    });
    this->until_parked(1);
    where_ = this->seen.log().back().where;
    after_next_write = [this] { wake_and_wait(); };
  }

  // The publishing write comes after so many others.
  static void after(int writes) {
    if (writes == 0) return;
    after_next_write = [writes, wake = after_next_write.take()] {
      after_next_write = wake;
      after(writes - 1);
    };
  }

  // Stands in for a waiter that looks again on its own just now.
  void wake_and_wait() {
    eventually([this] {
      Lot::unpark(where_, park::everyone);
      return gone_.load();
    });
  }

 private:
  std::atomic<bool> gone_{false};
  typename Lot::address where_{};
  crew crew_;
};

// The same without a script: many rounds, and chance.
class destroyed_in_a_loop : public testing::Test {
 protected:
  // In each round `wait` runs in one thread, which then makes the object vanish, and `release` in another.
  template <class Object, class Count, class Wait, class Release>
  static void in_a_loop(Count count, Wait wait, Release release) {
    loop_on<mapped<Object>>(count, wait, release);
    loop_on<on_heap<Object>>(count, wait, release);
  }

 private:
  template <class Holder, class Count, class Wait, class Release>
  static void loop_on(Count count, Wait wait, Release release) {
    const int rounds = scaled(400);
    std::atomic<Holder*> shared{nullptr};
    crew releaser(1, [&](int) {
      for (int round = 0; round < rounds; ++round) {
        Holder* mine = nullptr;
        eventually([&] { return (mine = shared.exchange(nullptr)) != nullptr; });
        release(*mine);
      }
    });
    std::unique_ptr<Holder> last;  // the releaser may still hold its address
    for (int round = 0; round < rounds; ++round) {
      auto object = std::make_unique<Holder>(count);
      shared = object.get();
      wait(*object);
      object->vanish();
      eventually([&] { return shared == nullptr; });
      last = std::move(object);
    }
    releaser.join();
  }
};

}  // namespace support
