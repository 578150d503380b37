#include "checker.hpp"

#include <cctype>
#include <chrono>
#include <cstddef>

#include "relacy.hpp"

namespace model {
namespace {

// The scenario that Relacy is busy with: it makes its test suites without arguments.
const entry* current = nullptr;
search current_search{};

template <int Threads>
class suite : public rl::test_suite<suite<Threads>, Threads> {
 public:
  suite() {
    begin_schedule(current_search);
    scenario_ = &current->make(storage_);
  }
  ~suite() { scenario_->~scenario(); }

  void thread(unsigned index) {
    scenario_->thread(index);
    thread_returned();
  }

  void after() { scenario_->after(); }

 private:
  alignas(std::max_align_t) std::byte storage_[scenario_size];
  scenario* scenario_;
};

rl::scheduler_type_e scheduler(search::kind how) {
  switch (how) {
    case search::kind::exhaustive:
      return rl::sched_full;
    case search::kind::bounded:
      return rl::sched_bound;
    default:
      return rl::sched_random;
  }
}

bool simulate(unsigned threads, rl::test_params& parameters) {
  switch (threads) {
    case 2:
      return rl::simulate<suite<2>>(parameters);
    case 3:
      return rl::simulate<suite<3>>(parameters);
    default:
      return rl::simulate<suite<4>>(parameters);
  }
}

std::string lower_case(std::string text) {
  for (char& letter : text) letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  return text;
}

}  // namespace

outcome run(const entry& what, search how) {
  current = &what;
  current_search = how;
  rl::ostringstream report, progress;  // Relacy's own: they allocate nothing from the model's heap
  rl::test_params parameters;
  parameters.search_type = scheduler(how.how);
  parameters.iteration_count = how.limit;
  parameters.context_bound = how.limit;
  parameters.output_stream = &report;
  parameters.progress_stream = &progress;
  const auto started = std::chrono::steady_clock::now();
  const bool holds = simulate(what.threads, parameters);
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - started;
  return {holds, holds ? "holds" : lower_case(rl::test_result_str(parameters.test_result)), parameters.stop_iteration,
          taken.count(), holds ? std::string() : std::string(report.str().c_str())};
}

}  // namespace model
