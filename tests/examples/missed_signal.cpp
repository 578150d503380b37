// The missed signal: who is notified before it waits is not notified. A semaphore cures it, since it remembers.
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <park/condition_variable.hpp>
#include <park/mutex.hpp>
#include <park/semaphore.hpp>
#include <park/thread.hpp>

int main() {
  using namespace std::chrono_literals;
  park::mutex access;
  park::condition_variable signal;
  park::thread([&] { signal.notify_one(); }).join();  // nobody waits yet
  std::unique_lock hold(access);
  const bool missed = signal.wait_for(hold, 10ms) == std::cv_status::timeout;
  std::puts(missed ? "the condition variable's signal was missed" : "heard a signal that came before");

  park::binary_semaphore remembered(0);
  park::thread([&] { remembered.release(); }).join();
  const bool heard = remembered.try_acquire_for(10s);
  std::puts(heard ? "the semaphore's was not" : "the semaphore forgot");
  return missed && heard ? 0 : 1;
}
