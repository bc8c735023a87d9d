#!/usr/bin/env bash
# check_package.sh PACKAGE.deb: lintian, what it holds, and whether the program in it is hardened and stripped.
set -euo pipefail
package=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() { echo "check_package: $*" >&2; exit 1; }

dpkg-deb --info "$package"
dpkg-deb --extract "$package" "$work"
program=$work/usr/bin/headlight
file "$program" | grep ', stripped' >/dev/null || fail "the program is not stripped"
readelf -h "$program" | grep 'Type:.*DYN' >/dev/null || fail "the program is no PIE"
readelf -d "$program" | grep 'BIND_NOW' >/dev/null || fail "symbols are not bound at start"
readelf -lW "$program" | grep 'GNU_RELRO' >/dev/null || fail "no read-only relocations"
readelf -d "$program" | grep -E 'R(UN)?PATH' >/dev/null && fail "the program has a run path"
readelf --dyn-syms -W "$program" | grep '__stack_chk_fail' >/dev/null || fail "no stack protector"
readelf --dyn-syms -W "$program" | grep '_chk@' >/dev/null || fail "no fortified functions"
"$program" --version
"$program" describe --text "it was tired" --heads 1 -q >/dev/null
"$(dirname "$0")/desktop_test.sh" "$(dirname "$0")/../../assets" >/dev/null
lintian --fail-on error --suppress-tags initial-upload-closes-no-bugs "$package"
