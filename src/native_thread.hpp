// Threads as the system makes them, and their names there. Bodies per platform, chosen by CMake.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <thread>

namespace park::detail {

using native_thread = std::thread::native_handle_type;

// posix_thread.cpp, windows_thread.cpp

// Runs run(argument) in a new thread, on a stack of so many bytes; 0: the system's. 0, or the system's error; then `made` is as it was.
int start_native_thread(native_thread& made, std::size_t stack_size, void* (*run)(void*), void* argument) noexcept;

// Of a thread that has as good as ended. Not a cancellation point.
void join_native_thread(native_thread thread) noexcept;
void detach_native_thread(native_thread thread) noexcept;

// linux_thread_name.cpp, windows_thread_name.cpp, portable_thread_name.cpp

void name_this_native_thread(std::string_view name) noexcept;

// Empty where the system knows none.
std::string name_of_this_native_thread();

// False where that cannot be known.
bool is_main_thread() noexcept;

// The system has ended all threads but this one: so it is where a process of Windows exits, as far as a DLL hears of it.
bool others_are_gone() noexcept;

// The first bytes of a text in UTF-8, `most` at the most, that make whole characters.
constexpr std::string_view whole_characters(std::string_view text, std::size_t most) noexcept {
  if (text.size() <= most) return text;
  std::size_t end = most;
  while (end > 0 && most - end < 3 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80 ? most : end);  // else it is no UTF-8
}

}  // namespace park::detail
