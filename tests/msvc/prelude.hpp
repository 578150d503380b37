// All that park's Windows sources include of others, as MinGW has it, before __GNUC__ goes: what comes then is read as MSVC would have it read.
#include <_mingw.h>
#undef __MINGW_IMPORT
#define __MINGW_IMPORT extern

#include <bits/stdc++.h>
#include <process.h>
#include <windows.h>

#undef __GNUC__
#define __attribute__(what) no_attribute_of_gcc_here
