# shellcheck shell=bash
# Sourced, after packages.sh. Node runs the job library of other people that the conformance tests use.

ensure_node() {
  command -v node >/dev/null && command -v npm >/dev/null && return
  ensure_packages "the conformance tests" nodejs npm
}
