// What holds after the standard headers of a source with the overlay, in whatever order these were included.
#include <barrier>
#include <latch>
#include <semaphore>

#if __cpp_lib_latch < 201907L || __cpp_lib_semaphore < 201907L || __cpp_lib_barrier < 201907L
#error "a feature macro is missing"
#endif
#if !__has_include(<latch>) || !__has_include(<semaphore>) || !__has_include(<barrier>)
#error "a header is missing"
#endif
#if defined(latch) || defined(barrier) || defined(counting_semaphore) || defined(binary_semaphore)
#error "a macro has leaked"
#endif

#include "park/overlay.hpp"
