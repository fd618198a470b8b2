#!/bin/sh
# Renew the pinned requirements (hashes, no index URLs). Needs `uv`; commit what it writes.
set -eu
cd "$(dirname "$0")/.."
for name in runtime dev; do
  uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header "$@" \
    --output-file "requirements/$name.txt" "requirements/$name.in"
done
