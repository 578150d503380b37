# This machine's compiler, as if it were for Android: by CMake's name for the system, and without what bionic's <pthread.h> lacks.
set(CMAKE_SYSTEM_NAME Android)
set(CMAKE_SYSTEM_VERSION 1)  # CMake then looks for no NDK, as with the NDK's own toolchain file
set(CMAKE_CXX_FLAGS_INIT "-isystem \"${CMAKE_CURRENT_LIST_DIR}/include\"")
