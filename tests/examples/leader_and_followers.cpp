// Followers wait until their leader has prepared the way, for ten seconds at most; it takes far less, so they wait far less.
#include <chrono>
#include <cstdio>
#include <park/countdown_latch.hpp>
#include <park/thread.hpp>
#include <vector>

int main() {
  using namespace std::chrono_literals;
  constexpr int followers = 5;
  const auto begin = std::chrono::steady_clock::now();
  park::countdown_latch prepared;
  park::countdown_latch arrived(followers);
  int steps = 0;

  std::vector<park::thread> team;
  for (int i = 0; i < followers; ++i) {
    team.emplace_back([&] {
      if (!prepared.wait_for(10s)) return std::printf("%s gave up\n", park::this_thread::name().c_str()), void();
      if (steps == 3) arrived.count_down();  // what the leader did is visible
    });
  }
  park::thread leader({.name = "leader"}, [&] {
    steps = 3;
    prepared.count_down();
  });

  const bool all = arrived.wait_for(10s);
  const bool at_once = std::chrono::steady_clock::now() - begin < 10s;
  std::printf("%s followed their %s\n", all ? "all" : "not all", leader.name().c_str());
  return all && at_once && arrived.count() == 0 ? 0 : 1;
}
