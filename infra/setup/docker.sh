# shellcheck shell=bash
# Sourced, after packages.sh, in the root of the checkout.

docker_answers() {
  local host=${DOCKER_HOST:-unix:///var/run/docker.sock}
  case $host in
    unix://*) [ -S "${host#unix://}" ] && curl --silent --fail --max-time 5 --unix-socket "${host#unix://}" http://docker/_ping >/dev/null 2>&1 ;;
    *) command -v docker >/dev/null && timeout 10 docker version >/dev/null 2>&1 ;;
  esac
}

# ensure_docker: sets DOCKER_HOST to an engine that answers. Starts one when nobody answers and we are root; 1, with the reason in
# DOCKER_MISSING, when there can be none. DOCKER_STARTED=1 says that this call started it: whoever called stops it.
ensure_docker() {
  DOCKER_STARTED='' DOCKER_MISSING=''
  command -v curl >/dev/null || ensure_packages "talking to Docker" curl ca-certificates
  if docker_answers; then export DOCKER_HOST=${DOCKER_HOST:-unix:///var/run/docker.sock}; return 0; fi
  if ! is_root; then DOCKER_MISSING='no Docker engine answers, and only root can start one'; return 1; fi
  command -v dockerd >/dev/null && command -v iptables >/dev/null || ensure_packages "Docker" docker.io iptables
  local before; before=$(infra/docker/engine.sh status 2>/dev/null || true)
  if ! DOCKER_HOST=$(infra/docker/engine.sh start); then
    unset DOCKER_HOST
    DOCKER_MISSING='dockerd does not start here (what it said is above)'
    return 1
  fi
  export DOCKER_HOST
  [ -n "$before" ] || DOCKER_STARTED=1
}

stop_docker() { [ -z "${DOCKER_STARTED:-}" ] || infra/docker/engine.sh stop; DOCKER_STARTED=''; }

# ensure_image: the job server's image in that engine, made from the program that build_server compiled; nothing to do when it is there.
# FAKTORY_IMAGE is then its id.
ensure_image() {
  quietly image infra/docker/build-image.sh --server artifacts/faktory-server --load || die "the job server's image cannot be made (above; whole in artifacts/logs/image.log)"
  FAKTORY_IMAGE=$(cat artifacts/docker/faktory-server.tar.id)
  export FAKTORY_IMAGE
}
