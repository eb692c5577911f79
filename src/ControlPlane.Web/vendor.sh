#!/usr/bin/env bash
# Refreshes what the pages take from npm: the style sheet of Tabler, and a sprite with the icons that are used.
# Both are committed, so that a build needs no npm. Usage: src/ControlPlane.Web/vendor.sh
set -euo pipefail

tabler=1.6.1
icons=3.51.0
used=(
  activity alert-circle alert-triangle arrow-back-up arrow-right bell bolt box building-factory-2 check chevron-down
  chevron-left chevron-right circle-check clock code copy cpu credit-card database database-export device-floppy edit
  external-link eye eye-off file-text gauge heart-rate-monitor history home inbox info-circle key layout-dashboard
  list-check lock logout mail menu-2 moon player-pause player-play plug-connected plus refresh rotate-clockwise search
  server-2 settings shield-check stack-2 sun terminal-2 trash user users world x
)

here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

npm pack --silent "@tabler/core@$tabler" "@tabler/icons@$icons" >/dev/null
mkdir core icons
tar xzf "tabler-core-$tabler.tgz" -C core
tar xzf "tabler-icons-$icons.tgz" -C icons

mkdir -p "$here/wwwroot/lib"
# The map it refers to is not shipped.
sed '/^\/\*# sourceMappingURL/d' core/package/dist/css/tabler.min.css >"$here/wwwroot/lib/tabler.min.css"

{
  echo '<svg xmlns="http://www.w3.org/2000/svg">'
  echo "<!-- Tabler Icons $icons, MIT -->"
  for name in "${used[@]}"; do
    printf '<symbol id="%s" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">' "$name"
    grep -o '<\(path\|circle\|rect\|line\|polyline\|ellipse\)[^>]*>' "icons/package/icons/outline/$name.svg" | grep -v 'stroke="none"' | tr -d '\n'
    echo '</symbol>'
  done
  echo '</svg>'
} >"$here/Components/icons.svg"
