# What scripts/test and scripts/bench share. Sets: root (the repository), jobs (builds and tests run at once).
# shellcheck shell=bash
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck disable=SC2034
jobs=$(getconf _NPROCESSORS_ONLN)

# Or ccache keeps nothing that is compiled with a precompiled header, and nothing serves a user of another language.
export CCACHE_SLOPPINESS=${CCACHE_SLOPPINESS:-pch_defines,time_macros,locale}

# configure_preset NAME: speaks only when it fails.
configure_preset() {
  (
    cd "$root" || exit
    log=$(cmake --preset "$1" 2>&1) || { echo "$log" >&2 && exit 1; }
    touch "build/$1/configured"
  )
}

# build_preset NAME [cmake --build arguments...]: configures and builds.
build_preset() {
  configure_preset "$1" && (cd "$root" && cmake --build --preset "$1" --parallel "$jobs" "${@:2}")
}

# What the presets of tests tell the sanitizers, for a program that is run without ctest.
sanitizer_options() {
  export TSAN_OPTIONS=halt_on_error=1:second_deadlock_stack=1${TSAN_OPTIONS:+:$TSAN_OPTIONS}
  export ASAN_OPTIONS=detect_stack_use_after_return=1${ASAN_OPTIONS:+:$ASAN_OPTIONS} UBSAN_OPTIONS=print_stacktrace=1
}
