# What scripts/test and scripts/bench share. Sets: root (the repository), jobs (builds and tests run at once).
# shellcheck shell=bash
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck disable=SC2034
jobs=$(getconf _NPROCESSORS_ONLN)

# Or ccache keeps nothing that is compiled with a precompiled header.
export CCACHE_SLOPPINESS=${CCACHE_SLOPPINESS:-pch_defines,time_macros}

# build_preset NAME [cmake --build arguments...]: configures, which speaks only when it fails, and builds.
build_preset() {
  (
    cd "$root" || exit
    log=$(cmake --preset "$1" 2>&1) || { echo "$log" >&2 && exit 1; }
    cmake --build --preset "$1" --parallel "$jobs" "${@:2}"
  )
}
