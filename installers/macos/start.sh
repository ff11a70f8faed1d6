#!/bin/bash
# Installs Prelim in this checkout and opens the bundled study. Needs Python 3.11 or newer from python.org or Homebrew.
# usage: bash installers/macos/start.sh
set -euo pipefail
cd "$(dirname "$0")/../.."
[[ -x .venv/bin/python ]] || python3 -m venv .venv
.venv/bin/python -m pip install -q uv
.venv/bin/uv pip install -q --python .venv/bin/python --constraint constraints.txt --editable ".[scene3d]"
exec .venv/bin/prelim demo
