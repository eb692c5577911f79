#!/bin/bash
# infra/clients.sh: writes the packages of the generated clients to artifacts/clients, one for NuGet and one for npm.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."
. infra/setup/terminal.sh
. infra/setup/packages.sh
. infra/setup/dotnet.sh
. infra/setup/node.sh

ensure_dotnet
ensure_node
mkdir -p artifacts/clients
dotnet pack clients/csharp/FaktoryCloud.Client.csproj -c Release -v q
(cd clients/typescript && npm ci --ignore-scripts --no-audit --no-fund && npm run build && npm pack --pack-destination ../../artifacts/clients)
say "In artifacts/clients:"
ls artifacts/clients/*.nupkg artifacts/clients/*.tgz
