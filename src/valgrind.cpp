// The one file that knows Valgrind. Outside of it a client request is a few instructions that do nothing.
#include <valgrind/drd.h>
#include <valgrind/helgrind.h>

#include "park/detail/told_atomic.hpp"

namespace park::detail {
namespace {

// What stands for a word: the address behind its first byte. DRD takes an object of one kind for each address, and where a word on the stack
// was, a mutex of POSIX's may come to be, which begins at its first byte.
char* key(const volatile void* word) noexcept { return const_cast<char*>(static_cast<const volatile char*>(word)) + 1; }

}  // namespace

void leave_unwatched(const volatile void* word, std::size_t size) noexcept {
  VALGRIND_HG_DISABLE_CHECKING(const_cast<void*>(word), size);
  VALGRIND_DO_CLIENT_REQUEST_STMT(VG_USERREQ__DRD_START_SUPPRESSION, const_cast<void*>(word), size, 0, 0, 0);
}

void watch_again(const volatile void* word, std::size_t size) noexcept {
  VALGRIND_HG_ENABLE_CHECKING(const_cast<void*>(word), size);
  VALGRIND_DO_CLIENT_REQUEST_STMT(VG_USERREQ__DRD_FINISH_SUPPRESSION, const_cast<void*>(word), size, 0, 0, 0);
}

// The numbers of these are helgrind's, and DRD takes them too.
void happens_before(const volatile void* word) noexcept {
  VALGRIND_DO_CLIENT_REQUEST_STMT(VG_USERREQ__DRD_ANNOTATE_HAPPENS_BEFORE, key(word), 0, 0, 0, 0);
}

void happens_after(const volatile void* word) noexcept {
  VALGRIND_DO_CLIENT_REQUEST_STMT(VG_USERREQ__DRD_ANNOTATE_HAPPENS_AFTER, key(word), 0, 0, 0, 0);
}

}  // namespace park::detail
