// A lock that its holder enters again: others come in when it has left as often, and nobody else can let go of it.
#include <cstdio>
#include <mutex>
#include <park/recursive_mutex.hpp>
#include <park/thread.hpp>

namespace {

park::recursive_mutex access;
int balance = 0;  // guarded by access

void add(int amount) {
  const std::lock_guard hold(access);
  balance += amount;
}

// Calls add() with the lock held already.
void add_twice(int amount) {
  const std::lock_guard hold(access);
  add(amount);
  add(amount);
}

}  // namespace

int main() {
  access.lock();
  add_twice(21);
  bool refused = false;
  park::thread([&] {
    if (access.try_lock()) return;
    try {
      access.unlock();
    } catch (const park::not_owner_error&) {
      refused = true;
    }
  }).join();
  access.unlock();
  bool free_again = false;
  park::thread([&] {
    free_again = access.try_lock();
    if (free_again) access.unlock();
  }).join();
  std::printf("%d; kept from others, %s; then %s\n", balance, refused ? "who could not unlock it" : "but unlocked by one",
              free_again ? "free" : "not free");
  return balance == 42 && refused && free_again ? 0 : 1;
}
