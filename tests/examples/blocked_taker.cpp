// A bounded queue of 2: who takes from it while it is empty is blocked, and so is who puts in a third; closing it ends both.
#include <cstdio>
#include <park/bounded_queue.hpp>
#include <string>
#include <thread>
#include <vector>

int main() {
  park::bounded_queue<std::string> queue(2);

  std::vector<std::string> taken;
  std::jthread taker([&] {
    while (auto word = queue.pop()) taken.push_back(*std::move(word));  // blocked until there is one, or the end
  });

  for (const char* word : {"one", "two", "three", "four"}) queue.push(word);  // blocked while two are in it
  queue.close();
  taker.join();

  for (const std::string& word : taken) std::printf("%s\n", word.c_str());
  const bool refused = !queue.try_push("five");
  return taken == std::vector<std::string>{"one", "two", "three", "four"} && refused ? 0 : 1;
}
