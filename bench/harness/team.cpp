#include "harness/team.hpp"

#include <algorithm>
#include <numeric>
#include <stdexcept>
#include <string>
#include <system_error>

#include "harness/neutral_wait.hpp"
#include "harness/pin_policy.hpp"
#include "harness/tick_clock.hpp"
#include "park/backoff.hpp"
#include "platform/pinning.hpp"
#include "platform/system_call_counter.hpp"
#include "platform/usage.hpp"

namespace bench {
namespace {

using namespace std::chrono_literals;

constexpr double share_of_time_for_sampling = 0.02;
constexpr double longest_sampling_interval = 64;

}  // namespace

team::team(unsigned threads) {
  for (unsigned index = 0; index < threads; ++index) workers_.push_back(std::make_unique<worker>(index, *signals_));
}

void team::run(seconds window, const body& work) {
  const tick_clock::calibration calibration;
  start(work);
  direct(window);
  dismiss(stage::over);
  if (failure_) std::rethrow_exception(failure_);
  found_.nanoseconds_per_tick = calibration.nanoseconds_per_tick();
  for (const auto& one : workers_) found_.latency.merge(one->latency());
}

void team::start(const body& work) {
  threads_.reserve(size());
  try {
    for (const auto& one : workers_) threads_.emplace_back([this, &work, &self = *one] { live(self, work); });
  } catch (const std::system_error& error) {
    const std::string started = std::to_string(threads_.size());
    dismiss(stage::cancelled);
    throw std::runtime_error("the system started only " + started + " of " + std::to_string(size()) +
                             " threads: " + error.what());
  }
}

void team::live(worker& self, const body& work) {
  const std::vector<unsigned> cpus = platform::allowed_cpus();
  const bool placed = !cpus.empty() && platform::pin_to({cpus[self.index() % cpus.size()]});
  while (start_->load(std::memory_order_acquire) == 0) nap(1ms);
  if (signals_->now.load(std::memory_order_relaxed) == stage::cancelled) return;
  if (placed) platform::pin_to(cpus);
  entered_->fetch_add(1, std::memory_order_relaxed);
  const platform::counted_section counted;
  try {
    scoped_pins::bind(self.index());
    work(self);
  } catch (...) {
    if (!failed_.exchange(true, std::memory_order_relaxed)) failure_ = std::current_exception();
  }
}

bool team::has_cpu_for_each() const noexcept {
  const std::size_t bound_to = scoped_pins::cpus().size();
  return size() <= park::usable_cpus() && (bound_to == 0 || size() <= bound_to);
}

void team::proceed_to(stage next) {
  signals_->now.store(next, std::memory_order_relaxed);  // published by start_
  start_->store(1, std::memory_order_release);
}

void team::direct(seconds window) {
  proceed_to(stage::warming_up);
  while (entered_->load(std::memory_order_relaxed) < size()) std::this_thread::sleep_for(100us);
  const reading warm_up = read();
  std::this_thread::sleep_for(std::clamp(window / 5, seconds(0.002), seconds(0.1)));
  choose_sampling_interval(warm_up, read());

  const cost spent = read_cost();
  const reading begin = read();
  signals_->now.store(stage::measuring, std::memory_order_relaxed);
  const auto over = begin.time + std::chrono::duration_cast<clock::duration>(window);
  while (clock::now() < over)
    std::this_thread::sleep_until(over);  // winpthreads' sleep may end some tenths of a millisecond early
  reading end = read();
  while (end.sum - begin.sum < size() && !failed()) {
    std::this_thread::sleep_for(1ms);
    end = read();
  }
  found_.spent = read_cost() - spent;
  found_.wall = end.time - begin.time;
  found_.operations = end.sum - begin.sum;
  in_window_.resize(size());
  std::transform(end.operations.begin(), end.operations.end(), begin.operations.begin(), in_window_.begin(),
                 std::minus<>());
}

void team::choose_sampling_interval(const reading& begin, const reading& end) {
  const auto operations = static_cast<double>(end.sum - begin.sum);
  if (operations == 0) return;
  const double nanoseconds = seconds(end.time - begin.time).count() * 1e9 * size() / operations;
  const double interval = 2 * tick_clock::cost_of_reading() / (share_of_time_for_sampling * nanoseconds);
  signals_->sampling_interval.store(
      static_cast<std::uint32_t>(std::clamp(interval + 1, 1.0, longest_sampling_interval)), std::memory_order_relaxed);
}

// Where this thread was stopped while it read, the counts are of no one moment: it reads again.
team::reading team::read() const {
  const auto allowed = 20us + 1us * size() / 4;
  for (int tries = 1;; ++tries) {
    reading now;
    now.operations.reserve(size());
    const auto begin = clock::now();
    for (const auto& one : workers_) now.operations.push_back(one->operations());
    const auto width = clock::now() - begin;
    now.time = begin + width / 2;
    now.sum = std::accumulate(now.operations.begin(), now.operations.end(), std::uint64_t{0});
    if (width <= allowed || tries == 5) return now;
  }
}

cost team::read_cost() { return {cpu_time(), platform::context_switches(), platform::counted_system_calls()}; }

std::optional<std::chrono::nanoseconds> team::cpu_time(unsigned except) {
  std::chrono::nanoseconds sum{0};
  for (unsigned index = 0; index < size(); ++index) {
    if (index == except) continue;
    const auto one = platform::cpu_time(threads_[index].native_handle());
    if (!one) return std::nullopt;
    sum += *one;
  }
  return sum;
}

std::uint64_t team::operations_in_all() const noexcept {
  std::uint64_t sum = 0;
  for (const auto& one : workers_) sum += one->operations();
  return sum;
}

void team::dismiss(stage last) {
  proceed_to(last);
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

}  // namespace bench
