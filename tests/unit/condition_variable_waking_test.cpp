// park::condition_variable: who sleeps, where, and who is woken, seen from the lot.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <string>
#include <type_traits>

#include "park/condition_variable.hpp"
#include "park/detail/wake_chains.hpp"
#include "park/mutex.hpp"
#include "park/recursive_mutex.hpp"
#include "support/crew.hpp"
#include "support/eventually.hpp"
#include "support/lots.hpp"
#include "support/observed_lot.hpp"
#include "support/requeuing.hpp"
#include "support/waiting_line.hpp"

namespace {

using support::waiting_line;

template <class Lot>
class condition_variable_waking : public support::observing<Lot> {
 protected:
  using lot = support::observed_lot<Lot>;

  // Ends the wait of a thread that has not parked yet. Returns the notifier's accesses.
  std::string notify_one_who_spins() {
    park::basic_mutex<lot> mutex;
    park::basic_condition_variable<lot> changed;
    std::atomic<bool> notified{false}, spinning{false};
    this->seen.spins = 1;
    this->seen.on_spin = [&] {
      spinning = true;
      support::eventually([&] { return notified.load(); });
    };
    support::crew waiter(1, [&](int) {
      const std::lock_guard hold(mutex);
      changed.wait(mutex);
    });
    support::eventually([&] { return spinning.load(); });
    std::string accesses = support::trace_of([&] { changed.notify_one(); });
    notified = true;
    return accesses;
  }

  // Returns once all who are in line sleep in the lot.
  void until_asleep(waiting_line<lot>& waiters) {
    this->until_parked(waiters.size());
    waiters.until_asleep();
  }
};
TYPED_TEST_SUITE(condition_variable_waking, support::lots, support::by_name);

// A wait that is refused does not come between a notification and whom it is for.
TYPED_TEST(condition_variable_waking, a_wait_that_is_refused_was_never_in_line) {
  park::basic_recursive_mutex<typename TestFixture::lot> mutex;
  park::basic_condition_variable<typename TestFixture::lot> changed;
  EXPECT_EQ("l", support::trace_of([&] { EXPECT_THROW(changed.wait(mutex), park::not_owner_error); }));
}

TYPED_TEST(condition_variable_waking, a_notification_of_one_is_four_writes) {
  const std::string accesses = this->notify_one_who_spins();
  EXPECT_EQ(4, std::count(accesses.begin(), accesses.end(), 'x')) << accesses;
}

TYPED_TEST(condition_variable_waking, who_still_spins_is_notified_without_a_call_of_the_lot) {
  this->notify_one_who_spins();
  EXPECT_EQ(0, this->seen.parks);
  EXPECT_EQ(0, this->seen.unparks);
}

TYPED_TEST(condition_variable_waking, one_who_sleeps_is_woken_by_one_call) {
  waiting_line<typename TestFixture::lot> waiters;
  waiters.add();
  waiters.add();
  this->until_asleep(waiters);
  const int before = this->seen.unparks;
  waiters.changed.notify_one();
  waiters.until_over(1);
  EXPECT_EQ(before + 1, this->seen.unparks);
  EXPECT_EQ(1, this->seen.parked);
  waiters.changed.notify_one();
}

// A thread that comes behind another does not spin: that one is notified first.
TYPED_TEST(condition_variable_waking, only_the_first_in_line_spins) {
  park::basic_mutex<typename TestFixture::lot> mutex;
  park::basic_condition_variable<typename TestFixture::lot> changed;
  std::atomic<int> spins{0};
  this->seen.spins = 1;
  this->seen.on_spin = [&] { ++spins; };
  bool told = false;
  support::crew waiters;
  for (int each = 0; each < 3; ++each) {
    waiters.add([&] {
      std::unique_lock hold(mutex);
      changed.wait(hold, [&] { return told; });
    });
    this->until_parked(each + 1);
  }
  EXPECT_EQ(1, spins);
  const std::lock_guard hold(mutex);
  told = true;
  changed.notify_all();
}

// Where the lot can move sleepers, no more than lead are woken while the mutex is held, and then one for each unlock of those in charge.
TYPED_TEST(condition_variable_waking, sleepers_are_moved_to_the_mutex_that_is_held) {
  constexpr int sleepers = 6;
  const int leaders = static_cast<int>(park::detail::wake_chains_here());
  waiting_line<typename TestFixture::lot> waiters;
  for (int index = 0; index < sleepers; ++index) waiters.add();
  this->until_asleep(waiters);
  int before = 0;
  {
    const std::lock_guard hold(waiters.mutex);
    before = this->seen.unparks;
    waiters.changed.notify_all();
    if (support::moves_sleepers<TypeParam>()) {
      EXPECT_EQ(sleepers - leaders, this->seen.requeues);
      EXPECT_EQ(before + leaders, this->seen.unparks);
    } else if (!park::requeuing_lot<TypeParam>) {
      EXPECT_GE(this->seen.unparks, before + sleepers);
    }
  }
  waiters.until_over(sleepers);
  if (support::moves_sleepers<TypeParam>()) {
    EXPECT_LE(this->seen.unparks, before + leaders + sleepers + 1);  // the last to wake cannot know that it is the last
  }
  const std::lock_guard nobody_has_kept_it(waiters.mutex);
}

// A signal, or a wake for no reason, while a notifier is at work.
TYPED_TEST(condition_variable_waking, who_wakes_while_it_is_being_moved_waits_until_that_is_done) {
  waiting_line<typename TestFixture::lot> waiters;
  for (int index = 0; index < 2; ++index) waiters.add();
  this->until_asleep(waiters);
  const std::lock_guard hold(waiters.mutex);
  const auto parks = this->seen.log();
  const auto wake_all = [&] {
    for (const auto& call : parks) TypeParam::unpark(call.where, park::everyone);
  };
  support::after_next_write = [&] { support::after_next_write = wake_all; };
  waiters.changed.notify_all();
}

TYPED_TEST(condition_variable_waking, of_those_who_are_moved_to_a_free_mutex_one_is_woken) {
  if (!support::moves_sleepers<TypeParam>()) GTEST_SKIP() << "this lot cannot move sleepers";
  std::atomic<bool> may_go{true};
  this->seen.after_park = [&] { support::eventually([&] { return may_go.load(); }); };
  waiting_line<typename TestFixture::lot> waiters;
  constexpr int sleepers = 6;
  for (int index = 0; index < sleepers; ++index) waiters.add();
  this->until_asleep(waiters);
  may_go = false;
  const int before = this->seen.unparks;
  waiters.changed.notify_all();
  const int leaders = static_cast<int>(park::detail::wake_chains_here());
  EXPECT_EQ(sleepers - leaders, this->seen.requeues);
  EXPECT_EQ(before + leaders + 1, this->seen.unparks);
  may_go = true;
  waiters.until_over(sleepers);
}

}  // namespace
