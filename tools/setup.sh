#!/bin/sh
# Make .venv with the pinned requirements: `sh tools/setup.sh runtime|dev`.
set -eu
cd "$(dirname "$0")/.."
python="${PYTHON:-python3}"
venv=.venv

stop() {
  printf '\n%s\n' "$1" >&2
  exit 1
}

command -v "$python" >/dev/null || stop "Python is missing: install Python 3.11 or newer, or name it: make up PYTHON=/path/to/python3"
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
  || stop "$("$python" --version) is too old: Etalase needs Python 3.11 or newer. Name a newer one: make up PYTHON=python3.12"

# Debian keeps the part of Python that makes environments in a package of its own.
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing python3-venv ..."
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-venv >/dev/null
  else
    stop "Python cannot make environments here. On Debian and Ubuntu: sudo apt-get install python3-venv"
  fi
fi

# An environment that was half made, or that was made at another place, is made anew.
if ! "$venv/bin/python" -m pip --version >/dev/null 2>&1 || ! head -n 1 "$venv/bin/pip" | grep -qF "$PWD/$venv"; then
  echo "Making $venv ..."
  "$python" -m venv --clear "$venv"
fi

pip="$venv/bin/python -m pip --disable-pip-version-check"
echo "Installing the pinned requirements ($1) ..."
$pip install --quiet --require-hashes -r "requirements/$1.txt"
$pip install --quiet --no-deps --no-build-isolation -e .
