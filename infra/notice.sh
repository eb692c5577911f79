#!/bin/bash
# infra/notice.sh [--check]
# Writes the table of packages in NOTICE.md from the lock files and from what each package says of its licence; what stands outside
# the two marks is written by hand. --check changes nothing, and fails when something would change. Needs a restored solution.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."
packages=${NUGET_PACKAGES:-$HOME/.nuget/packages}
begin='<!-- written by infra/notice.sh -->' end='<!-- end of what infra/notice.sh writes -->'

# Packages that name their licence by a file or an address only, read and identified by a person.
licence_of() {
  case $1 in
    Stripe.net) echo Apache-2.0 ;;
    SmtpServer) echo MIT ;;
    Hangfire.PostgreSql) echo LGPL-3.0-only ;;
    Hangfire.*) echo LGPL-3.0-or-later ;;
    *) return 1 ;;
  esac
}

tag() { tr -d '\r\n' < "$2" | sed -n "s/.*<$1\(>\| [^>]*>\)\([^<]*\)<\/$1>.*/\2/p" | sed 's/&amp;/\&/g; s/&lt;[^&]*&gt;//g; s/|/,/g; s/^ *//; s/ *$//'; }

# nuget_rows: "id version use" to a row of the table.
nuget_row() {
  local id=$1 version=$2 use=$3 nuspec licence holder
  nuspec=$packages/${id,,}/${version,,}/${id,,}.nuspec
  [ -f "$nuspec" ] || { echo "notice.sh: $id $version is not restored (no $nuspec)" >&2; return 1; }
  licence=$(tr -d '\r\n' < "$nuspec" | sed -n 's/.*<license type="expression"[^>]*>\([^<]*\)<.*/\1/p')
  [ -n "$licence" ] || licence=$(licence_of "$id") || {
    echo "notice.sh: $id $version: which licence? $(grep -ioE '<license[^>]*>[^<]*' "$nuspec" | paste -sd' ')" >&2; return 1; }
  holder=$(tag copyright "$nuspec")
  [ -n "$holder" ] || holder=$(tag authors "$nuspec")
  echo "| $id | $version | $licence | $use | $holder |"
}

# nuget_packages FILE…: "id version" of every package in the lock files.
nuget_packages() {
  awk '/^      "[^"]+": \{/ { split($0, q, "\""); id = q[2] }
       /^        "type": "Project"/ { id = "" }
       /^        "resolved": / && id != "" { split($0, q, "\""); print id, q[4] }' "$@" | LC_ALL=C sort -u
}

# npm_packages FILE: rows of a package-lock.json, which names licences itself.
npm_rows() {
  awk -v use="$2" '/^    "node_modules\// { n = split($0, q, "\""); id = q[2]; sub(/.*node_modules\//, "", id) }
       /^      "version": / && id != "" { split($0, q, "\""); version = q[4] }
       /^      "license": / && id != "" { split($0, q, "\""); print "| " id " (npm) | " version " | " q[4] " | " use " | |"; id = "" }' "$1" | LC_ALL=C sort -u
}

table() {
  echo '| package | version | licence | used by | copyright |'
  echo '|---|---|---|---|---|'
  local product clients all id version failed=0
  product=$(nuget_packages src/*/packages.lock.json)
  clients=$(nuget_packages clients/csharp/packages.lock.json)
  all=$(nuget_packages {src,tests,benchmarks,clients}/*/packages.lock.json)
  while read -r id version; do
    if grep -qxF "$id $version" <<< "$product"; then nuget_row "$id" "$version" product || failed=1
    elif grep -qxF "$id $version" <<< "$clients"; then nuget_row "$id" "$version" "generated client" || failed=1
    else nuget_row "$id" "$version" "tests, benchmarks" || failed=1; fi
  done <<< "$all"
  local lock
  while read -r lock; do npm_rows "$lock" tests; done < <(find src tests -name package-lock.json -not -path '*/node_modules/*') | LC_ALL=C sort -u
  npm_rows clients/typescript/package-lock.json "generated client"
  return "$failed"
}

notice() {
  sed "\|^$begin\$|q" NOTICE.md && table && sed -n "\|^$end\$|,\$p" NOTICE.md
}

new=$(mktemp); trap 'rm -f "$new"' EXIT
notice > "$new"
if [ "${1:-}" = --check ]; then diff -u NOTICE.md "$new"; else cp "$new" NOTICE.md; fi
