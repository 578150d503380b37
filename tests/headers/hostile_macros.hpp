// Macros of headers that many programs read, in the words of those headers.

// windows.h, as MSVC has it: minwindef.h, windef.h, winnt.h, rpcndr.h, combaseapi.h, winbase.h, wingdi.h
#undef min
#undef max
#undef near
#undef far
#undef small
#undef hyper
#undef interface
#undef ERROR
#undef IN
#undef OUT
#undef OPTIONAL
#undef DELETE
#undef STRICT
#undef pascal
#undef cdecl
#undef CALLBACK
#undef CONST
#undef VOID
#undef TRUE
#undef FALSE
#undef NO_ERROR
#undef Yield
#undef GetObject
#undef CreateEvent
#undef CreateMutex
#undef CreateSemaphore
#undef TRANSPARENT
#undef RELATIVE
#undef ABSOLUTE
#define min(a, b) (((a) < (b)) ? (a) : (b))
#define max(a, b) (((a) > (b)) ? (a) : (b))
#define near
#define far
#define small char
#define hyper long long
#define interface struct
#define ERROR 0
#define IN
#define OUT
#define OPTIONAL
#define DELETE (0x00010000L)
#define STRICT 1
#define pascal __stdcall
#define cdecl
#define CALLBACK __stdcall
#define CONST const
#define VOID void
#define TRUE 1
#define FALSE 0
#define NO_ERROR 0L
#define Yield()
#define GetObject GetObjectA
#define CreateEvent CreateEventA
#define CreateMutex CreateMutexA
#define CreateSemaphore CreateSemaphoreA
#define TRANSPARENT 1
#define RELATIVE 2
#define ABSOLUTE 1

// sys/sysmacros.h and sys/param.h of glibc, and what gcc defines for its own dialects
#undef major
#undef minor
#undef makedev
#undef unix
#undef linux
#undef i386
#undef arm
#undef sun
#undef mips
#undef howmany
#undef roundup
#undef powerof2
#undef MIN
#undef MAX
#define major(dev) gnu_dev_major(dev)
#define minor(dev) gnu_dev_minor(dev)
#define makedev(maj, min) gnu_dev_makedev(maj, min)
#define unix 1
#define linux 1
#define i386 1
#define arm 1
#define sun 1
#define mips 1
#define howmany(x, y) (((x) + ((y) - 1)) / (y))
#define roundup(x, y) ((((x) + ((y) - 1)) / (y)) * (y))
#define powerof2(x) ((((x) - 1) & (x)) == 0)
#define MIN(a, b) (((a) < (b)) ? (a) : (b))
#define MAX(a, b) (((a) > (b)) ? (a) : (b))

// signal.h, sys/stat.h, netdb.h and complex.h
#undef sa_handler
#undef si_pid
#undef st_mtime
#undef h_addr
#undef I
#undef complex
#define sa_handler __sigaction_handler.sa_handler
#define si_pid _sifields._kill.si_pid
#define st_mtime st_mtim.tv_sec
#define h_addr h_addr_list[0]
#define complex _Complex
#define I _Complex_I

// termios.h and curses.h
#undef ECHO
#undef B0
#undef ERR
#undef OK
#undef getyx
#define ECHO 0000010
#define B0 0000000
#define ERR (-1)
#define OK (0)
#define getyx(win, y, x) (y = getcury(win), x = getcurx(win))

// X11: X.h, Xlib.h, Xutil.h
#undef None
#undef Bool
#undef Status
#undef True
#undef False
#undef Success
#undef Always
#undef Unsorted
#undef Above
#undef Below
#undef Complex
#undef Convex
#undef CurrentTime
#undef CursorShape
#undef KeyPress
#undef FocusIn
#undef ControlMask
#undef DestroyAll
#define None 0L
#define Bool int
#define Status int
#define True 1
#define False 0
#define Success 0
#define Always 2
#define Unsorted 0
#define Above 0
#define Below 1
#define Complex 0
#define Convex 2
#define CurrentTime 0L
#define CursorShape 0
#define KeyPress 2
#define FocusIn 9
#define ControlMask (1 << 2)
#define DestroyAll 0

// qobjectdefs.h and qglobal.h of Qt, unless it is told QT_NO_KEYWORDS
#define signals public
#define slots
#define emit
#define foreach(variable, container) for (auto variable : container)
#define forever for (;;)

// AssertMacros.h and objc.h of macOS, and what Arduino and the Linux kernel have
#undef check
#undef verify
#undef require
#undef nil
#undef YES
#undef NO
#undef bit
#undef F
#undef likely
#undef unlikely
#define check(assertion) check_is_not_for_park
#define verify(assertion) verify_is_not_for_park
#define require(assertion, label) require_is_not_for_park
#define nil nullptr
#define YES 1
#define NO 0
#define bit(b) (1UL << (b))
#define F(string) string
#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

// crtdbg.h of MSVC with _CRTDBG_MAP_ALLOC, and what else watches the heap by macros
#undef malloc
#undef calloc
#undef realloc
#undef free
#define malloc(size) _malloc_dbg(size, 1, __FILE__, __LINE__)
#define calloc(count, size) _calloc_dbg(count, size, 1, __FILE__, __LINE__)
#define realloc(memory, size) _realloc_dbg(memory, size, 1, __FILE__, __LINE__)
#define free(memory) _free_dbg(memory, 1)
