// Keeps GetLastError() as it is while it lives.
#pragma once

#include "lot/windows.hpp"

namespace park::detail {

class last_error {
 public:
  last_error() noexcept : before_(::GetLastError()) {}
  last_error(const last_error&) = delete;
  last_error& operator=(const last_error&) = delete;
  ~last_error() { ::SetLastError(before_); }

 private:
  const DWORD before_;
};

}  // namespace park::detail
