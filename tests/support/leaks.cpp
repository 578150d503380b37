// What the leak sanitizer is to pass over; nobody else asks.

// glibc keeps a list of the thread_local objects that a thread has to destroy. What a thread uses for the first time when it is past
// that, in the destructor of a pthread key, gets on the list and is never taken off: there are tests that wait so late.
extern "C" const char* __lsan_default_suppressions();  // NOLINT(bugprone-reserved-identifier)
extern "C" const char* __lsan_default_suppressions() { return "leak:__cxa_thread_atexit_impl"; }
