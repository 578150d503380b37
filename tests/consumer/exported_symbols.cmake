# Fails unless everything that the shared library exports, and something at all, belongs to namespace park.
# usage: cmake -DNM=... -DLIBRARY=... -P exported_symbols.cmake
execute_process(COMMAND "${NM}" --dynamic --defined-only --format=posix "${LIBRARY}"
  OUTPUT_VARIABLE listing COMMAND_ERROR_IS_FATAL ANY)
string(REGEX MATCHALL "[^\n]+" symbols "${listing}")
list(TRANSFORM symbols REPLACE " .*$" "")
list(REMOVE_ITEM symbols __bss_start _edata _end)  # the linker's own

set(strangers ${symbols})
list(FILTER strangers EXCLUDE REGEX "^_Z(T[ISV]|GV)?NK?4park")
list(LENGTH symbols count)
if(strangers)
  list(JOIN strangers "\n  " strangers)
  message(FATAL_ERROR "${LIBRARY} exports what is not park's:\n  ${strangers}")
elseif(count EQUAL 0)
  message(FATAL_ERROR "${LIBRARY} exports nothing")
endif()
message(STATUS "${count} symbols exported, all of them park's")
