#!/bin/sh
# Gives each role the password of its file in /run/secrets (a .pgpass line: host:port:database:role:password). Runs after roles.sql, as a
# superuser, as often as one likes: that is also how a password is changed. Passwords go in on standard input, so that no list of processes shows them.
set -eu
for role in fc_owner fc_api fc_web fc_provisioner fc_backup; do
  password=$(sed -n "s/^[^:]*:[^:]*:[^:]*:$role://p" "/run/secrets/$role")
  [ -n "$password" ] || { echo "passwords.sh: no password in /run/secrets/$role" >&2; exit 1; }
  printf "ALTER ROLE %s PASSWORD '%s';\n" "$role" "$password"
done | psql --quiet --no-psqlrc --set ON_ERROR_STOP=1 "$@"
