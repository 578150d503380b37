// The watchdog: ends a test that hangs. It prints the stacks of all threads and aborts the process.
//
// A test may take 60 seconds (240 under a sanitizer or an emulator), or what the environment variable PARK_TEST_SECONDS says.
#pragma once

#include <gtest/gtest.h>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

namespace support {

// Watches what the calling thread does in its scope, from a thread of its own.
class watch {
 public:
  explicit watch(std::string what);
  watch(const watch&) = delete;
  watch& operator=(const watch&) = delete;
  ~watch();

 private:
  void run();

  const std::string what_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool over_ = false;  // guarded by mutex_
  std::thread thread_;
};

// Has every test watched.
class watchdog : public testing::EmptyTestEventListener {
 public:
  void OnTestStart(const testing::TestInfo& test) override {
    watch_ = std::make_unique<watch>(std::string(test.test_suite_name()) + "." + test.name());
  }
  void OnTestEnd(const testing::TestInfo&) override { watch_.reset(); }

 private:
  std::unique_ptr<watch> watch_;
};

}  // namespace support
