# shellcheck shell=bash
# Sourced, in the root of the checkout: what .ci/run checks beside the tests. Each check_NAME explains itself on standard output when it fails.

CHECKS='build format lock_files notice words openapi'

# The build refuses what analyzers and code style warn of, and ./test does not build the benchmarks.
check_build() { dotnet build FaktoryCloud.slnx -c Release; }

# What the build does not see: white space, and the order of usings, which comes along with any rule of style that is asked for.
check_format() {
  dotnet restore FaktoryCloud.slnx --locked-mode &&
    dotnet format whitespace FaktoryCloud.slnx --no-restore --verify-no-changes &&
    dotnet format style FaktoryCloud.slnx --no-restore --verify-no-changes --severity error --diagnostics IDE0001
}

# A restore that may change lock files must not want to.
check_lock_files() {
  dotnet restore FaktoryCloud.slnx --locked-mode && git diff --exit-code -- '*packages.lock.json' '*package-lock.json'
}

check_notice() { infra/notice.sh --check; }

# Addresses of package registries are settings of whoever builds, and do not belong into the repository.
# Locales are left out: in Spanish and Portuguese "todo" means "all".
check_words() {
  local hits
  hits=$(git grep -nIiE 'registry\.npmjs\.org|api\.nuget\.org|nuget\.org/v3|deb\.debian\.org|archive\.ubuntu\.com|artifactory|\bTODO\b|\bFIXME\b|\bHACK\b|not implemented' \
    -- . ':!infra/setup/checks.sh' ':!tests/Architecture.Tests' ':!**/wwwroot/lib/**' ':!src/Faktory.Server/Ui/Locales') || return 0
  printf 'words that must not be in the repository:\n%s\n' "$hits"
  return 1
}

# The committed description of the API is the one that the code generates.
check_openapi() {
  dotnet build src/ControlPlane.Api -c Release &&
    diff -u src/ControlPlane.Api/openapi.json <(artifacts/bin/ControlPlane.Api/release/ControlPlane.Api openapi)
}
