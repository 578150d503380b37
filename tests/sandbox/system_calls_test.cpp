// src/lot/system_calls.txt holds: each act makes the system calls that stand there for it and no other, and cannot do without those that
// it must make.
#include "support/system_calls.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <exception>
#include <functional>
#include <mutex>
#include <ostream>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "lot/cpus.hpp"
#include "park/park.hpp"
#include "park/uncaught_exception.hpp"
#include "sandbox/call_table.hpp"
#include "sandbox/sandbox.hpp"
#include "support/asleep.hpp"
#include "support/eventually.hpp"
#include "support/requeuing.hpp"
#include "support/sanitizers.hpp"

namespace {

using namespace std::chrono_literals;
using sandbox::row;

using step = std::function<void()>;

// One way to do what the table calls an act: `prepare` does what comes before, in the child, and returns what is watched.
struct scene {
  std::string act, name;
  std::function<step()> prepare;
  int signal = 0;  // that it ends by

  friend std::ostream& operator<<(std::ostream& out, const scene& one) { return out << one.name; }
};

// Nothing in a child is destroyed: it leaves.
template <class T, class... Arguments>
T& lasting(Arguments&&... arguments) {
  return *new T(std::forward<Arguments>(arguments)...);
}

// Runs `wake` in another thread once this one sleeps.
void once_asleep(step wake) {
  const auto sleeper = support::this_thread();
  lasting<std::thread>([sleeper, wake = std::move(wake)] {
    support::eventually([&] { return support::asleep(sleeper); });
    wake();
  });
}

// Runs `wait` in another thread; returns when that sleeps.
void have_sleep(step wait) {
  auto& sleeper = lasting<std::atomic<int>>(support::no_thread);
  lasting<std::thread>([&sleeper, wait = std::move(wait)] {
    sleeper = support::this_thread();
    wait();
  });
  support::eventually([&] { return sleeper != support::no_thread && support::asleep(sleeper); });
}

// A wait, and what ends it; both ways round.
void add_both(std::vector<scene>& scenes, const std::string& name, const std::function<std::pair<step, step>()>& make) {
  scenes.push_back({"wait", name, [make] {
                      const auto [wait, wake] = make();
                      once_asleep(wake);
                      return wait;
                    }});
  scenes.push_back({"wake", name, [make] {
                      const auto [wait, wake] = make();
                      have_sleep(wait);
                      return wake;
                    }});
}

template <class Semaphore>
std::pair<step, step> take_and_give() {
  auto& one = lasting<Semaphore>(0);
  return {[&] { one.acquire(); }, [&] { one.release(); }};
}

void add_waits_and_wakes(std::vector<scene>& scenes) {
  add_both(scenes, "latch", [] {
    auto& one = lasting<park::latch>(1);
    return std::pair<step, step>{[&] { one.wait(); }, [&] { one.count_down(); }};
  });
  add_both(scenes, "semaphore", take_and_give<park::counting_semaphore<100>>);
  add_both(scenes, "wide_semaphore", take_and_give<park::counting_semaphore<>>);
  add_both(scenes, "bounded_semaphore", [] {
    auto& one = lasting<park::bounded_semaphore>();
    one.acquire();
    return std::pair<step, step>{[&] { one.acquire(); }, [&] { one.release(); }};
  });
  add_both(scenes, "barrier", [] {
    auto& two = lasting<park::barrier<>>(2);
    return std::pair<step, step>{[&] { two.arrive_and_wait(); }, [&] { two.arrive_and_drop(); }};
  });
  add_both(scenes, "countdown_latch", [] {
    auto& one = lasting<park::countdown_latch>();
    return std::pair<step, step>{[&] { one.wait(); }, [&] { one.count_down(); }};
  });
  add_both(scenes, "cyclic_barrier", [] {
    auto& two = lasting<park::cyclic_barrier<>>(2);
    return std::pair<step, step>{[&] { static_cast<void>(two.wait()); }, [&] { static_cast<void>(two.wait()); }};
  });
  add_both(scenes, "event", [] {
    auto& one = lasting<park::event>();
    return std::pair<step, step>{[&] { one.wait(); }, [&] { one.set(); }};
  });
  add_both(scenes, "condition_variable", [] {
    auto& mutex = lasting<park::mutex>();
    auto& changed = lasting<park::condition_variable>();
    return std::pair<step, step>{[&] {
                                   std::unique_lock<park::mutex> hold(mutex);
                                   changed.wait(hold);
                                 },
                                 [&] { changed.notify_one(); }};
  });
  add_both(scenes, "bounded_queue_pop", [] {
    auto& queue = lasting<park::bounded_queue<int>>(1u);
    return std::pair<step, step>{[&] { static_cast<void>(queue.pop()); }, [&] { static_cast<void>(queue.push(1)); }};
  });
  add_both(scenes, "bounded_queue_push", [] {
    auto& queue = lasting<park::bounded_queue<int>>(1u);
    static_cast<void>(queue.push(1));
    return std::pair<step, step>{[&] { static_cast<void>(queue.push(2)); }, [&] { static_cast<void>(queue.pop()); }};
  });
  add_both(scenes, "bounded_queue_close", [] {
    auto& queue = lasting<park::bounded_queue<int>>(1u);
    return std::pair<step, step>{[&] { static_cast<void>(queue.pop()); }, [&] { queue.close(); }};
  });
  add_both(scenes, "mutex", [] {
    auto& one = lasting<park::mutex>();
    one.lock();
    return std::pair<step, step>{[&] { one.lock(); }, [&] { one.unlock(); }};
  });
}

// Of waits that end before their time. One object for all children, each of which has its own copy.
template <class Now>
void add_timed(std::vector<scene>& scenes, const char* act, Now now) {
  const auto add = [&](const char* name, auto wait, void (*wake)()) {
    scenes.push_back({act, name, [wait, wake, now] {
                        once_asleep(wake);
                        return step([wait, now] { wait(now() + 1h); });
                      }});
  };
  static park::latch latch(1);
  add("latch", [](auto time) { static_cast<void>(latch.wait_until(time)); }, [] { latch.count_down(); });
  static park::counting_semaphore<100> semaphore(0);
  add(
      "semaphore", [](auto time) { static_cast<void>(semaphore.try_acquire_until(time)); },
      [] { semaphore.release(); });
  static park::counting_semaphore<> wide(0);
  add("wide_semaphore", [](auto time) { static_cast<void>(wide.try_acquire_until(time)); }, [] { wide.release(); });
  static park::barrier<> two(2);
  add(
      "barrier", [](auto time) { static_cast<void>(two.wait_until(two.arrive(), time)); },
      [] { two.arrive_and_drop(); });
  static park::cyclic_barrier<> cyclic(2);
  add(
      "cyclic_barrier", [](auto time) { static_cast<void>(cyclic.wait_until(time)); },
      [] { static_cast<void>(cyclic.wait()); });
  static park::countdown_latch countdown;
  add(
      "countdown_latch", [](auto time) { static_cast<void>(countdown.wait_until(time)); },
      [] { countdown.count_down(); });
  static park::event event;
  add("event", [](auto time) { static_cast<void>(event.wait_until(time)); }, [] { event.set(); });
  static park::mutex mutex;
  add(
      "mutex",
      [](auto time) {
        mutex.lock();
        static_cast<void>(mutex.try_lock_until(time));
      },
      [] { mutex.unlock(); });
  static park::condition_variable changed;
  add(
      "condition_variable",
      [](auto time) {
        std::unique_lock<park::mutex> hold(mutex);
        static_cast<void>(changed.wait_until(hold, time));
      },
      [] { changed.notify_one(); });
  static park::bounded_queue<int> queue(1);
  add(
      "bounded_queue", [](auto time) { static_cast<void>(queue.pop_until(time)); },
      [] { static_cast<void>(queue.push(1)); });
}

void add_notifications_and_stops(std::vector<scene>& scenes) {
  scenes.push_back({"notify_all", "condition_variable", [] {
                      auto& mutex = lasting<park::mutex>();
                      auto& changed = lasting<park::condition_variable>();
                      for (int each = 0; each < 3; ++each) {
                        have_sleep([&] {
                          std::unique_lock<park::mutex> hold(mutex);
                          changed.wait(hold);
                        });
                      }
                      return step([&] { changed.notify_all(); });
                    }});
  scenes.push_back({"request_stop", "latch", [] {
                      auto& one = lasting<park::latch>(1);
                      auto& source = lasting<std::stop_source>();
                      have_sleep([&] { static_cast<void>(one.wait(source.get_token())); });
                      return step([&] { source.request_stop(); });
                    }});
  scenes.push_back({"wait", "latch_with_a_stop_token", [] {
                      auto& one = lasting<park::latch>(1);
                      auto& source = lasting<std::stop_source>();
                      once_asleep([&] { one.count_down(); });
                      return step([&] { static_cast<void>(one.wait(source.get_token())); });
                    }});
}

void add_others(std::vector<scene>& scenes) {
  scenes.push_back(
      {"start", "affinity", [] { return step([] { static_cast<void>(park::detail::affinity_cpus()); }); }});
  scenes.push_back(
      {"quota", "cgroup", [] { return step([] { static_cast<void>(park::detail::cgroup_quota_cpus()); }); }});
  scenes.push_back({"thread", "join", [] {
                      return step([] {
                        park::thread one([] {});
                        one.join();
                      });
                    }});
  scenes.push_back({"thread", "detach", [] {
                      return step([] {
                        static park::latch begun(1);
                        park::thread one([] { begun.count_down(); });
                        one.detach();
                        begun.wait();
                      });
                    }});
  scenes.push_back({"timer", "wait", [] { return step([] { park::timer(1ms, [] {}).wait(); }); }});
  scenes.push_back(
      {"name", "of_the_main_thread", [] { return step([] { static_cast<void>(park::this_thread::name()); }); }});
  scenes.push_back({"uncaught", "exception", [] {
                      auto& error = lasting<std::exception_ptr>(std::make_exception_ptr(std::runtime_error("thrown")));
                      return step([&] { park::get_uncaught_exception_handler()("thread", error); });
                    }});
  scenes.push_back({"violation", "of_a_latch", [] { return step([] { park::contract_violation("said"); }); }, SIGABRT});
  const auto until_woken = [] {
    auto& one = lasting<park::basic_latch<park::hashed_lot>>(1);
    return std::pair<step, step>{[&] { one.wait(); }, [&] { one.count_down(); }};
  };
  scenes.push_back({"hashed", "wait", [until_woken] {
                      const auto [wait, wake] = until_woken();
                      once_asleep(wake);
                      return wait;
                    }});
  scenes.push_back({"hashed", "wake", [until_woken] {
                      const auto [wait, wake] = until_woken();
                      have_sleep(wait);
                      return wake;
                    }});
}

std::vector<scene> all_scenes() {
  std::vector<scene> scenes;
  add_waits_and_wakes(scenes);
  add_timed(scenes, "wait_for", [] { return std::chrono::steady_clock::now(); });
  add_timed(scenes, "wait_until", [] { return std::chrono::system_clock::now(); });
  add_notifications_and_stops(scenes);
  add_others(scenes);
  return scenes;
}

// The rows of this build.
std::vector<row> table() {
  std::vector<row> rows = sandbox::read_table(PARK_TEST_SYSTEM_CALLS);
  std::erase_if(rows, [](const row& one) { return support::library_requeues() ? !one.requeuing : !one.plain; });
  return rows;
}

class system_calls : public testing::TestWithParam<scene> {
 protected:
  void SetUp() override {
    if (!support::filters_system_calls()) GTEST_SKIP() << "this system has no filter of system calls";
    if (support::thread_sanitizer || support::address_sanitizer)
      GTEST_SKIP() << "this sanitizer makes system calls of its own";
    for (const row& each : table())
      if (each.act == GetParam().act) rows.push_back(each);
  }

  // Under a filter that allows what stands in the table, but for one row.
  sandbox::outcome run_without(const row* left_out) const {
    std::vector<sandbox::permitted> calls;
    for (const row& each : rows)
      if (&each != left_out) calls.push_back(each.call);
    return sandbox::run(GetParam().prepare, calls);
  }

  std::vector<row> rows;
};

TEST_P(system_calls, are_those_of_the_table_and_no_other) {
  const sandbox::outcome all = run_without(nullptr);
  EXPECT_EQ("", all.refused) << "stands not in the table";
  EXPECT_EQ(GetParam().signal, all.child.signal) << all.child.output;
  EXPECT_EQ(GetParam().signal == 0 ? 0 : -1, all.child.exit_code) << all.child.output;
}

TEST_P(system_calls, that_the_table_says_must_be_made_are_made) {
  for (const row& each : rows) {
    if (!each.must) continue;
    const std::string refused = run_without(&each).refused;
    EXPECT_TRUE(refused.starts_with(each.call.text) || refused.find("signals blocked") != std::string::npos)
        << each.call.text << " must be made, says the table; refused was: " << refused;
  }
}

INSTANTIATE_TEST_SUITE_P(of, system_calls, testing::ValuesIn(all_scenes()),
                         [](const auto& one) { return one.param.act + "_" + one.param.name; });

TEST(system_call_table, has_a_scene_for_each_act_and_a_row_for_each_scene) {
  std::vector<std::string> acts, played;
  for (const row& each : table()) acts.push_back(each.act);
  for (const scene& each : all_scenes()) played.push_back(each.act);
  for (std::vector<std::string>* list : {&acts, &played}) {
    std::sort(list->begin(), list->end());
    list->erase(std::unique(list->begin(), list->end()), list->end());
  }
  EXPECT_EQ(acts, played);
}

}  // namespace
