#include <atomic>
#include <cstdint>
#include <exception>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>

#include "families.hpp"
#include "park/thread.hpp"
#include "park/uncaught_exception.hpp"
#include "round.hpp"
#include "support/eventually.hpp"
#include "waits.hpp"

namespace soak {
namespace {

struct failure {};
std::atomic<long> thrown{0}, reported{0};

void count_failure(std::string_view, const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const failure&) {
    ++reported;
  }
}

// All hands start threads, named or not, daemons or not, some of which throw in the end, and join them, detach them, hand them on or
// leave them to their objects' ends. Each runs once, and a join of any kind shows all that it did.
template <class Types>
class lives {
  using thread = park::basic_thread<typename Types::lot>;

 public:
  explicit lives(round& whole) : round_(whole), repetitions_(whole.repetitions(12)) {
    park::set_uncaught_exception_handler(count_failure);
  }

  void play() {
    round_.run(round_.threads, [this](hand& mine) {
      for (int repetition = 0; repetition < repetitions_; ++repetition) live(mine), mine.pause();
    });
    support::eventually([this] { return ended_ == started_ && reported == thrown; });
  }

 private:
  struct job {
    int runs = 0;  // not atomic: the thread's end orders it
    bool waits_for_stop = false;
  };

  enum class ending : std::uint8_t { join, timed_join, stoppable_join, move, destructor, detach };

  void live(hand& mine) {
    const auto work = std::make_shared<job>();
    const auto how = static_cast<ending>(mine.draw.below(6));
    const bool daemon = mine.draw.one_in(4);
    const bool is_left_alone = how == ending::detach || (how == ending::destructor && daemon);
    work->waits_for_stop = mine.draw.one_in(2) && !is_left_alone;
    ++started_;
    {
      thread one = start(work, {.name = daemon ? "daemon" : "", .daemon = daemon}, mine);
      mine.require(one.is_daemon() == daemon && (daemon ? one.name() == "daemon" : !one.name().empty()),
                   "a thread is called what it was told");
      if (mine.draw.one_in(2)) pause(mine.draw);
      if (work->waits_for_stop && how != ending::destructor) one.request_stop();
      end(one, how, mine);
      mine.require(one.joinable() == (how == ending::destructor), "who was joined or detached is so no more");
    }
    if (!is_left_alone) mine.require(work->runs == 1, "a thread has run once when it is joined");
  }

  void end(thread& one, ending how, hand& mine) {
    thread other;
    switch (how) {
      case ending::join:
        return one.join();
      case ending::timed_join:
        while (!one.join_for(mine.patience())) {
        }
        return;
      case ending::stoppable_join:
        while (!one.join(mine.stop_token())) {
        }
        return;
      case ending::move:
        other = std::move(one);
        one = std::move(other);
        return one.join();
      case ending::detach:
        return one.detach();
      default:
        break;
    }
  }

  thread start(const std::shared_ptr<job>& work, park::thread_options options, hand& mine) {
    return thread(
        std::move(options),
        [this](std::stop_token stop, const std::shared_ptr<job>& its, std::uint64_t seed) { run(*its, seed, stop); },
        work, mine.draw.any());
  }

  void run(job& work, std::uint64_t seed, const std::stop_token& stop) {
    dice draw(seed);
    own_dice = &draw;
    pause(draw);
    if (work.waits_for_stop) support::eventually([&] { return stop.stop_requested(); });
    round_.require(++work.runs == 1, "a thread runs once");
    const bool fails = draw.one_in(8);
    if (fails) ++thrown;
    own_dice = nullptr;
    ++ended_;  // from here on the round may be over
    if (fails) throw failure();
  }

  round& round_;
  const int repetitions_;
  std::atomic<int> started_{0}, ended_{0};
};

const table all([] {
  std::vector<scenario> list;
  for_each_family([&]<class Types>(std::string family) {
    if constexpr (Types::extended)
      list.push_back({"thread.lives", family, [](round& whole) { lives<Types>(whole).play(); }});
  });
  return list;
}());

}  // namespace
}  // namespace soak
