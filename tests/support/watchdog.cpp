#include "support/watchdog.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "support/sanitizers.hpp"
#include "support/stacks.hpp"

namespace support {
namespace {

std::chrono::seconds patience() {
  const char* const text = std::getenv("PARK_TEST_SECONDS");
  const int seconds = text != nullptr ? std::atoi(text) : 0;
  return std::chrono::seconds(seconds > 0 ? seconds : slowdown > 1 ? 240 : 60);
}

}  // namespace

watch::watch(std::string what) : what_(std::move(what)), thread_([this] { run(); }) {}

watch::~watch() {
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void watch::run() {
  prepare_to_print_stacks();
  std::unique_lock lock(mutex_);
  if (changed_.wait_for(lock, patience(), [this] { return over_; })) return;
  std::fprintf(stderr, "watchdog: %s has run for %lld s and is taken to hang; the stacks of all threads:\n",
               what_.c_str(), static_cast<long long>(patience().count()));
  print_all_stacks();
  std::fprintf(stderr, "watchdog: %s failed\n", what_.c_str());
  std::abort();
}

}  // namespace support
