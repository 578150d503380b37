#include "round.hpp"

#include <cinttypes>
#include <cstdio>
#include <thread>

#include "support/eventually.hpp"
#include "support/signals.hpp"

namespace soak {

std::stop_token stoppable::renew() {
  const std::lock_guard lock(mutex_);
  source_ = std::stop_source();
  return source_.get_token();
}

void stoppable::stop() {
  std::unique_lock lock(mutex_);
  std::stop_source source = source_;
  lock.unlock();  // a stop request returns when the stopped wait has looked
  source.request_stop();
}

hand::hand(round& whole, int place)
    : index(place), draw(part_of(whole.seed_, static_cast<std::uint64_t>(place))), round_(whole) {
  own_dice = &draw;
}

hand::~hand() {
  own_dice = nullptr;
  round_.operations_ += operations_;
  ++round_.ended_;
}

std::stop_token hand::stop_token() { return round_.stoppables_[static_cast<std::size_t>(index)]->renew(); }

std::chrono::microseconds hand::patience() {
  const int most[] = {0, 20, 100, 500};
  return std::chrono::microseconds(draw.between(-1, most[draw.below(4)]));
}

void hand::pause() {
  ++operations_;
  if (draw.one_in(32)) round_.stoppables_[draw.below(static_cast<unsigned>(round_.stoppables_.size()))]->stop();
  soak::pause(draw);
}

void hand::require(bool holds, const char* what) { round_.require(holds, what); }

round::round(std::uint64_t seed, unsigned cpus)
    : draw(seed),
      threads(draw.between(1, static_cast<int>(4 * cpus))),
      seed_(seed),
      in_a_storm_(draw.one_in(2)),
      all_at_once_(draw.one_in(2)) {}

void round::require(bool holds, const char* what) {
  if (holds || failed_.exchange(true)) return;
  std::fprintf(stderr, "soak: round %#" PRIx64 " FAILED: %s\n", seed_, what);
}

void round::prepare(int count) {
  support::handle_interruptions([](int) {});
  started_ = ended_ = 0;
  stoppables_.clear();
  for (int index = 0; index < count; ++index) stoppables_.push_back(std::make_unique<stoppable>());
}

void round::start(int count) {
  ++started_;
  if (all_at_once_) support::eventually([&] { return started_ == count; });
}

void round::conduct(int count, const std::vector<std::thread::native_handle_type>& handles) {
  const auto any = [&](const auto& list) -> const auto& { return list[draw.below(static_cast<unsigned>(count))]; };
  while (ended_ < count) {
    if (in_a_storm_) {
      for (int signals = draw.between(0, count); signals > 0; --signals) support::interrupt(any(handles));
    }
    if (draw.one_in(2)) any(stoppables_)->stop();
    sleep_below(draw, 300);
  }
}

}  // namespace soak
