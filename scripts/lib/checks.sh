# shellcheck shell=bash disable=SC2154
# The checks that lib/packages.txt names, each a function check_NAME of its words; true when the thing is there.
# Reads: lib (this folder), manager (the package manager, or empty).

trim() {
  local text=${1#"${1%%[![:space:]]*}"}
  printf '%s' "${text%"${text##*[![:space:]]}"}"
}

# present "NAME WORD...": runs the check.
present() {
  # shellcheck disable=SC2086  # its words
  set -- $1
  "check_$1" "${@:2}"
}

check_command() { command -v "$1" >/dev/null; }
check_library() { pkg-config --exists "$1" 2>/dev/null; }
check_zig() {
  # shellcheck source=scripts/lib/zig.sh
  (source "$lib/zig.sh" && [ -x "$zig/zig" ])
}

check_file() { [ -e "$1" ]; }

check_version() {
  check_command "$1" || return 1
  local found
  found=$("$1" --version | grep -Eo '[0-9]+(\.[0-9]+)+' | head -n 1)
  [ "$(printf '%s\n' "$2" "$found" | sort -V | head -n 1)" = "$2" ]
}

check_builds() {
  local compiler=$1 folder result=0
  [ "$compiler" != c++ ] || compiler=${CXX:-c++}
  folder=$(mktemp -d)
  printf '#if !__has_include(<stop_token>)\n#error\n#endif\nint main() {}\n' |
    $compiler "${@:2}" -x c++ - -o "$folder/program.exe" 2>/dev/null || result=1
  rm -rf "$folder"
  return $result
}

# One Python must have every module; where none does, what the package manager brings goes to the Python beside it.
check_python() {
  [ -n "${python_is_complete:-}" ] || python_is_complete=$("$lib/find-python" 2>/dev/null || echo no)
  [ "$python_is_complete" != no ] || PARK_PYTHON="" PATH="$(dirname "$(command -v "$manager")"):/usr/bin:/bin" \
    "$lib/find-python" "$1" >/dev/null 2>&1
}
