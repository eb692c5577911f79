#!/bin/bash
# build-image.sh [--server DIR] [--out FILE] [--load]
#
# The image of Faktory.Server without a registry: the published server and the system libraries it loads, from this machine,
# packed as a docker-archive. The same input gives the same bytes and so the same image id, on every run and every machine.
# Prints the image id. Needs the .NET SDK, clang and zlib1g-dev to publish; not root, and no Docker Engine but for --load.
#
#   --server DIR   a folder with a published faktory-server (default: publishes src/Faktory.Server with native AOT)
#   --out FILE     where the archive goes (default: artifacts/docker/faktory-server.tar)
#   --load         hands it to the engine at DOCKER_HOST, unless that has it
set -euo pipefail
shopt -s nullglob
umask 022
export PATH=$PATH:/usr/sbin:/sbin

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
repository=$(cd "$here/../.." && pwd)
server='' out=$repository/artifacts/docker/faktory-server.tar load=no
while [ $# -gt 0 ]; do
  case $1 in
    --server) server=$2; shift 2 ;;
    --out) out=$2; shift 2 ;;
    --load) load=yes; shift ;;
    *) sed -n '2,11s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
  esac
done

if [ -z "$server" ]; then
  server=$repository/artifacts/publish/Faktory.Server/release
  dotnet publish "$repository/src/Faktory.Server" --configuration Release --nologo --verbosity quiet >&2
  # With a runtime identifier in the project the SDK names the folder after both.
  [ -x "$server/faktory-server" ] || server=$repository/artifacts/publish/Faktory.Server/release_linux-x64
fi
[ -x "$server/faktory-server" ] || { echo "build-image.sh: no faktory-server in $server" >&2; exit 1; }

work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
root=$work/root
mkdir -p "$root"/{etc/ssl/certs,usr/share/doc,tmp,proc,sys,dev,run} "$root/var/lib/faktory"

# What the loader would load: of the server, of its libraries, and of OpenSSL, which .NET opens by name.
install -m 0755 "$server/faktory-server" "$root/faktory-server"
find "$server" -maxdepth 1 -name '*.so*' -exec install -m 0755 -t "$root" {} +
openssl=$(ldconfig -p | awk '/lib(ssl|crypto)\.so\.3 .*x86-64/ { print $NF }')
[ -n "$openssl" ] || { echo "build-image.sh: OpenSSL 3 is not installed here" >&2; exit 1; }
libraries=$(ldd "$root/faktory-server" "$root"/*.so* $openssl 2>/dev/null \
  | awk '$2 == "=>" && $3 ~ /^\// { print $3 } $1 ~ /^\/.*ld-linux/ { print $1 }')
for library in $libraries $openssl; do
  case $library in "$root"/*) continue ;; esac
  install -D -m 0755 "$(readlink -f "$library")" "$root$library"
  # Runtime libraries come with their licences.
  package=$({ dpkg-query -S "$(readlink -f "$library")" || dpkg-query -S "$library"; } 2>/dev/null | head -1 | cut -d: -f1) || true
  if [ -n "$package" ] && [ -f "/usr/share/doc/$package/copyright" ]; then
    install -D -m 0644 "/usr/share/doc/$package/copyright" "$root/usr/share/doc/$package/copyright"
  fi
done
install -m 0644 /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/ca-certificates.crt"
printf 'root:x:0:0:root:/:/sbin/nologin\nfaktory:x:10001:10001:faktory:/var/lib/faktory:/sbin/nologin\n' > "$root/etc/passwd"
printf 'root:x:0:\nfaktory:x:10001:\n' > "$root/etc/group"
printf 'hosts: files dns\n' > "$root/etc/nsswitch.conf"
chmod 1777 "$root/tmp"; chmod 0700 "$root/var/lib/faktory"

# Owners are set in the archive, so that nobody needs to be root. A volume takes mode and owner of the folder it covers.
layer=$work/layer.tar
pack=(tar --create --sort=name --mtime=@0 --numeric-owner --format=gnu)
"${pack[@]}" --owner=0 --group=0 --exclude=./var/lib/faktory --file="$layer" -C "$root" .
tar --append --sort=name --mtime=@0 --numeric-owner --format=gnu --owner=10001 --group=10001 --file="$layer" -C "$root" ./var/lib/faktory
layer_digest=$(sha256sum "$layer" | cut -d' ' -f1)

cat > "$work/config.json" <<JSON
{"architecture":"amd64","os":"linux","created":"1970-01-01T00:00:00Z","config":{"User":"10001:10001","ExposedPorts":{"7419/tcp":{}},"Env":["SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt"],"Entrypoint":["/faktory-server"],"Cmd":["serve","-e","production","-b",":7419","-w",":7420"],"Volumes":{"/var/lib/faktory":{}},"Healthcheck":{"Test":["CMD","/faktory-server","healthcheck"],"Interval":30000000000,"Timeout":5000000000,"StartPeriod":5000000000},"WorkingDir":"/var/lib/faktory","StopSignal":"SIGTERM","Labels":{"org.opencontainers.image.title":"faktory-server","org.opencontainers.image.licenses":"Apache-2.0"}},"rootfs":{"type":"layers","diff_ids":["sha256:$layer_digest"]},"history":[{"created":"1970-01-01T00:00:00Z","created_by":"infra/docker/build-image.sh"}]}
JSON
id=$(sha256sum "$work/config.json" | cut -d' ' -f1)
mkdir "$work/archive"
mv "$layer" "$work/archive/layer.tar"
mv "$work/config.json" "$work/archive/$id.json"
printf '[{"Config":"%s.json","RepoTags":["faktory-server:latest","faktory-server:%s"],"Layers":["layer.tar"]}]' "$id" "${id:0:12}" \
  > "$work/archive/manifest.json"
mkdir -p "$(dirname "$out")"
"${pack[@]}" --owner=0 --group=0 --file="$out.new" -C "$work/archive" manifest.json "$id.json" layer.tar
mv "$out.new" "$out"
echo "sha256:$id" > "$out.id"

if [ $load = yes ]; then
  engine=${DOCKER_HOST:-unix:///var/run/docker.sock}
  [[ $engine == unix://* ]] || { echo "build-image.sh: --load speaks to a unix:// engine, not to $engine" >&2; exit 1; }
  call=(curl --silent --show-error --fail --max-time 120 --output /dev/null --unix-socket "${engine#unix://}")
  if ! "${call[@]}" "http://docker/images/sha256:$id/json" 2>/dev/null; then
    "${call[@]}" --request POST --header 'Content-Type: application/x-tar' --data-binary "@$out" http://docker/images/load
  fi
  for tag in latest "${id:0:12}"; do
    "${call[@]}" --request POST "http://docker/images/sha256:$id/tag?repo=faktory-server&tag=$tag"
  done
fi
echo "sha256:$id"
