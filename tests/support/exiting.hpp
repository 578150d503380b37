// For programs that test what the end of a process waits for.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <stop_token>
#include <string_view>
#include <thread>
#include <utility>

#include "park/event.hpp"
#include "park/latch.hpp"
#include "park/thread.hpp"
#include "support/child.hpp"

namespace support {

inline constinit park::latch never(1);
inline constinit park::event began;

// To standard output at once, whatever the process has come to.
inline void say(std::string_view what) {
  std::fwrite(what.data(), 1, what.size(), stdout);
  std::fflush(stdout);
}

inline void sleep_for_ever(const std::stop_token& stop) { static_cast<void>(never.wait(stop)); }

// Takes some time over it, so that who does not wait is gone before.
inline void say_late(std::string_view what) {
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  say(what);
}

// Returns once the thread runs; it calls the function when it is asked to stop.
template <class Function>
void while_it_runs(park::thread_options options, Function function) {
  park::thread(std::move(options), [function](std::stop_token stop) {
    began.set();
    sleep_for_ever(stop);
    function();
  }).detach();
  began.wait();
}

inline void expect_output(const char* program, const char* output, int exit_code = 0) {
  const ended ended = run_program(program, [] {});
  EXPECT_EQ(exit_code, ended.exit_code);
  EXPECT_EQ(output, ended.output);
}

}  // namespace support
