#!/bin/sh
# See that there is a Chromium for the browser journeys; installs Debian's when allowed to.
set -eu
for name in chromium chromium-browser google-chrome; do
  command -v "$name" >/dev/null && exit 0
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "Installing chromium ..."
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null
  exit 0
fi
echo "The browser journeys need Chromium. On Debian and Ubuntu: sudo apt-get install chromium" >&2
exit 1
