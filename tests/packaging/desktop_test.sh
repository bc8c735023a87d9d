#!/usr/bin/env bash
# desktop_test.sh ASSETS: what is told to the desktop, each held against its validator. Those that are not installed
# are named and left out.
set -euo pipefail
assets=$1
desktop=$1/desktop
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
has() { command -v "$1" >/dev/null || { echo "no $1 here"; return 1; }; }

for file in "$desktop"/*.svg "$desktop"/*.xml; do xmllint --noout "$file"; done
if has desktop-file-validate; then
  told=$(desktop-file-validate "$desktop/headlight.desktop")
  [ -z "$told" ] || { echo "$told"; exit 1; }
fi
if has appstreamcli; then appstreamcli validate --no-net --pedantic "$desktop"/*.metainfo.xml; fi
if has update-mime-database && has gio; then
  mkdir -p "$work/mime/packages"
  cp "$desktop/headlight.xml" /usr/share/mime/packages/freedesktop.org.xml "$work/mime/packages"
  XDG_DATA_DIRS=$work XDG_DATA_HOME=$work update-mime-database "$work/mime"
  # By its name, and by its content under another name.
  cp "$assets/examples/who-is-meant.headlight.json" "$work/who.headlight.json"
  cp "$work/who.headlight.json" "$work/who"
  for file in "$work/who.headlight.json" "$work/who"; do
    kind=$(XDG_DATA_DIRS=$work XDG_DATA_HOME=$work gio info -a standard::content-type "$file" |
      sed -n 's/.*content-type: //p')
    [ "$kind" = application/vnd.headlight.experiment+json ] || { echo "$file is taken for $kind"; exit 1; }
  done
fi
