# Which system park is built for. include/park/config.hpp decides, for the headers, and here the compiler is asked what it decided: nothing
# is run, and no system is known by the name that CMake has for it, of which Linux alone has several.
#
# Sets PARK_SYSTEM (linux, windows, posix or portable) and PARK_HAS_CANCELLATION (of threads, which not every C library of POSIX has).
include(CheckCXXSourceCompiles)
include(CMakePushCheckState)

# park_compiles(result source): by compiling alone, with nothing of what a parent asks of its own checks.
function(park_compiles result source)
  cmake_push_check_state(RESET)
  set(CMAKE_REQUIRED_INCLUDES "${PROJECT_SOURCE_DIR}/include")
  set(CMAKE_REQUIRED_QUIET ON)
  set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
  check_cxx_source_compiles("${source}" ${result})
  cmake_pop_check_state()
endfunction()

# What was found holds as long as the header is what it was.
file(SHA256 "${park_config}" park_config_hash)
if(NOT PARK_CONFIG_HASH STREQUAL park_config_hash)
  unset(PARK_SYSTEM_IS_LINUX CACHE)
  unset(PARK_SYSTEM_IS_WINDOWS CACHE)
  unset(PARK_SYSTEM_IS_POSIX CACHE)
  set(PARK_CONFIG_HASH "${park_config_hash}" CACHE INTERNAL "The include/park/config.hpp that was asked")
endif()

set(PARK_SYSTEM portable)
foreach(system IN ITEMS linux windows posix)
  string(TOUPPER "PARK_SYSTEM_IS_${system}" is)
  park_compiles(${is} "#include <park/config.hpp>
    #if !${is}
    #error \"another system\"
    #endif
    int main() {}")
  if(${is})
    set(PARK_SYSTEM ${system})
    break()
  endif()
endforeach()

set(PARK_HAS_CANCELLATION OFF)
if(PARK_SYSTEM MATCHES "^(linux|posix)$")
  park_compiles(PARK_HAS_PTHREAD_SETCANCELSTATE "#include <pthread.h>
    int main() {
      int before = 0;
      return pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before);
    }")
  set(PARK_HAS_CANCELLATION ${PARK_HAS_PTHREAD_SETCANCELSTATE})
endif()
