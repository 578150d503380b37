#include <pthread.h>
#include <signal.h>  // NOLINT(modernize-deprecated-headers): sigset_t is of POSIX

#include <initializer_list>
#include <new>

#include "blocked_signals.hpp"

namespace park::detail {
namespace {

// A blocked one that a fault raises kills at once, whatever handler there is: sanitizers, crash reporters and virtual machines want theirs.
sigset_t those_for_others() noexcept {
  sigset_t signals;
  sigfillset(&signals);
  for (const int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS}) sigdelset(&signals, fault);
  return signals;
}

}  // namespace

void block_signals() noexcept {
  const sigset_t signals = those_for_others();
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

blocked_signals::blocked_signals() noexcept {
  static_assert(sizeof(sigset_t) <= sizeof before_ && alignof(sigset_t) <= 8);
  const sigset_t signals = those_for_others();
  ::pthread_sigmask(SIG_BLOCK, &signals, ::new (before_) sigset_t);
}

blocked_signals::~blocked_signals() {
  ::pthread_sigmask(SIG_SETMASK, std::launder(reinterpret_cast<const sigset_t*>(before_)), nullptr);
}

}  // namespace park::detail
