# shellcheck shell=bash
# Sourced, after dotnet.sh and aot.sh, in the root of the checkout. Builds what changed since the last time, one script at a time.
# FAKTORY_SERVER is then the job server's program, CONTROL_PLANE_HOST the host's.

export FAKTORY_SERVER=$PWD/artifacts/faktory-server/faktory-server
export CONTROL_PLANE_HOST=$PWD/artifacts/bin/ControlPlane.Host/release/ControlPlane.Host

# stamp PATH…: changes when the content of a file below changes, or the SDK.
stamp() {
  {
    dotnet --version
    find "$@" Directory.Build.props Directory.Packages.props global.json -type f -not -path '*/node_modules/*' -print0 | LC_ALL=C sort -z | xargs -0 sha1sum
  } | sha1sum | cut -d' ' -f1
}

# is_fresh NAME STAMP
is_fresh() { [ "$(cat "artifacts/stamps/$1" 2>/dev/null)" = "$2" ]; }

fresh_now() { mkdir -p artifacts/stamps && printf '%s\n' "$2" > "artifacts/stamps/$1"; }

# quietly NAME COMMAND…: shows the output only when it fails.
quietly() {
  local log=artifacts/logs/$1.log
  shift
  mkdir -p artifacts/logs
  "$@" >"$log" 2>&1 </dev/null && return
  tail -40 "$log" >&2
  return 1
}

one_at_a_time() {
  mkdir -p artifacts
  exec 7>artifacts/.lock
  flock -n 7 || { say "Another script is building; waiting for it."; flock 7; }
}

done_building() { exec 7>&-; }

publish_server() {
  rm -rf artifacts/faktory-server.new
  quietly "$1" dotnet publish src/Faktory.Server -c Release -o artifacts/faktory-server.new "${@:2}" || return 1
  # Swapped in whole, so that a running server keeps the file it has open.
  rm -rf artifacts/faktory-server.old
  if [ -e artifacts/faktory-server ]; then mv artifacts/faktory-server artifacts/faktory-server.old; fi
  mv artifacts/faktory-server.new artifacts/faktory-server
  rm -rf artifacts/faktory-server.old
}

# build_server: compiled ahead of time where that is possible, as ordinary .NET otherwise.
build_server() {
  local stamp kind=aot; stamp=$(stamp src/Faktory.Server)
  if is_fresh server "aot $stamp"; then return; fi
  if ! ensure_aot; then
    kind=jit
    if is_fresh server "jit $stamp"; then loud "The job server runs without ahead-of-time compilation: no clang or gcc with zlib1g-dev."; return; fi
  fi
  say "Compiling the job server (a minute; later starts skip this)"
  if [ "$kind" = aot ]; then
    publish_server server-aot || { kind=jit; loud "Ahead-of-time compilation of the job server failed (above; whole in artifacts/logs/server-aot.log)."; }
  fi
  if [ "$kind" = jit ]; then
    loud "The job server is built WITHOUT ahead-of-time compilation: it starts more slowly and needs more memory. apt-get install clang zlib1g-dev cures that."
    publish_server server-jit -p:PublishAot=false --self-contained false || die "the job server does not build (artifacts/logs/server-jit.log)"
  fi
  fresh_now server "$kind $stamp"
}

# build_host: the four processes of the control plane, and the one that holds them all.
build_host() {
  local stamp; stamp=$(stamp src infra/postgres)
  if is_fresh host "$stamp"; then return; fi
  say "Building the control plane"
  quietly host dotnet build src/ControlPlane.Host -c Release || die "the control plane does not build (above; whole in artifacts/logs/host.log)"
  fresh_now host "$stamp"
}
