// H2O: atoms come in any order, and bond in threes, two of hydrogen and one of oxygen. Two semaphores admit the atoms of one molecule, a
// cyclic barrier holds them until it is complete.
#include <atomic>
#include <cstdio>
#include <park/cyclic_barrier.hpp>
#include <park/semaphore.hpp>
#include <thread>
#include <vector>

int main() {
  constexpr int wanted = 20;
  park::counting_semaphore<2> hydrogen_places(2);
  park::binary_semaphore oxygen_place(1);
  std::atomic<int> hydrogen{0}, oxygen{0};
  int molecules = 0;
  bool right = true;
  park::cyclic_barrier bond(3, [&] {
    ++molecules;
    right = right && hydrogen == 2 * molecules && oxygen == molecules;
  });

  const auto atom = [&bond](auto& places, std::atomic<int>& count) {
    places.acquire();
    ++count;
    bond.wait();
    places.release();  // for an atom of the next molecule
  };
  {
    std::vector<std::jthread> atoms;
    for (int i = 0; i < wanted; ++i) {
      atoms.emplace_back([&] { atom(hydrogen_places, hydrogen); });
      atoms.emplace_back([&] { atom(hydrogen_places, hydrogen); });
      atoms.emplace_back([&] { atom(oxygen_place, oxygen); });
    }
  }

  std::printf("%d molecules\n", molecules);
  return right && molecules == wanted ? 0 : 1;
}
