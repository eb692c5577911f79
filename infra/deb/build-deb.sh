#!/bin/bash
# build-deb.sh [--server DIR] [--out DIR]
#
# The Debian package of Faktory.Server: the program with its library, a systemd unit, a configuration folder, a user. Prints its path.
# The same input gives the same bytes. Needs dpkg-deb; to publish also the .NET SDK, clang and zlib1g-dev. Not root.
#
#   --server DIR   a folder with a published faktory-server (default: publishes src/Faktory.Server with native AOT)
#   --out DIR      where the package goes (default: artifacts/deb)
#
# DPKG_DEB_COMPRESSOR_TYPE (xz) and SOURCE_DATE_EPOCH (the commit's time) are followed.
set -euo pipefail
umask 022

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
repository=$(cd "$here/../.." && pwd)
server='' out=$repository/artifacts/deb
while [ $# -gt 0 ]; do
  case $1 in
    --server) server=$2; shift 2 ;;
    --out) out=$2; shift 2 ;;
    *) sed -n '2,10s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
  esac
done
if [ -z "$server" ]; then
  server=$repository/artifacts/publish/Faktory.Server/release_linux-x64
  dotnet publish "$repository/src/Faktory.Server" --configuration Release --nologo --verbosity quiet --output "$server" >&2
fi
[ -x "$server/faktory-server" ] || { echo "build-deb.sh: no faktory-server in $server" >&2; exit 1; }

version=$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' "$repository/Directory.Build.props")
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git -C "$repository" log -1 --format=%ct 2>/dev/null || echo 0)}
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
root=$work/faktory-server_${version}_amd64
install -d "$root"/{DEBIAN,usr/bin,etc/faktory,usr/share/lintian/overrides} && install -d -m 0750 "$root/etc/faktory/conf.d"

# The program looks for its library beside itself, never elsewhere.
install -D -m 0755 "$server/faktory-server" "$root/usr/lib/faktory-server/faktory-server"
find "$server" -maxdepth 1 -name '*.so*' -exec install -m 0644 -t "$root/usr/lib/faktory-server" {} +
ln -s ../lib/faktory-server/faktory-server "$root/usr/bin/faktory-server"
install -D -m 0644 "$here/faktory-server.service" "$root/usr/lib/systemd/system/faktory-server.service"
install -m 0640 "$here/server.toml" "$root/etc/faktory/conf.d/server.toml"
install -D -m 0644 "$here/copyright" "$root/usr/share/doc/faktory-server/copyright"
cat "$repository/LICENSE" "$repository/NOTICE.md" | gzip -9n > "$root/usr/share/doc/faktory-server/NOTICE.gz"
gzip -9nc "$repository/docs/server.md" > "$root/usr/share/doc/faktory-server/server.md.gz"
printf 'faktory-server (%s) stable; urgency=medium\n\n  * See the documentation of this version.\n\n -- Faktory Cloud <maintainers@faktory.invalid>  %s\n' \
  "$version" "$(date -uR -d "@$SOURCE_DATE_EPOCH")" | gzip -9n > "$root/usr/share/doc/faktory-server/changelog.gz"
# A library of others; a program without a manual page: its --help is one; and configuration in which passwords may stand.
printf 'faktory-server: %s\n' no-manual-page embedded-library \
  'non-standard-dir-perm 0750 != 0755 [etc/faktory/conf.d/]' 'non-standard-file-perm 0640 != 0644 [etc/faktory/conf.d/server.toml]' \
  > "$root/usr/share/lintian/overrides/faktory-server"

# The newest symbols that program and library ask the C library for.
libc=$(cat "$root"/usr/lib/faktory-server/* | grep -ao 'GLIBC_2\.[0-9]*' | sort -Vu | tail -1)
size=$(du -sk "$root" | cut -f1)
sed -e "s/@VERSION@/$version/" -e "s/@SIZE@/$size/" -e "s/@LIBC@/${libc#GLIBC_}/" "$here/control" > "$root/DEBIAN/control"
echo /etc/faktory/conf.d/server.toml > "$root/DEBIAN/conffiles"
for script in postinst prerm postrm; do install -m 0755 "$here/$script" "$root/DEBIAN/$script"; done
(cd "$root" && find usr etc -type f -print0 | sort -z | xargs -0 md5sum) > "$root/DEBIAN/md5sums"

mkdir -p "$out"
dpkg-deb --root-owner-group -Z"${DPKG_DEB_COMPRESSOR_TYPE:-xz}" --build "$root" "$out" >&2
echo "$out/faktory-server_${version}_amd64.deb"
