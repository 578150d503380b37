// support::without_pairs: a lot as it is on a CPU whose atomics of 64 bits take a lock.
#pragma once

#include <string>

#include "park/detail/patience.hpp"
#include "park/lot.hpp"

namespace support {

template <park::parking_lot Base>
struct without_pairs : Base {
  static std::string name() { return std::string("pairless_") + Base::name; }

  template <class T>
  class atomic : public Base::template atomic<T> {
    using whole = typename Base::template atomic<T>;

   public:
    static constexpr bool is_always_lock_free = whole::is_always_lock_free && sizeof(T) <= 4;

    using whole::whole;
  };
};

}  // namespace support

template <class Base>
class park::detail::patience<support::without_pairs<Base>> : public patience<Base> {};
