#include <sys/mman.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "support/pages.hpp"

namespace support {
namespace {

std::size_t size() { return static_cast<std::size_t>(sysconf(_SC_PAGESIZE)); }

void* map(void* where, int protection, int flags) {
  void* const memory = mmap(where, size(), protection, MAP_PRIVATE | MAP_ANONYMOUS | flags, -1, 0);
  if (memory != MAP_FAILED) return memory;
  std::perror("mmap");
  std::abort();
}

}  // namespace

void* map_page() { return map(nullptr, PROT_READ | PROT_WRITE, 0); }
void take_page_away(void* page) { map(page, PROT_NONE, MAP_FIXED); }
void free_page(void* page) { munmap(page, size()); }

}  // namespace support
