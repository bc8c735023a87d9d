#!/usr/bin/env bash
# install_test.sh BUILD SOURCE: installs a build into an empty folder and compares what lies there with what must.
set -euo pipefail
build=$(realpath "$1") source=$(realpath "$2")
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT

cmake --build "$build" --target headlight_share >/dev/null
cmake --install "$build" --prefix "$place" >/dev/null
{
  cat <<'LIST'
bin/headlight
share/applications/headlight.desktop
share/bash-completion/completions/headlight
share/doc/headlight/changelog.Debian.gz
share/doc/headlight/changelog.gz
share/doc/headlight/copyright
share/doc/headlight/from-python.md
share/doc/headlight/guide.md
share/doc/headlight/names.md
share/doc/headlight/README.md
share/fish/vendor_completions.d/headlight.fish
share/icons/hicolor/128x128/apps/headlight.png
share/icons/hicolor/256x256/apps/headlight.png
share/icons/hicolor/48x48/apps/headlight.png
share/icons/hicolor/scalable/apps/headlight.svg
share/icons/hicolor/scalable/mimetypes/application-vnd.headlight.experiment+json.svg
share/icons/hicolor/symbolic/apps/headlight-symbolic.svg
share/man/man1/headlight.1.gz
share/metainfo/org.headlight.headlight.metainfo.xml
share/mime/packages/headlight.xml
share/zsh/site-functions/_headlight
LIST
  (cd "$source/assets" && find examples -type f -printf 'share/doc/headlight/%p\n')
} | LC_ALL=C sort > "$place.must"
trap 'rm -rf "$place" "$place.must"' EXIT
(cd "$place" && find . -type f -printf '%P\n') | LC_ALL=C sort | diff "$place.must" - ||
  { echo "what is installed differs from what must be"; exit 1; }

cd "$place"
[ "$(bin/headlight --version)" = "$("$build/headlight" --version)" ]
zcat share/man/man1/headlight.1.gz | grep '^\.TH HEADLIGHT 1 ' >/dev/null
grep -q '^complete -F _headlight headlight' share/bash-completion/completions/headlight
head -1 share/zsh/site-functions/_headlight | grep -qx '#compdef headlight'
grep -q '^complete -c headlight' share/fish/vendor_completions.d/headlight.fish
if readelf -d bin/headlight | grep -Eq 'R(UN)?PATH'; then echo "the program has a run path"; exit 1; fi
