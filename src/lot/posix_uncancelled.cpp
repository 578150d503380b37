#include <pthread.h>

#include "lot/uncancelled.hpp"

namespace park::detail {

uncancelled::uncancelled() noexcept : before_(PTHREAD_CANCEL_ENABLE) {
  ::pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before_);
}

uncancelled::~uncancelled() {
  int mine = 0;
  ::pthread_setcancelstate(before_, &mine);
}

}  // namespace park::detail
