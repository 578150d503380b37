// Ranges that a container takes its items from. Without <ranges>, which not every standard library of C++20 has whole.
#pragma once

#include <concepts>
#include <iterator>
#include <type_traits>
#include <utility>

namespace park::detail {

template <class Range>
using element_of = decltype(*std::begin(std::declval<Range&>()));

// Whether elements of it are constant where it is: a container owns its elements, a view, as std::span, has somebody else's.
template <class Range>
inline constexpr bool owns_its_elements = false;
template <class Range>
  requires requires { std::begin(std::declval<const Range&>()); }
inline constexpr bool owns_its_elements<Range> =
    std::is_lvalue_reference_v<element_of<Range>> && !std::is_const_v<std::remove_reference_t<element_of<Range>>> &&
    std::is_const_v<std::remove_reference_t<element_of<const Range>>>;

// As what an element of a range is taken that is handed over as a Range&&: moved from one that owns it and is given away, else as the
// range gives it.
template <class Range>
using taken_from = std::conditional_t<!std::is_lvalue_reference_v<Range> && owns_its_elements<Range>,
                                      std::remove_reference_t<element_of<Range>>&&, element_of<Range>&&>;

template <class Range, class T>
concept range_of = requires {
  std::begin(std::declval<Range&>());
  std::end(std::declval<Range&>());
} && std::constructible_from<T, taken_from<Range>>;

}  // namespace park::detail
