#!/usr/bin/env bash
# One command that passes the tests: style, types, contracts, unit, Qt (off screen and in a real window), conformance with the
# independent tools, and the extra vlm. Real studies are used where they are (PRELIM_DATA, else ../shared/data); without them the
# tests that need them are skipped and named.
set -euo pipefail
cd "$(dirname "$0")/../.."
export OMP_NUM_THREADS=1

installers/linux/setup.sh .venv dev scene3d
bin=.venv/bin

step() { printf '\n== %s\n' "$*"; }

step "real studies"
if [[ -z ${PRELIM_DATA:-} && -x ../shared/data/unpack ]]; then
  ../shared/data/unpack "${PRELIM_UNPACK_TO:-.data}"
  export PRELIM_DATA=${PRELIM_UNPACK_TO:-$PWD/.data}
fi
echo "${PRELIM_DATA:-none: tests that need them will be skipped and named below}"

step "style, words, types"
"$bin/ruff" format --check .
"$bin/ruff" check .
"$bin/codespell" README.md CHANGELOG.md workstation inference viewers tests resources
"$bin/mypy"

step "structure and unit"
"$bin/pytest" -q -n 2 --cov --cov-report= tests/structure tests/unit

step "the files that guard a patient: every branch"
"$bin/python" -m tests.structure.guarded

step "Qt off screen, conformance, scenarios"
"$bin/pytest" -q -n 2 tests/qt tests/golden tests/conformance tests/scenarios tests/benchmarks

step "a real window"
PRELIM_REAL_WINDOW=1 QT_QPA_PLATFORM=xcb xvfb-run -a -s "-screen 0 1920x1080x24" "$bin/pytest" -q -m window tests/qt

step "the base install alone: no torch, no VTK, under 1 GB"
"$bin/uv" venv -q --clear --python "$bin/python" .venv-base
"$bin/uv" pip install -q --python .venv-base/bin/python --constraint constraints.txt --editable .
installers/linux/check_base.sh .venv-base

step "the extra vlm"
"$bin/uv" venv -q --allow-existing --python "$bin/python" .venv-vlm
"$bin/uv" pip install -q --python .venv-vlm/bin/python --constraint constraints.txt --editable ".[dev,vlm]"
.venv-vlm/bin/pytest -q -m training tests/unit
