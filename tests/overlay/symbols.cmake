# Fails unless an object file calls park, and nothing of the standard library's own waiting; or, with EXPECT=std, the reverse.
# usage: cmake -DNM=... -DOBJECT=... -DEXPECT=park|std -P symbols.cmake
execute_process(COMMAND "${NM}" --format=posix "${OBJECT}" OUTPUT_VARIABLE listing COMMAND_ERROR_IS_FATAL ANY)
string(REGEX MATCHALL "[^\n]+" symbols "${listing}")
list(TRANSFORM symbols REPLACE " .*$" "")

set(of_park ${symbols})
list(FILTER of_park INCLUDE REGEX "^_ZN[A-Z]*4park")
# libstdc++'s, libc++'s; its classes by both, and what they would be called had the overlay only renamed them.
set(of_std ${symbols})
string(JOIN "|" waiting
  waiter_pool platform_wait atomic_wait atomic_notify libcpp_atomic barrier_algorithm_base poll_with_backoff
  "^_ZN[A-Z]*(St|St3__1)[0-9]+(latch|counting_semaphore|barrier|__tree_barrier|__atomic_semaphore)"
  park_replaced)
list(FILTER of_std INCLUDE REGEX "${waiting}")
list(FILTER of_std EXCLUDE REGEX "platform_wait_alignment")  # a constant, which code that is not optimized leaves in each object

set(wanted of_${EXPECT})
set(unwanted of_park)
if(EXPECT STREQUAL "park")
  set(unwanted of_std)
endif()
if(${unwanted} OR NOT ${wanted})
  list(JOIN of_park "\n  " of_park)
  list(JOIN of_std "\n  " of_std)
  message(FATAL_ERROR
    "${OBJECT} should run on ${EXPECT}.\npark's symbols:\n  ${of_park}\nthe standard library's:\n  ${of_std}")
endif()
list(LENGTH ${wanted} count)
message(STATUS "${count} symbols of ${EXPECT}, none of the other")
