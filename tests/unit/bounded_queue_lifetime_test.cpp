// Law 6 of a bounded_queue: whoever has got the last item, or pushed the last, may destroy it, even while the push() or pop() that made way
// for that still runs. An access that comes too late ends the process.
#include <gtest/gtest.h>

#include <cstddef>

#include "park/bounded_queue.hpp"
#include "support/lots.hpp"
#include "support/mapped.hpp"
#include "support/observed_lot.hpp"
#include "support/vanishing.hpp"

namespace {

// Has its queue take a lock for each side.
struct with_a_move_that_might_throw {
  explicit with_a_move_that_might_throw(int) {}
  with_a_move_that_might_throw(with_a_move_that_might_throw&&) noexcept(false) {}
};

template <class Lot>
class bounded_queue_gone_after_the_publishing_write : public support::vanishing<Lot> {
 protected:
  using queue_type = park::basic_bounded_queue<int, support::observed_lot<Lot>>;
  using locking_queue_type = park::basic_bounded_queue<with_a_move_that_might_throw, support::observed_lot<Lot>>;
};
TYPED_TEST_SUITE(bounded_queue_gone_after_the_publishing_write, support::lots, support::by_name);

// Two writes come before the one that publishes: of the ticket, and of the call that is then made by address.
TYPED_TEST(bounded_queue_gone_after_the_publishing_write, of_push) {
  support::mapped<typename TestFixture::queue_type> reply(1u);
  this->start(reply, [](auto& it) { EXPECT_EQ(1, it->pop()); });
  this->after(2);
  EXPECT_TRUE(reply->push(1));
}

TYPED_TEST(bounded_queue_gone_after_the_publishing_write, of_pop) {
  support::mapped<typename TestFixture::queue_type> queue(1u);
  EXPECT_TRUE(queue->push(1));
  this->start(queue, [](auto& it) { EXPECT_TRUE(it->push(2)); });
  this->after(2);
  EXPECT_EQ(1, queue->pop());
}

// Two more: to lock and to unlock.
TYPED_TEST(bounded_queue_gone_after_the_publishing_write, of_push_that_locks) {
  support::mapped<typename TestFixture::locking_queue_type> reply(1u);
  this->start(reply, [](auto& it) { EXPECT_TRUE(it->pop()); });
  this->after(3);
  EXPECT_TRUE(reply->emplace(1));
}

TYPED_TEST(bounded_queue_gone_after_the_publishing_write, of_pop_that_locks) {
  support::mapped<typename TestFixture::locking_queue_type> queue(1u);
  EXPECT_TRUE(queue->emplace(1));
  this->start(queue, [](auto& it) { EXPECT_TRUE(it->emplace(2)); });
  this->after(3);
  EXPECT_TRUE(queue->pop());
}

// Who comes when the ticket is taken already sleeps at the slot, and is not called.
TYPED_TEST(bounded_queue_gone_after_the_publishing_write, of_push_that_was_under_way) {
  support::mapped<typename TestFixture::queue_type> reply(1u);
  support::after_next_write = [&] { this->start(reply, [](auto& it) { EXPECT_EQ(1, it->pop()); }); };
  EXPECT_TRUE(reply->push(1));
}

TYPED_TEST(bounded_queue_gone_after_the_publishing_write, of_pop_that_was_under_way) {
  support::mapped<typename TestFixture::queue_type> queue(1u);
  EXPECT_TRUE(queue->push(1));
  support::after_next_write = [&] { this->start(queue, [](auto& it) { EXPECT_TRUE(it->push(2)); }); };
  EXPECT_EQ(1, queue->pop());
}

// The same without a script: many rounds, and chance.
template <class Lot>
class bounded_queue_destroyed_after_wait : public support::destroyed_in_a_loop {
 protected:
  using queue_type = park::basic_bounded_queue<int, Lot>;
  using locking_queue_type = park::basic_bounded_queue<with_a_move_that_might_throw, Lot>;
  struct full_queue : queue_type {
    explicit full_queue(int capacity) : queue_type(static_cast<std::size_t>(capacity)) {
      while (this->try_push(1)) {
      }
    }
  };
};
TYPED_TEST_SUITE(bounded_queue_destroyed_after_wait, support::lots, support::by_name);

TYPED_TEST(bounded_queue_destroyed_after_wait, of_one_reply) {
  this->template in_a_loop<typename TestFixture::queue_type>(
      1u, [](auto& it) { EXPECT_TRUE(it->pop()); }, [](auto& it) { EXPECT_TRUE(it->push(1)); });
}

TYPED_TEST(bounded_queue_destroyed_after_wait, of_one_reply_that_locks) {
  this->template in_a_loop<typename TestFixture::locking_queue_type>(
      1u, [](auto& it) { EXPECT_TRUE(it->pop()); }, [](auto& it) { EXPECT_TRUE(it->emplace(1)); });
}

TYPED_TEST(bounded_queue_destroyed_after_wait, that_was_full) {
  this->template in_a_loop<typename TestFixture::full_queue>(
      1, [](auto& it) { EXPECT_TRUE(it->push(2)); }, [](auto& it) { EXPECT_TRUE(it->pop()); });
}

}  // namespace
