// Written against the standard library alone. PARK_TEST_SIDE is what this side is called: see sides.hpp.
#include <barrier>
#include <cstddef>
#include <functional>
#include <latch>
#include <memory>
#include <semaphore>
#include <stop_token>
#include <typeinfo>
#include <utility>

#include "overlay/sides.hpp"

namespace {

void semaphore(int rounds) {
  std::counting_semaphore<5> permits(0);
  for (int round = 0; round < rounds; ++round) {
    permits.release();
    permits.acquire();
  }
}

void latch(int rounds) {
  for (int round = 0; round < rounds; ++round) {
    std::latch done(1);
    done.count_down();
    done.wait();
  }
}

void barrier(int rounds) {
  std::barrier<> alone(1);
  for (int round = 0; round < rounds; ++round) alone.arrive_and_wait();
}

std::unique_ptr<sides::callback> watch(const std::stop_token& token, std::function<void()> action) {
  return std::make_unique<sides::callback>(token, std::move(action));
}

bool request_stop(std::stop_source& source) { return source.request_stop(); }
void forget(std::unique_ptr<sides::callback> watched) { watched.reset(); }
std::size_t size_of_callback() { return sizeof(sides::callback); }
const char* name_of_callback() { return typeid(sides::callback).name(); }

}  // namespace

const sides::side sides::PARK_TEST_SIDE{
    semaphore, latch, barrier, watch, request_stop, forget, size_of_callback, name_of_callback,
};
