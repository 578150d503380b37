// A lock that its holder enters again: others come in when it has left as often, and nobody else can let go of it.
#include <cstdio>
#include <mutex>
#include <park/recursive_mutex.hpp>
#include <park/thread.hpp>

namespace {

park::recursive_mutex account;
int balance = 0;  // guarded by account

void add(int amount) {
  const std::lock_guard hold(account);
  balance += amount;
}

// Calls add() with the lock held already.
void add_twice(int amount) {
  const std::lock_guard hold(account);
  add(amount);
  add(amount);
}

}  // namespace

int main() {
  account.lock();
  add_twice(21);
  bool refused = false;
  park::thread([&] {
    if (account.try_lock()) return;
    try {
      account.unlock();
    } catch (const park::not_owner_error&) {
      refused = true;
    }
  }).join();
  account.unlock();
  bool free_again = false;
  park::thread([&] {
    free_again = account.try_lock();
    if (free_again) account.unlock();
  }).join();
  std::printf("%d; kept from others, %s; then %s\n", balance,
              refused ? "who could not unlock it" : "but unlocked by one", free_again ? "free" : "not free");
  return balance == 42 && refused && free_again ? 0 : 1;
}
