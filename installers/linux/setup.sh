#!/usr/bin/env bash
# Installs what Prelim needs on Debian or Ubuntu: system packages, a virtual environment, the dependencies.
# usage: installers/linux/setup.sh [ENVIRONMENT [EXTRA...]]     e.g. setup.sh .venv, setup.sh .venv scene3d, setup.sh .venv dev scene3d, setup.sh .venv-vlm dev vlm
# What is there already is left alone; run it again whenever you like.
set -euo pipefail
cd "$(dirname "$0")/../.."
environment=${1:-.venv}
shift || true

run_packages=(python3-venv fonts-noto-core fontconfig libegl1 libgl1 libopengl0 libdbus-1-3 libfontconfig1 libglib2.0-0 libxkbcommon0
  libxkbcommon-x11-0 libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render-util0
  libxcb-shape0 libxcb-shm0 libxcb-sync1 libxcb-xfixes0 libxcb-xinerama0 libxcb-xkb1 libx11-xcb1)
test_packages=(dcmtk dicom3tools ffmpeg genisoimage libarchive-tools libgdcm-tools openjph-tools orthanc poppler-utils qpdf x11-xserver-utils xvfb xauth xz-utils git)

packages=("${run_packages[@]}")
for extra in "$@"; do [[ $extra == dev ]] && packages+=("${test_packages[@]}"); done

install_packages() {
  command -v apt-get >/dev/null || {
    echo "This is not a Debian system. Install by hand: ${packages[*]}" >&2
    return 0
  }
  local missing=() package
  for package in "${packages[@]}"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
  done
  ((${#missing[@]})) || return 0
  echo "Installing system packages: ${missing[*]}"
  local as_root=()
  ((EUID == 0)) || as_root=(sudo)
  # The tests start an archive of their own; a developer's machine gets the program, never a listening service.
  [[ " ${missing[*]} " == *" orthanc "* && -d /run/systemd/system ]] && "${as_root[@]}" systemctl mask orthanc.service
  "${as_root[@]}" apt-get update -q
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -q -y --no-install-recommends "${missing[@]}"
}

make_environment() {
  local python
  python=$(command -v python3.11 || command -v python3)
  "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "Prelim needs Python 3.11 or newer; this is $("$python" --version)." >&2
    exit 1
  }
  [[ -x $environment/bin/python ]] || "$python" -m venv "$environment"
  [[ -x $environment/bin/uv ]] || "$environment/bin/python" -m pip install -q uv
  local what=.
  (($#)) && what=".[$(IFS=, && echo "$*")]"
  "$environment/bin/uv" pip install -q --python "$environment/bin/python" --constraint constraints.txt --editable "$what"
}

install_packages
make_environment "$@"
