// The lots that the typed tests run over: all that the library is built with, or, with PARK_TEST_NATIVE_LOT, its native one.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "park/native_lot.hpp"

namespace support {

template <class... Lists>
struct joined;

template <class... All>
struct joined<testing::Types<All...>> {
  using type = testing::Types<All...>;
};

template <class... Some, class... More, class... Lists>
struct joined<testing::Types<Some...>, testing::Types<More...>, Lists...> {
  using type = typename joined<testing::Types<Some..., More...>, Lists...>::type;
};

template <class, class... Lots>
struct lot_list {
  using types = testing::Types<Lots...>;

  template <template <class> class Kind>
  using wrapped = testing::Types<Kind<Lots>...>;
};

#ifdef PARK_TEST_NATIVE_LOT
using all_lots = lot_list<void, park::native_lot>;
#else
#define PARK_TESTS_COMMA_LOT(lot) , park::lot
using all_lots = lot_list<void PARK_FOR_EACH_LOT(PARK_TESTS_COMMA_LOT)>;
#undef PARK_TESTS_COMMA_LOT
#endif

using lots = all_lots::types;

// Each of the kinds over each of the lots.
template <template <class> class... Kinds>
using over_lots = typename joined<all_lots::wrapped<Kinds>...>::type;

// Names a typed test by the `name` of its type, a constant or a function: "latch/futex.stays_open".
struct by_name {
  template <class Type>
  static std::string GetName(int) {
    if constexpr (requires { Type::name(); }) {
      return Type::name();
    } else {
      return Type::name;
    }
  }
};

}  // namespace support
