#!/usr/bin/env bash
# One command on a fresh Debian 12 with git and Python 3.11: installs what is missing, then runs the main job on the bundled study.
# With a screen the window opens on it; without one the job runs by itself and leaves its files in a folder.
# usage: installers/linux/start.sh [FOLDER-FOR-THE-FILES]
set -euo pipefail
here=$(cd "$(dirname "$0")/../.." && pwd)
"$here/installers/linux/setup.sh" "$here/.venv" scene3d
if [[ -n ${DISPLAY:-}${WAYLAND_DISPLAY:-} ]]; then
  exec "$here/.venv/bin/prelim" demo
fi
out=${1:-$PWD/prelim-demo}
QT_QPA_PLATFORM=offscreen "$here/.venv/bin/prelim" demo --headless --out "$out"
echo "No screen here, so the job ran by itself. Its files are in $out"
