#include "park/cyclic_barrier.hpp"

#include "park/contract.hpp"

namespace park {

namespace {

constexpr const char* is_broken = "cyclic_barrier: the barrier is broken";

}  // namespace

broken_barrier_error::broken_barrier_error() : std::runtime_error(is_broken) {}

broken_barrier_error::~broken_barrier_error() = default;

namespace detail {

void throw_broken_barrier() {
#if PARK_HAS_EXCEPTIONS
  throw broken_barrier_error();
#else
  contract_violation(is_broken);
#endif
}

#define PARK_DEFINE_GENERATION_WORD(lot) template class generation_word<lot>;
PARK_FOR_EACH_LOT(PARK_DEFINE_GENERATION_WORD)

}  // namespace detail

}  // namespace park
