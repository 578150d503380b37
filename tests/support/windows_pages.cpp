#include <windows.h>

#include <cstdio>
#include <cstdlib>

#include "support/pages.hpp"

namespace support {
namespace {

void insist(bool done, const char* call) {
  if (done) return;
  std::fprintf(stderr, "%s: error %lu\n", call, GetLastError());
  std::abort();
}

}  // namespace

void* map_page() {
  void* const page = VirtualAlloc(nullptr, smallest_page, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
  insist(page != nullptr, "VirtualAlloc");
  return page;
}

void take_page_away(void* page) { insist(VirtualFree(page, smallest_page, MEM_DECOMMIT) != 0, "VirtualFree"); }
void free_page(void* page) { insist(VirtualFree(page, 0, MEM_RELEASE) != 0, "VirtualFree"); }

}  // namespace support
