// park::binary_semaphore as the lock of an allocator. The first contended wait of the process is made inside of operator new, so
// nothing that park does before its first wait may allocate.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <new>
#include <thread>

#include "park/config.hpp"
#include "park/contract.hpp"
#include "park/semaphore.hpp"
#include "support/crew.hpp"
#include "support/eventually.hpp"

namespace {

constinit park::binary_semaphore lock(1);
constinit std::atomic<int> calls{0};
thread_local bool inside = false;

}  // namespace

// Not inline: gcc 12 takes free() of what came from this for a mismatch.
PARK_NO_INLINE void* operator new(std::size_t size) {
  if (inside) park::contract_violation("operator new: called by park");
  inside = true;
  ++calls;
  lock.acquire();
  void* const memory = std::malloc(size);
  lock.release();
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

}  // namespace
