// Two threads of different speed meet at a barrier twice: the quick one waits for the slow one each time.
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <park/cyclic_barrier.hpp>
#include <thread>

int main() {
  using namespace std::chrono_literals;
  std::array<int, 2> done{};
  int met = 0;
  bool alike = true;
  park::cyclic_barrier both(2, [&] {
    ++met;
    alike = alike && done[0] == met && done[1] == met;
    std::printf("both have done part %d\n", met);
  });

  const auto work = [&](std::size_t who, std::chrono::milliseconds pace) {
    for (int part = 0; part < 2; ++part) {
      std::this_thread::sleep_for(pace);
      ++done[who];
      both.wait();
    }
  };
  {
    const std::jthread quick(work, 0, 5ms), slow(work, 1, 20ms);
  }
  return alike && met == 2 ? 0 : 1;
}
