// A page of memory that can be taken away. One body per platform, chosen by CMake.
#pragma once

#include <cstddef>

namespace support {

inline constexpr std::size_t smallest_page = 4096;

// Ends the process where there is none.
void* map_page();

// From now on any access ends the process; nothing else comes to lie there until the page is freed.
void take_page_away(void* page);

void free_page(void* page);

}  // namespace support
