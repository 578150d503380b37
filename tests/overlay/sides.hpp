// The two sides of the tests: side.cpp compiled with the overlay and without, in one program.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <stop_token>

namespace sides {

using callback = std::stop_callback<std::function<void()>>;

struct side {
  // So many uses that meet nobody, each of which makes the object's count zero and no longer zero.
  void (*semaphore)(int rounds);
  void (*latch)(int rounds);
  void (*barrier)(int rounds);

  // Each ends in the standard library's stop state.
  std::unique_ptr<callback> (*watch)(const std::stop_token& token, std::function<void()> action);
  bool (*request_stop)(std::stop_source& source);
  void (*forget)(std::unique_ptr<callback> watched);
  std::size_t (*size_of_callback)();
  const char* (*name_of_callback)();
};

extern const side with_overlay, without_overlay;

}  // namespace sides
