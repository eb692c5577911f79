# shellcheck shell=bash
# Sourced. What the scripts say, and how they become root.

say() { printf '%s\n' "$*" >&2; }

# loud MESSAGE: something works less well than it could, and must not scroll by unseen.
loud() { printf '\n*** %s\n\n' "$*" >&2; }

die() { printf '\nerror: %s\n' "$*" >&2; exit 1; }

is_root() { [ "$(id -u)" = 0 ]; }

# as_root COMMAND…: as root, or through sudo (without asking where nobody can answer); 1 when there is no way.
as_root() {
  if is_root; then "$@"
  elif ! command -v sudo >/dev/null; then return 1
  elif [ -t 0 ]; then sudo "$@"
  else sudo -n "$@"
  fi
}
