#!/bin/bash
# infra/secrets.sh DIR
# Makes what infra/compose.yaml keeps secret, once: a password for each role of the database, and the certificate that wraps the key ring.
# Files that are there stay as they are. As root, they are given to the user that the processes run as (10002). Keep a copy somewhere
# safe: without key-ring.p12 no secret in the database can be read again.
set -euo pipefail
[ $# -ge 1 ] || { sed -n '2,5s/^# \{0,1\}//p' "$0" >&2; exit 2; }
folder=$1 user=10002
umask 077
mkdir -p "$folder"
random() { head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n'; }

[ -e "$folder/postgres" ] || random > "$folder/postgres"
for role in fc_owner fc_api fc_web fc_provisioner fc_backup; do
  [ -e "$folder/$role" ] || printf '*:*:faktory_cloud:%s:%s\n' "$role" "$(random)" > "$folder/$role"
done
if [ ! -e "$folder/key-ring.p12" ]; then
  draft=$(mktemp -d "$folder/.draft.XXXXXX"); trap 'rm -rf "$draft"' EXIT
  openssl req -x509 -newkey rsa:3072 -nodes -days 10950 -subj '/CN=faktory-cloud key ring' -keyout "$draft/key.pem" -out "$draft/certificate.pem" 2>/dev/null
  openssl pkcs12 -export -inkey "$draft/key.pem" -in "$draft/certificate.pem" -passout pass: -out "$draft/key-ring.p12"
  mv "$draft/key-ring.p12" "$folder/key-ring.p12"
fi
if [ "$(id -u)" = 0 ]; then chown "$user:$user" "$folder"/fc_* "$folder/key-ring.p12"; fi
chmod 0400 "$folder"/*
echo "secrets.sh: $folder is complete" >&2
