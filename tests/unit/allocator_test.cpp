// park::binary_semaphore as the lock of an allocator. The first contended wait of the process is made inside of operator new, so
// nothing that park does before its first wait may allocate; nor may the portable lot when its table grows.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <new>
#include <thread>

#include "park/config.hpp"
#include "park/contract.hpp"
#include "park/hashed_lot.hpp"
#include "park/semaphore.hpp"
#include "support/crew.hpp"
#include "support/eventually.hpp"

namespace {

constinit park::binary_semaphore lock(1);
constinit park::basic_counting_semaphore<1, park::hashed_lot> portable_lock(1);
constinit std::atomic<int> calls{0};
thread_local bool inside = false;

}  // namespace

// Not inline: gcc 12 takes free() of what came from this for a mismatch.
PARK_NO_INLINE void* operator new(std::size_t size) {
  if (inside) park::contract_violation("operator new: called by park");
  inside = true;
  ++calls;
  lock.acquire();
  lock.release();
  portable_lock.acquire();
  void* const memory = std::malloc(size);
  portable_lock.release();
  inside = false;
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

PARK_NO_INLINE void operator delete(void* memory) noexcept { std::free(memory); }
PARK_NO_INLINE void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace {

TEST(allocator, may_wait_for_a_semaphore) {
  using namespace std::chrono_literals;
  std::atomic<bool> held{false};
  support::crew crew(1, [&](int) {
    support::eventually([&] { return held.load(); });
    ::operator delete(::operator new(1));
  });
  lock.acquire();
  const int before = calls;
  held = true;
  support::eventually([&] { return calls > before; });
  std::this_thread::sleep_for(10ms);  // it has called, and now comes to wait
  lock.release();
}

TEST(allocator, may_wait_in_a_table_that_grows) {
  constexpr int threads = 100;
  std::atomic<int> started{0};
  std::atomic<bool> held{false};
  support::crew crew(threads, [&](int) {
    ++started;
    support::eventually([&] { return held.load(); });
    ::operator delete(::operator new(1));
  });
  support::eventually([&] { return started == threads; });
  portable_lock.acquire();
  held = true;
  support::eventually([] { return park::hashed_lot::buckets() >= 3 * threads; });
  portable_lock.release();
}

}  // namespace
