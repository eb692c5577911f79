# shellcheck shell=bash
# Sourced, after packages.sh, in the root of the checkout.

engine_run=${FAKTORY_ENGINE_RUN:-/run/faktory-cloud}

docker_answers() {
  local host=${DOCKER_HOST:-unix:///var/run/docker.sock}
  case $host in
    unix://*) [ -S "${host#unix://}" ] && curl --silent --fail --max-time 5 --unix-socket "${host#unix://}" http://docker/_ping >/dev/null 2>&1 ;;
    *) command -v docker >/dev/null && timeout 10 docker version >/dev/null 2>&1 ;;
  esac
}

# ensure_docker: sets DOCKER_HOST to an engine that answers. Starts one when nobody answers and we are root; 1, with the reason in
# DOCKER_MISSING, when there can be none. DOCKER_OURS=1 says that scripts started it: all of them share it, and whoever leaves last
# (release_docker) stops it.
ensure_docker() {
  DOCKER_OURS='' DOCKER_MISSING=''
  command -v curl >/dev/null || ensure_packages "talking to Docker" curl ca-certificates
  if docker_answers; then export DOCKER_HOST=${DOCKER_HOST:-unix:///var/run/docker.sock}; return 0; fi
  if ! is_root; then DOCKER_MISSING='no Docker engine answers, and only root can start one'; return 1; fi
  if ! command -v dockerd >/dev/null || ! command -v iptables >/dev/null; then ensure_packages "Docker" docker.io iptables; fi
  # Counted in before it is looked for, so that nobody who leaves stops it in between.
  mkdir -p "$engine_run" && exec 6>>"$engine_run/users" && flock --shared 6
  infra/docker/engine.sh status >/dev/null 2>&1 || touch "$engine_run/started-by-scripts"
  if ! DOCKER_HOST=$(infra/docker/engine.sh start 6>&- 7>&-); then
    unset DOCKER_HOST
    rm -f "$engine_run/started-by-scripts"
    exec 6>&-
    DOCKER_MISSING='dockerd does not start here (what it said is above)'
    return 1
  fi
  export DOCKER_HOST
  if [ -e "$engine_run/started-by-scripts" ]; then DOCKER_OURS=1; else exec 6>&-; fi
}

# release_docker: stops an engine that scripts started, unless another script still uses it.
release_docker() {
  [ -n "${DOCKER_OURS:-}" ] || return 0
  DOCKER_OURS=''
  if flock --exclusive --nonblock 6; then
    infra/docker/engine.sh stop 6>&-
    rm -f "$engine_run/started-by-scripts"
  fi
  exec 6>&-
}

# ensure_image: the job server's image in that engine, made from the program that build_server compiled; nothing to do when it is there.
# FAKTORY_IMAGE is then its id.
ensure_image() {
  quietly image infra/docker/build-image.sh --server artifacts/faktory-server --load || die "the job server's image cannot be made (above; whole in artifacts/logs/image.log)"
  FAKTORY_IMAGE=$(cat artifacts/docker/faktory-server.tar.id)
  export FAKTORY_IMAGE
}
