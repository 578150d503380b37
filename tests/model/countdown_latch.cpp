#include "park/countdown_latch.hpp"

#include "latches.hpp"
#include "model.hpp"
#include "scenario.hpp"
#include "telltale.hpp"

namespace {

using namespace model;
using countdown_latch = park::basic_countdown_latch<lot>;

constexpr const char* over = "the round is over";

// Two count down at once what one would do: the second does nothing, whichever it is.
class counts_below_zero : public scenario {
  void thread(unsigned) override {
    latch_.count_down();
    check(latch_.count() == 0, "zero is final");
  }

  void after() override { check(latch_.count() == 0 && latch_.try_set_count(1), "a count of zero"); }

  countdown_latch latch_{1};
};

// One ends the round and begins the next, of which nobody sees the end; who waited in the first is let go. Another thread may wait for some
// time, in the one or the other.
class begins_again : public scenario {
  void thread(unsigned index) override {
    if (index == 0) {
      work_.write(1);
      const bool begun = begun_.load(std::memory_order_relaxed) != 0;
      latch_.count_down();
      if (begun) check(latch_.try_set_count(1), "a count of zero");
    } else if (index == 1) {
      check(latch_.wait(telltale(begun_)), over);
      check(work_.read() == 1, visible);
    } else if (latch_.wait_until(some_time())) {
      check(work_.read() == 1, visible);
    }
  }

  atomic<std::uint32_t> begun_{0};
  countdown_latch latch_{1};
  datum work_;
};

// Both try to begin the next round: one does, and it sees the work of the last.
class begin_both : public scenario {
  void thread(unsigned index) override {
    if (index == 2) {
      work_.write(1);
      return latch_.count_down();
    }
    if (!latch_.try_set_count(2)) return;
    check(work_.read() == 1, visible);
    begun_.write(begun_.read() + 1);
  }

  void after() override {
    check(begun_.read() <= 1, "one begins the round");
    check(latch_.count() == 2 * begun_.read(), "a round of two, or none");
  }

  countdown_latch latch_{1};
  datum work_, begun_;
};

// Who waits for the end of a round sees what came before its beginning, though the one who counts down has not seen that.
class prepares : public scenario {
  void thread(unsigned index) override {
    if (index == 0) {
      work_.write(1);
      check(latch_.try_set_count(1), "a count of zero");
    } else if (index == 1) {
      latch_.count_down();
    } else if (latch_.count() > 0 && latch_.wait_until(some_time())) {
      check(work_.read() == 1, visible);
    }
  }

  countdown_latch latch_{0};
  datum work_;
};

const table countdown_latches({
    {"countdown_latch.opens", 2, {random(20000), exhaustive()}, make<opens<countdown_latch>>},
    {"countdown_latch.fans_in", 3, {random(100000), bounded(2)}, make<fans_in<countdown_latch>>},
    {"countdown_latch.fans_out", 3, {random(100000), bounded(2)}, make<fans_out<countdown_latch>>},
    {"countdown_latch.counts_below_zero", 2, {random(20000), exhaustive()}, make<counts_below_zero>},
    {"countdown_latch.begins_again", 2, {random(20000), bounded(4)}, make<begins_again>},
    {"countdown_latch.begins_again_beside_a_waiter", 3, {random(300000), bounded(1)}, make<begins_again>},
    {"countdown_latch.begin_both", 3, {random(100000), bounded(2)}, make<begin_both>},
    {"countdown_latch.prepares", 3, {random(300000), bounded(2)}, make<prepares>},
    {"countdown_latch.timed", 2, {random(20000), exhaustive()}, make<timed<countdown_latch>>},
    {"countdown_latch.timed_beside_a_waiter", 3, {random(300000), bounded(1)}, make<timed<countdown_latch>>},
    {"countdown_latch.stopped", 2, {random(20000), bounded(4)}, make<stopped<countdown_latch, false>>},
    {"countdown_latch.stopped_in_time", 2, {random(20000), bounded(4)}, make<stopped<countdown_latch, true>>},
    {"countdown_latch.stopped_or_open", 2, {random(20000), bounded(4)}, make<stopped_or_open<countdown_latch, false>>},
    {"countdown_latch.stopped_beside_a_waiter",
     3,
     {random(300000), bounded(1)},
     make<stopped_or_open<countdown_latch, false>>},
});

}  // namespace
