// A program that uses static objects of another file before main() and after it. It prints when it has done so, and hangs or aborts where
// it may not.
#include <cstdlib>

#include "objects.hpp"

namespace {

struct user {
  user(static_life::when first, static_life::when last) noexcept : last_(last) {
    if (first != static_life::phases) static_life::use(first);
  }
  user(const user&) = delete;
  user& operator=(const user&) = delete;
  ~user() { static_life::use(last_); }

 private:
  const static_life::when last_;
};

const user of_static_life(static_life::before_main, static_life::in_a_static_destructor);

}  // namespace

// An argument leaves the thread_local object out.
int main(int count, char**) {
  std::atexit([] { static_life::use(static_life::at_exit); });  // before the destructors of what was made before it
  static_life::use(static_life::in_main);
  if (count > 1) return 0;
  thread_local const user of_thread_life(static_life::phases, static_life::in_a_thread_local_destructor);
  static_cast<void>(of_thread_life);
}
