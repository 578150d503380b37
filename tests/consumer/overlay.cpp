// A program that knows the standard library alone, and one line of its build that makes it run on park. Its argument names the lot.
#include <barrier>
#include <iostream>
#include <latch>
#include <park/native_lot.hpp>
#include <park/overlay.hpp>  // does not compile unless std::latch is park's
#include <semaphore>
#include <string_view>
#include <thread>

int main(int argc, char** argv) {
  std::latch done(2);
  std::counting_semaphore<2> permits(0);
  std::barrier phase(2, []() noexcept {});
  std::thread other([&] {
    permits.acquire();
    phase.arrive_and_wait();
    done.count_down();
  });
  permits.release();
  phase.arrive_and_wait();
  done.arrive_and_wait();
  other.join();
  std::cout << "std parked in the " << park::native_lot::name << " lot\n";
  return argc == 2 && std::string_view(argv[1]) == park::native_lot::name ? 0 : 1;
}
