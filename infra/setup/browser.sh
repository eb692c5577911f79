# shellcheck shell=bash
# Sourced, after packages.sh. Playwright cannot download its own browser here; Debian's is as good.

# ensure_browser: sets CHROMIUM to the browser's path; 1, with the reason in BROWSER_MISSING, when there can be none.
ensure_browser() {
  local name
  for name in chromium chromium-browser google-chrome; do
    # Ubuntu's chromium-browser is a snap's stub, which is no browser where there is no snap.
    if command -v "$name" >/dev/null && "$name" --version >/dev/null 2>&1; then CHROMIUM=$(command -v "$name"); export CHROMIUM; return 0; fi
  done
  BROWSER_MISSING='no chromium here, and this distribution has no package of it'
  apt-cache show chromium >/dev/null 2>&1 || as_root apt-get update -qq || true
  apt-cache show chromium >/dev/null 2>&1 || return 1
  ensure_packages "tests in a browser" chromium fonts-liberation
  CHROMIUM=$(command -v chromium) && export CHROMIUM
}
