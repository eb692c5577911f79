#!/bin/bash
# engine.sh start | stop | status | firewall [SUBNET]
#
# A private Docker Engine for a machine where none answers (no systemd needed; root only). `start` prints the DOCKER_HOST to use:
# the engine that already answers, or the one it started. `stop` ends only an engine that `start` began, with its containers;
# they come back with the next start. `firewall` closes the way from tenants' networks to the host and out, for an engine of
# your own; `start` does it for its engine.
#
# FAKTORY_ENGINE_RUN (default /run/faktory-cloud), FAKTORY_ENGINE_DATA (/var/lib/faktory-cloud/docker) and
# FAKTORY_ENGINE_POOL (10.212.0.0/16, one /28 a tenant) move it. One engine serves every checkout on the machine: two daemons in one
# network namespace would flush each other's packet filter chains.
set -euo pipefail

run=${FAKTORY_ENGINE_RUN:-/run/faktory-cloud}
data=${FAKTORY_ENGINE_DATA:-/var/lib/faktory-cloud/docker}
pool=${FAKTORY_ENGINE_POOL:-10.212.0.0/16}
socket=$run/docker.sock
export PATH=$PATH:/usr/sbin:/sbin

say() { echo "engine.sh: $*" >&2; }
answers() { [ -S "$1" ] && curl --silent --fail --max-time 5 --unix-socket "$1" http://docker/_ping >/dev/null 2>&1; }
api() { curl --silent --show-error --fail --max-time 60 --unix-socket "$socket" "$@"; }

# A tenant's container may answer connections, and open none: not to the host (INPUT), not to anywhere else (DOCKER-USER).
firewall() {
  local subnet=${1:-$pool} chain
  iptables -w -N DOCKER-USER 2>/dev/null || true
  for chain in INPUT DOCKER-USER; do
    iptables -w -C "$chain" -s "$subnet" -m conntrack --ctstate NEW -m comment --comment faktory-tenants -j DROP 2>/dev/null \
      || iptables -w -I "$chain" -s "$subnet" -m conntrack --ctstate NEW -m comment --comment faktory-tenants -j DROP
  done
}

open_firewall() {
  local chain
  for chain in INPUT DOCKER-USER; do
    iptables -w -D "$chain" -s "$pool" -m conntrack --ctstate NEW -m comment --comment faktory-tenants -j DROP 2>/dev/null || true
  done
}

# live-restore: a crash of the daemon leaves the tenants running. userland-proxy off: the proxy dies for good when its file
# descriptors run out, while the container still looks healthy. No docker0: nothing may join a shared bridge.
write_config() {
  cat > "$run/daemon.json" <<JSON
{
  "data-root": "$data",
  "exec-root": "$run/exec",
  "pidfile": "$run/dockerd.pid",
  "hosts": ["unix://$socket"],
  "bridge": "none",
  "live-restore": true,
  "userland-proxy": false,
  "icc": false,
  "no-new-privileges": true,
  "default-address-pools": [{ "base": "$pool", "size": 28 }],
  "log-driver": "json-file",
  "log-opts": { "max-size": "1m", "max-file": "3" },
  "default-ulimits": { "core": { "Name": "core", "Hard": 0, "Soft": 0 } },
  "shutdown-timeout": 20
}
JSON
}

start() {
  local given=${DOCKER_HOST:-unix:///var/run/docker.sock}
  if [[ $given == unix://* ]] && answers "${given#unix://}"; then echo "$given"; return; fi
  if answers "$socket"; then echo "unix://$socket"; return; fi
  [ "$(id -u)" = 0 ] || { say "no Docker engine answers, and only root can start one"; exit 3; }
  command -v dockerd >/dev/null || { say "no dockerd here: apt-get install -y docker.io iptables"; exit 3; }

  mkdir -p "$run" "$data"; chmod 0711 "$run"
  exec 9>"$run/start.lock"; flock 9
  if answers "$socket"; then echo "unix://$socket"; return; fi
  rm -f "$socket"
  # A pid file of a machine that was switched off, or of a killed daemon, stops dockerd when the number is in use again.
  if [ -f "$run/dockerd.pid" ] && [ "$(cat "/proc/$(cat "$run/dockerd.pid")/comm" 2>/dev/null)" != dockerd ]; then rm -f "$run/dockerd.pid"; fi
  write_config
  setsid dockerd --config-file "$run/daemon.json" >>"$run/dockerd.log" 2>&1 </dev/null 9>&- &
  local child=$!
  for _ in $(seq 1 300); do
    if answers "$socket"; then firewall; echo "unix://$socket"; return; fi
    kill -0 "$child" 2>/dev/null || break
    sleep 0.1
  done
  say "dockerd did not start; the end of $run/dockerd.log:"; tail -5 "$run/dockerd.log" >&2; exit 1
}

stop() {
  local pid id
  [ -f "$run/dockerd.pid" ] || { say "no engine of ours runs"; return; }
  pid=$(cat "$run/dockerd.pid")
  if [ "$(cat "/proc/$pid/comm" 2>/dev/null)" != dockerd ]; then rm -f "$run/dockerd.pid"; say "the engine was gone already"; return; fi
  # With live-restore the containers outlive the daemon, so they are stopped by name first.
  for id in $(api http://docker/containers/json | grep -o '"Id":"[0-9a-f]\{64\}"' | cut -d'"' -f4); do
    api -X POST "http://docker/containers/$id/stop?t=10" >/dev/null || true
  done
  kill -TERM "$pid"
  for _ in $(seq 1 300); do kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
  if kill -0 "$pid" 2>/dev/null; then say "dockerd $pid did not end within 30 s"; exit 1; fi
  open_firewall
  say "stopped"
}

case ${1:-} in
  start) start ;;
  stop) stop ;;
  status) answers "$socket" && echo "unix://$socket" || { say "not running"; exit 1; } ;;
  firewall) firewall "${2:-$pool}" ;;
  *) echo "usage: $0 start | stop | status | firewall [SUBNET]" >&2; exit 2 ;;
esac
