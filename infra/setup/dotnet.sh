# shellcheck shell=bash
# Sourced, after packages.sh, in the root of the checkout.

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false
# Builds leave no process behind: no waiting compiler, no waiting build nodes.
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0 UseSharedCompilation=false

dotnet_answers() { dotnet --version >/dev/null 2>&1; }

# ensure_dotnet: a .NET SDK that global.json accepts.
ensure_dotnet() {
  local folder
  if ! command -v dotnet >/dev/null; then
    for folder in "$HOME/.dotnet" /usr/share/dotnet /usr/lib/dotnet /usr/local/share/dotnet; do
      if [ -x "$folder/dotnet" ]; then export PATH="$folder:$PATH" DOTNET_ROOT="$folder"; break; fi
    done
  fi
  dotnet_answers && return
  if apt-cache show dotnet-sdk-10.0 >/dev/null 2>&1; then
    ensure_packages "building" dotnet-sdk-10.0
    dotnet_answers && return
  fi
  local found; found=$(dotnet --list-sdks 2>/dev/null | cut -d' ' -f1 | paste -sd' ' || true)
  die "the .NET SDK 10.0 is missing (found: ${found:-none}). Ubuntu: apt-get install dotnet-sdk-10.0. Debian: https://learn.microsoft.com/dotnet/core/install/linux-debian"
}
