// What a program may have read before it includes park: the standard headers that park's include, of which std_headers.hpp is made, real
// headers that define macros, as far as they are here, and then the macros of others.
#include "std_headers.hpp"

#if __has_include(<windows.h>)
#include <windows.h>
#endif
#if __has_include(<sys/sysmacros.h>)
#include <sys/param.h>
#include <sys/sysmacros.h>
#include <termios.h>
#endif
#if __has_include(<curses.h>)
#include <curses.h>
#endif
#if __has_include(<X11/Xlib.h>)
#include <X11/Xlib.h>
#include <X11/Xutil.h>
#endif

#include "hostile_macros.hpp"
