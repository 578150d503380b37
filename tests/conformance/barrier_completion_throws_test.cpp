// [thread.barrier.class]: a completion function that throws; with LWG 3898
#include <exception>
#include <functional>
#include <stdexcept>

#include "conformance/expectation.hpp"
#include "conformance/subject.hpp"
#include "support/child.hpp"
#include "support/program.hpp"

namespace {

using subject::barrier;

const support::program throws("completion_that_throws", [] {
  std::set_terminate([] { support::leave(42); });
  barrier<std::function<void()>> one(1, [] { throw std::runtime_error("from the completion step"); });
  try {
    one.arrive_and_wait();
  } catch (...) {
  }
  return 0;
});

EXPECTATION(completion, that_throws_terminates) {
  EXPECT_EQ(42, support::run_program("completion_that_throws", [] {}).exit_code);
}

}  // namespace
