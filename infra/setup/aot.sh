# shellcheck shell=bash
# Sourced, after packages.sh. What ahead-of-time compilation needs beside the SDK: a linker's driver and zlib.

# can_compile_ahead: 0 when everything is here.
can_compile_ahead() {
  { command -v clang >/dev/null || command -v gcc >/dev/null; } && [ -e /usr/include/zlib.h ]
}

# ensure_aot: 1 when it cannot be had, which is no reason to stop.
ensure_aot() {
  can_compile_ahead && return
  (ensure_packages "compiling the job server ahead of time" clang zlib1g-dev)
}
