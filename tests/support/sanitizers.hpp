// Which sanitizer the tests are built with, and by how much to cut their work for it, or for what emulates their CPU or system.
#pragma once

namespace support {

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define PARK_TESTS_UNDER_TSAN 1
#endif
#if __has_feature(address_sanitizer)
#define PARK_TESTS_UNDER_ASAN 1
#endif
#endif
#if defined(__SANITIZE_THREAD__)
#define PARK_TESTS_UNDER_TSAN 1
#endif
#if defined(__SANITIZE_ADDRESS__)
#define PARK_TESTS_UNDER_ASAN 1
#endif

#if defined(PARK_TESTS_UNDER_TSAN)
inline constexpr bool thread_sanitizer = true;
#else
inline constexpr bool thread_sanitizer = false;
#endif
#if defined(PARK_TESTS_UNDER_ASAN)
inline constexpr bool address_sanitizer = true;
#else
inline constexpr bool address_sanitizer = false;
#endif

// What counts of rounds are divided by.
#if defined(PARK_TEST_SLOWDOWN)
inline constexpr int slowdown = PARK_TEST_SLOWDOWN;
#else
inline constexpr int slowdown = thread_sanitizer ? 8 : address_sanitizer ? 3 : 1;
#endif

constexpr int scaled(int rounds) { return rounds > slowdown ? rounds / slowdown : 1; }

}  // namespace support
