// Two messages are published at once, each by a thread that reports success or failure to a callback. The publisher waits for both, and
// then does one thing if all succeeded and another if one failed.
#include <cstdio>
#include <functional>
#include <park/countdown_latch.hpp>
#include <park/thread.hpp>
#include <string>

namespace {

// Sends in the background, and calls one of the two in its own thread. An empty message cannot be sent.
park::thread publish(std::string message, std::function<void()> succeeded, std::function<void(std::string)> failed) {
  return park::thread([message = std::move(message), succeeded = std::move(succeeded), failed = std::move(failed)] {
    message.empty() ? failed("nothing to send") : succeeded();
  });
}

// True when both have been published.
bool publish_both(const std::string& first, const std::string& second) {
  park::countdown_latch answers(2);
  std::string errors[2];  // each written by its own callback, before the latch is counted down
  park::thread sending[2];
  for (int i = 0; i < 2; ++i) {
    sending[i] = publish(
        i == 0 ? first : second, [&] { answers.count_down(); },
        [&, i](std::string error) {
          errors[i] = std::move(error);
          answers.count_down();
        });
  }
  answers.wait();
  for (const std::string& error : errors) {
    if (error.empty()) continue;
    std::printf("not published: %s\n", error.c_str());
    return false;
  }
  std::puts("both published");
  return true;
}

}  // namespace

int main() {
  const bool fine = publish_both("hello", "world");
  const bool broken = publish_both("hello", "");
  return fine && !broken ? 0 : 1;
}
