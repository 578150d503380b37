// An object of static storage that is never destroyed, for those who use it after the life of the program's static objects.
#pragma once

namespace park::detail {

template <class T>
union immortal {
  constexpr immortal() noexcept : value() {}
  immortal(const immortal&) = delete;
  immortal& operator=(const immortal&) = delete;
  ~immortal() {}

  T value;
};

}  // namespace park::detail
