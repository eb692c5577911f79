# shellcheck shell=bash
# Sourced, after packages.sh. Only PostgreSQL's programs are wanted: the host makes and runs a cluster of its own.

ensure_postgres() {
  if compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null; then return; fi
  local config=/etc/postgresql-common/createcluster.conf
  if [ -e "$config" ]; then
    ensure_packages "the database" postgresql
    return
  fi
  # Debian would create a cluster and start it on port 5432; this file says no, and says nothing any more afterwards.
  as_root install -d /etc/postgresql-common || die "the database needs PostgreSQL. Please run: sudo apt-get install -y postgresql"
  printf 'create_main_cluster = false\n' | as_root tee "$config" >/dev/null
  ensure_packages "the database" postgresql
  as_root sed -i 's/^create_main_cluster = false$/#create_main_cluster = true/' "$config"
}
