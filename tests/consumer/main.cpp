// A program that uses park as any other project would. Its one argument names the lot that it expects to park in.
#include <iostream>
#include <park/barrier.hpp>
#include <park/latch.hpp>
#include <park/native_lot.hpp>
#include <park/semaphore.hpp>
#include <string_view>
#include <thread>

int main(int argc, char** argv) {
  park::latch done(2);
  park::counting_semaphore<2> permits(0);
  park::barrier<> phase(2);
  std::thread other([&] {
    permits.acquire();
    phase.arrive_and_wait();
    done.count_down();
  });
  permits.release();
  phase.arrive_and_wait();
  done.arrive_and_wait();
  other.join();
  std::cout << "parked in the " << park::native_lot::name << " lot\n";
  return argc == 2 && std::string_view(argv[1]) == park::native_lot::name ? 0 : 1;
}
