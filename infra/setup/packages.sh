# shellcheck shell=bash
# Sourced, after terminal.sh. Debian's packages: installs only what is missing, and refreshes the lists only when it must.

has_package() { [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

apt_install() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 -o Dpkg::Options::=--force-confold "$@"
}

# ensure_packages REASON PACKAGE…
ensure_packages() {
  local reason=$1 package attempt missing=()
  shift
  for package in "$@"; do has_package "$package" || missing+=("$package"); done
  [ ${#missing[@]} -gt 0 ] || return 0
  command -v apt-get >/dev/null || die "$reason needs ${missing[*]}, and only apt (Debian, Ubuntu) can be asked for packages here. Please install it yourself."
  as_root true || die "$reason needs ${missing[*]}. Please run: sudo apt-get install -y ${missing[*]}"
  say "Installing for $reason: ${missing[*]}"
  local log; log=$(mktemp)
  (
    # Two of our scripts may start together; apt's own lock does not cover its lists.
    flock 8
    for attempt in 1 2 3; do
      if apt_install "${missing[@]}"; then exit 0; fi
      sleep "$((attempt - 1))"
      as_root apt-get update -qq -o DPkg::Lock::Timeout=300 || true
    done
    exit 1
  ) 8>"/tmp/faktory-cloud-setup-$(id -u).lock" >"$log" 2>&1 || { tail -15 "$log" >&2; rm -f "$log"; die "apt could not install ${missing[*]} (its last words are above)"; }
  rm -f "$log"
}
