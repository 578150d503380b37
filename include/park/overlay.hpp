// The overlay: sources that say std::latch, std::counting_semaphore, std::binary_semaphore and std::barrier get park's, unchanged.
//
//   target_link_libraries(app park::overlay)     puts include/park/overlay first on the include path; pkg-config: park-overlay
//
// Including this header is never needed. It is here to be read, and to check: it compiles only where the overlay is in force.
//
// How: include/park/overlay has headers named <latch>, <semaphore> and <barrier>. Each reads the standard library's header of that
//   name (#include_next), if there is one, with the class in it renamed by a macro to std::park_replaced_..., so that what else the
//   header brings stays as it was; then it makes park's class a member of std by a using-declaration. The feature macros are the
//   standard library's own, and defined here where it has none: there the overlay is a polyfill.
//
// <stop_token>: libstdc++'s stop state, which std::jthread and std::condition_variable_any use too, has a std::binary_semaphore in it,
//   and that one must stay the library's: code compiled without the overlay shares the state. So there is a <stop_token> here too: it
//   reads the library's with the same renaming. The member keeps its definition, hence its size, its alignment and what is done to it;
//   no function of a stop source, token or callback has it in its signature, so that no mangled name changes.
//   What does change is the name of the functions that the stop state's own inline functions call. Of two copies of
//   std::stop_source::request_stop, one from a source with the overlay and one without, the linker keeps either; both do the same, and
//   each object brings along what its copy calls. To the letter that is a breach of the one-definition rule: gcc's link-time
//   optimization, which alone can see it, may print a note of -Wodr. It cannot be avoided: a qualified name finds what is declared in
//   std itself, so std::binary_semaphore cannot be park's for the program and the library's for the stop state without one of
//   them getting another name. A macro for the program's would rename every counting_semaphore of the user's own.
//
// What the standard says: adding to namespace std [namespace.std], defining a macro with a name from a standard header [macro.names],
//   and putting a file of such a header's name where it is looked for [using.headers] are undefined behaviour, as for every polyfill.
//   It works because compilers and both libraries give these no meaning of their own: std is a namespace like others, the renamed
//   classes are named nowhere else in the library, and the macros are gone when the header ends. The tests hold that of each.
//
// What to know:
//   - std::latch here and std::latch in code compiled without the overlay are different types with different mangled names: passing one
//     to the other does not link, or where it is hidden in a struct of the user's, breaks the one-definition rule. Compile everything
//     that shares such objects with the overlay, or without.
//   - Declaring std::latch and the others ahead of their headers, which the standard forbids anyway, does not compile.
//   - Include <semaphore> to say std::binary_semaphore: with the overlay, libstdc++'s <thread> no longer brings it by accident.
//   - Only a directory searched before the overlay's can keep it out of force, such as one of the user's own with a <latch> in it.
//   - Before C++20 the headers pass through to the library's. Modules and header units (import std) know nothing of it.
#pragma once

#include <barrier>
#include <latch>
#include <semaphore>
#include <type_traits>

#include "park/barrier.hpp"
#include "park/latch.hpp"
#include "park/semaphore.hpp"

static_assert(
    std::is_same_v<std::latch, park::latch> && std::is_same_v<std::binary_semaphore, park::binary_semaphore> &&
        std::is_same_v<std::barrier<>, park::barrier<>>,
    "the overlay is not in force: include/park/overlay must come first on the include path (CMake: park::overlay)");
