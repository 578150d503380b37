#include <pthread.h>
#include <sys/resource.h>
#include <time.h>

#include <cinttypes>
#include <cstdio>

#include "platform/usage.hpp"

namespace bench::platform {
namespace {

std::optional<std::chrono::nanoseconds> read_clock(clockid_t clock) {
  timespec time{};
  if (clock_gettime(clock, &time) != 0) return std::nullopt;
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

std::optional<std::uint64_t> switches_of(int who) {
  rusage usage{};
  if (getrusage(who, &usage) != 0) return std::nullopt;
  return static_cast<std::uint64_t>(usage.ru_nvcsw) + static_cast<std::uint64_t>(usage.ru_nivcsw);
}

}  // namespace

std::optional<std::chrono::nanoseconds> cpu_time(std::thread::native_handle_type thread) {
  clockid_t clock{};
  if (pthread_getcpuclockid(thread, &clock) != 0) return std::nullopt;
  return read_clock(clock);
}

std::optional<std::chrono::nanoseconds> own_cpu_time() { return read_clock(CLOCK_THREAD_CPUTIME_ID); }

std::optional<std::uint64_t> context_switches() { return switches_of(RUSAGE_SELF); }

std::optional<std::uint64_t> own_context_switches() { return switches_of(RUSAGE_THREAD); }

// The second of the numbers there, in nanoseconds; a kernel without CONFIG_SCHED_INFO has no such file.
std::optional<std::chrono::nanoseconds> own_cpu_delay() {
  std::FILE* const file = std::fopen("/proc/thread-self/schedstat", "re");
  if (file == nullptr) return std::nullopt;
  std::uint64_t ran = 0, delayed = 0;
  const bool read = std::fscanf(file, "%" SCNu64 " %" SCNu64, &ran, &delayed) == 2;
  std::fclose(file);
  if (!read) return std::nullopt;
  return std::chrono::nanoseconds(delayed);
}

}  // namespace bench::platform
