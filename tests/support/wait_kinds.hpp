// What the kinds of wait in support/waits.hpp are made of.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "park/native_lot.hpp"
#include "support/observed_lot.hpp"
#include "support/waits.hpp"

namespace support {

// Each of these has a file of kinds, over all lots.
void add_waits_for_what_comes_true(std::vector<kind_of_wait>& all);
void add_waits_for_locks(std::vector<kind_of_wait>& all);
void add_waits_for_items_and_slots(std::vector<kind_of_wait>& all);
void add_waits_for_permits(std::vector<kind_of_wait>& all);

// A kind behind the interface.
template <class Kind>
class wait_of final : public any_wait {
 public:
  void satisfy() override { kind_.satisfy(); }
  bool untouched() const override { return kind_.untouched(); }

  void wait() override { kind_.wait(); }
  bool wait(stop_token stop) override {
    return std::visit([this](auto token) { return kind_.wait(std::move(token)); }, std::move(stop));
  }
  bool wait_for_any(timeout time) override {
    return std::visit([this](auto each) { return kind_.wait_for(each); }, time);
  }
  bool wait_for(stop_token stop, std::chrono::nanoseconds time) override {
    return std::visit([&](auto token) { return kind_.wait_for(std::move(token), time); }, std::move(stop));
  }
  bool wait_until(time_point time) override {
    return std::visit([this](auto each) { return kind_.wait_until(each); }, time);
  }
  bool wait_until(stop_token stop, time_point time) override {
    return std::visit([this](auto token, auto each) { return kind_.wait_until(std::move(token), each); },
                      std::move(stop), time);
  }

 private:
  Kind kind_;
};

template <class Lot>
class observing_until_the_end final : public observations<Lot> {
 public:
  observing_until_the_end() { observed_lot<Lot>::current = this; }
  ~observing_until_the_end() override { observed_lot<Lot>::current = nullptr; }
};

// Adds kinds over a lot. Each has a name, says by `parked` how many threads of its own are parked all the while, and has the members of
// any_wait, which take any type of token, timeout and time.
template <class Lot, template <class> class... Kinds>
void add_kinds(std::vector<kind_of_wait>& all) {
  (all.push_back(
       {std::string(Kinds<observed_lot<Lot>>::name) + "_" + Lot::name, Kinds<observed_lot<Lot>>::parked,
        !std::is_same_v<Lot, park::hashed_lot>,
        []() -> std::unique_ptr<any_wait> { return std::make_unique<wait_of<Kinds<observed_lot<Lot>>>>(); },
        []() -> std::unique_ptr<common_observations> { return std::make_unique<observing_until_the_end<Lot>>(); }}),
   ...);
}

}  // namespace support
