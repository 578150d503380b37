#include "park/recursive_mutex.hpp"

#include "park/contract.hpp"

namespace park {

not_owner_error::not_owner_error()
    : std::system_error(std::make_error_code(std::errc::operation_not_permitted),
                        "recursive_mutex::unlock(): another thread holds the mutex, or none") {}

not_owner_error::~not_owner_error() = default;

namespace detail {

void throw_not_owner() {
#if PARK_HAS_EXCEPTIONS
  throw not_owner_error();
#else
  contract_violation("recursive_mutex::unlock(): another thread holds the mutex, or none");
#endif
}

void throw_too_deep() {
#if PARK_HAS_EXCEPTIONS
  throw std::system_error(std::make_error_code(std::errc::resource_unavailable_try_again),
                          "recursive_mutex::lock(): locked max_depth() times");
#else
  contract_violation("recursive_mutex::lock(): locked max_depth() times");
#endif
}

}  // namespace detail

#define PARK_DEFINE_RECURSIVE_MUTEX(lot) template class basic_recursive_mutex<lot>;
PARK_FOR_EACH_LOT(PARK_DEFINE_RECURSIVE_MUTEX)

}  // namespace park
