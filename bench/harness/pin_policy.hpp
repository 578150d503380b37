// Pin policies: to which CPUs the threads of a team are bound.
//
//   none      to none: the system places them, and moves them about
//   cores     one CPU of each core
//   siblings  all CPUs of one core, then all of the next: two threads share a core
//   llc       CPUs that share one last-level cache, one of each core first
//   numa      one CPU of one NUMA node, then one of the next: neighbours in number are on different nodes
//   one       one CPU for all
//
// The i-th thread goes to the i-th CPU of the list, and where there are more threads, they begin again at its first. Only CPUs that the
// process may use are in it. A quota of CPU time binds no thread to a CPU, and changes no list.
#pragma once

#include <array>
#include <atomic>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/topology.hpp"

namespace bench {

enum class pin_policy { none, cores, siblings, llc, numa, one };

inline constexpr std::array all_pin_policies{pin_policy::none, pin_policy::cores, pin_policy::siblings,
                                             pin_policy::llc,  pin_policy::numa,  pin_policy::one};

const char* name_of(pin_policy policy) noexcept;
std::optional<pin_policy> find_pin_policy(std::string_view name) noexcept;

struct pin_list {
  std::vector<unsigned> cpus;
  std::string why_not;  // empty where the policy can be had; of `none` it is, and so is the list
};

pin_list pins_of(pin_policy policy, const platform::topology& machine, const std::vector<unsigned>& allowed);

// The same for this machine and process.
pin_list pins_here(pin_policy policy);

// Those that are allowed, such that what is near stands near: CPUs of a core, cores of a cache, caches of a node. As they are where it is not
// known of all where they lie.
std::vector<unsigned> in_order_of_nearness(const platform::topology& machine, const std::vector<unsigned>& allowed);

// Teams that are made while it lives are bound to its CPUs, so that no workload need hand them on. One at a time.
class scoped_pins {
 public:
  explicit scoped_pins(std::vector<unsigned> cpus);
  ~scoped_pins();
  scoped_pins(const scoped_pins&) = delete;
  scoped_pins& operator=(const scoped_pins&) = delete;

  // How many threads have been bound since.
  unsigned bound() const noexcept { return bound_.load(std::memory_order_relaxed); }

  // Of the living one; empty where there is none, or its list is.
  static const std::vector<unsigned>& cpus() noexcept;

  // Binds the calling thread as a team's thread of this number; throws std::runtime_error where the system refuses. Nothing where the list
  // is empty.
  static void bind(unsigned index);

 private:
  std::vector<unsigned> cpus_;
  std::atomic<unsigned> bound_{0};
};

}  // namespace bench
