// soak::dice: what a round draws from its seed.
#pragma once

#include <cstdint>
#include <random>

namespace soak {

class dice {
 public:
  explicit dice(std::uint64_t seed) : engine_(seed) {}

  std::uint64_t any() { return engine_(); }
  unsigned below(unsigned ways) { return static_cast<unsigned>(engine_() % ways); }
  int between(int least, int most) { return least + static_cast<int>(below(static_cast<unsigned>(most - least + 1))); }
  bool one_in(unsigned ways) { return below(ways) == 0; }

 private:
  std::mt19937_64 engine_;
};

// The seed of the part `index` of what has the seed `whole`.
constexpr std::uint64_t part_of(std::uint64_t whole, std::uint64_t index) {
  std::uint64_t mixed = whole + (index + 1) * 0x9e3779b97f4a7c15;  // SplitMix64, by Sebastiano Vigna
  mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
  mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
  return mixed ^ (mixed >> 31);
}

}  // namespace soak
