#!/usr/bin/env bash
# Installs what numir needs and the machine lacks: LLVM and MLIR 22, and a Python environment for the tests. Quick when
# all is there. With the argument aarch64 also what checking for 64-bit ARM needs.
set -euo pipefail
cd "$(dirname "$0")/.."

packages=(
    llvm-22-dev libmlir-22-dev mlir-22-tools libpolly-22-dev clang-22 libclang-22-dev lld-22
    libzstd-dev libz3-dev libxml2-dev zlib1g-dev g++ gdb
)
missing=()
for package in "${packages[@]}"; do
    dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
done
if [ "${#missing[@]}" -gt 0 ]; then
    echo "installing ${missing[*]}"
    as_root=()
    [ "$(id -u)" -eq 0 ] || as_root=(sudo)
    "${as_root[@]}" apt-get update -qq
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${missing[@]}" >/dev/null
fi

stamp=.venv/requirements.stamp
if [ ! -x .venv/bin/python ]; then
    python3 -m venv .venv
fi
if ! cmp -s requirements.txt "$stamp"; then
    .venv/bin/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
    cp requirements.txt "$stamp"
fi

if [ "${1:-}" = aarch64 ]; then
    rustup target add aarch64-unknown-linux-gnu
fi
