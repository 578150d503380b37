// As bionic's, which knows no cancellation of threads, and before Android 8 no name of one.
#pragma once
#pragma GCC system_header
#include_next <pthread.h>
#pragma GCC poison pthread_setcancelstate pthread_setcanceltype pthread_testcancel pthread_getname_np
