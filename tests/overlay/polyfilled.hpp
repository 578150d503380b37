// What <version> says where the overlay is all there is.
#include <version>

#if !__has_include(<latch>) || !__has_include(<semaphore>) || !__has_include(<barrier>)
#error "a header is missing"
#endif
#if __cpp_lib_latch < 201907L || __cpp_lib_semaphore < 201907L || __cpp_lib_barrier < 201907L
#error "<version> does not promise what is there"
#endif
