// Before C++20 the overlay's headers are the standard library's.
#include <version>
#if __has_include(<barrier>)
#include <barrier>
#include <latch>
#include <semaphore>
#include <stop_token>
#endif
#include <thread>

#if defined(PARK_VERSION_MAJOR)
#error "park needs C++20"
#endif

int main() {}
