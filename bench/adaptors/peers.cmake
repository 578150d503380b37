# The peers that may be absent. Each is measured wherever it is found; what is not is named here and in every run.

# park_bench_peer(name package FOUND condition... [LINK library...] [INCLUDE folder]): adds adaptors/<name>.cpp where the condition holds.
function(park_bench_peer name package)
  cmake_parse_arguments(PARSE_ARGV 2 peer "" "INCLUDE" "FOUND;LINK")
  if(${peer_FOUND})
    target_sources(park_bench_parts PRIVATE adaptors/${name}.cpp)
    target_link_libraries(park_bench_parts PUBLIC ${peer_LINK})
    if(peer_INCLUDE)
      target_include_directories(park_bench_parts SYSTEM PRIVATE "${peer_INCLUDE}")
    endif()
  else()
    message(STATUS "park_bench: without ${name}, which ${package} brings (scripts/setup --peers)")
    list(APPEND absent "{\"name\": \"${name}\", \"package\": \"${package}\"}")
    set(absent "${absent}" PARENT_SCOPE)
  endif()
endfunction()

find_package(absl CONFIG QUIET)
foreach(way IN ITEMS absl absl_when)
  park_bench_peer(${way} libabsl-dev FOUND TARGET absl::synchronization LINK absl::synchronization)
endforeach()

find_package(Boost QUIET COMPONENTS thread)
park_bench_peer(boost libboost-thread-dev FOUND TARGET Boost::thread LINK Boost::thread)

find_path(PARK_NSYNC_INCLUDE nsync.h)
find_library(PARK_NSYNC_LIBRARY nsync_cpp)
park_bench_peer(nsync libnsync-dev FOUND PARK_NSYNC_INCLUDE AND PARK_NSYNC_LIBRARY
  LINK "${PARK_NSYNC_LIBRARY}" INCLUDE "${PARK_NSYNC_INCLUDE}")

find_path(PARK_MOODYCAMEL_INCLUDE blockingconcurrentqueue.h PATH_SUFFIXES concurrentqueue/moodycamel concurrentqueue)
park_bench_peer(moodycamel libconcurrentqueue-dev FOUND PARK_MOODYCAMEL_INCLUDE INCLUDE "${PARK_MOODYCAMEL_INCLUDE}")

find_package(TBB CONFIG QUIET)
park_bench_peer(tbb libtbb-dev FOUND TARGET TBB::tbb LINK TBB::tbb)

find_path(PARK_ASIO_INCLUDE boost/asio/steady_timer.hpp)
park_bench_peer(asio libboost-dev FOUND PARK_ASIO_INCLUDE INCLUDE "${PARK_ASIO_INCLUDE}")
