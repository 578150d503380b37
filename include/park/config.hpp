// The one configuration header: version, symbol visibility, the lot of this platform.
//
// Every `#if` on an operating system or a compiler in park's headers stands here or in arch/.
#pragma once

#include <version>

#define PARK_VERSION_MAJOR 0
#define PARK_VERSION_MINOR 1
#define PARK_VERSION_PATCH 0

// PARK_API marks what a shared libpark exports. PARK_SHARED: libpark is shared; PARK_BUILDING: this is libpark itself.
#if defined(_WIN32) && defined(PARK_SHARED)
#if defined(PARK_BUILDING)
#define PARK_API __declspec(dllexport)
#else
#define PARK_API __declspec(dllimport)
#endif
#elif defined(__GNUC__)
#define PARK_API __attribute__((visibility("default")))
#else
#define PARK_API
#endif

// PARK_NO_INLINE keeps a slow path out of the caller's loop.
#if defined(__GNUC__)
#define PARK_NO_INLINE __attribute__((noinline))
#elif defined(_MSC_VER)
#define PARK_NO_INLINE __declspec(noinline)
#else
#define PARK_NO_INLINE
#endif

// An empty member takes no space; MSVC honours only its own spelling.
#if defined(_MSC_VER)
#define PARK_NO_UNIQUE_ADDRESS [[msvc::no_unique_address]]
#else
#define PARK_NO_UNIQUE_ADDRESS [[no_unique_address]]
#endif

// PARK_HAS_STOP_TOKEN: the standard library has std::stop_token. libc++ before 18 has not even the header; before 20 it has the type with
// -fexperimental-library only. Without it the members that take a token accept other token types, see stoppable_token.
#if defined(__cpp_lib_jthread)
#define PARK_HAS_STOP_TOKEN 1
#else
#define PARK_HAS_STOP_TOKEN 0
#endif

// PARK_HAS_EXCEPTIONS: the compiler has not been told to do without.
#if defined(__cpp_exceptions)
#define PARK_HAS_EXCEPTIONS 1
#else
#define PARK_HAS_EXCEPTIONS 0
#endif

// PARK_VALGRIND (CMake: -DPARK_VALGRIND=ON): Valgrind's helgrind and DRD are told what synchronizes with what, so that they report no race
// where park's types are what orders two accesses. For a build that is made to be run by them: each atomic access costs a few calls. A program
// and the libpark that it is linked to must agree on it. Their reports of what is not park's are suppressed by share/park/park.supp.
#if !defined(PARK_VALGRIND)
#define PARK_VALGRIND 0
#endif

// Which system this is. Decided here alone: CMake asks the compiler what this header says, and chooses the files of src/ by that.
// PARK_SYSTEM_IS_LINUX: the kernel is Linux, whichever C library is above it. PARK_SYSTEM_IS_POSIX: another with POSIX threads and mmap.
#if defined(__linux__)
#define PARK_SYSTEM_IS_LINUX 1
#else
#define PARK_SYSTEM_IS_LINUX 0
#endif
#if defined(_WIN32)
#define PARK_SYSTEM_IS_WINDOWS 1
#else
#define PARK_SYSTEM_IS_WINDOWS 0
#endif
#if !PARK_SYSTEM_IS_LINUX && !PARK_SYSTEM_IS_WINDOWS && (defined(__unix__) || defined(__APPLE__) || defined(_AIX))
#define PARK_SYSTEM_IS_POSIX 1
#else
#define PARK_SYSTEM_IS_POSIX 0
#endif

// PARK_HAS_FUTEX: the Linux futex lot is built. PARK_HAS_ADDRESS_LOT: that on WaitOnAddress of Windows is. PARK_FORCE_HASHED_LOT (CMake:
// -DPARK_LOT=hashed) leaves them built but makes the portable lot the native one.
#define PARK_HAS_FUTEX PARK_SYSTEM_IS_LINUX
#define PARK_HAS_ADDRESS_LOT PARK_SYSTEM_IS_WINDOWS
