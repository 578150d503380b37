#include <pthread.h>

#include "lot/uncancelled.hpp"

namespace park::detail {

int hold_cancellation() noexcept {
  int before = PTHREAD_CANCEL_ENABLE;
  ::pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before);
  return before;
}

void restore_cancellation(int before) noexcept {
  int held = 0;
  ::pthread_setcancelstate(before, &held);
}

}  // namespace park::detail
