// A semaphore of up to 2^31 - 1 permits and one of more are two state machines, and the latter has words of 64 bits or
// of 32: what tests of all are typed over.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "park/semaphore.hpp"
#include "support/lots.hpp"
#include "support/observed_lot.hpp"
#include "support/without_pairs.hpp"

namespace support {

template <class Lot, std::ptrdiff_t Most>
struct semaphore_width {
  using lot = Lot;
  using type = park::basic_counting_semaphore<Most, Lot>;
  using observed = park::basic_counting_semaphore<Most, observed_lot<Lot>>;
  // Whether its word does, so that nobody is woken in vain.
  static constexpr bool counts_waiters = park::has_lock_free_pairs<Lot> && Most <= 0x7fffffff;
};

template <class Lot>
struct narrow : semaphore_width<Lot, 1000> {
  static std::string name() { return Lot::name; }
};

template <class Lot>
struct wide : semaphore_width<Lot, PTRDIFF_MAX> {
  static std::string name() { return std::string("wide_") + Lot::name; }
};

template <class Lot>
struct pairless {
  using lot = Lot;
  using type = park::basic_counting_semaphore<1000, without_pairs<Lot>>;
  using observed = park::basic_counting_semaphore<1000, without_pairs<observed_lot<Lot>>>;
  static constexpr bool counts_waiters = false;
  static std::string name() { return std::string("pairless_") + Lot::name; }
};

using semaphore_widths = over_lots<narrow, wide, pairless>;

}  // namespace support
