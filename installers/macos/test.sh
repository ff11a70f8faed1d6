#!/bin/bash
# Runs the tests that need no Linux tools. Those that need dcmtk, dicom3tools or poppler are skipped and named.
# usage: bash installers/macos/test.sh
set -euo pipefail
cd "$(dirname "$0")/../.."
[[ -x .venv/bin/python ]] || python3 -m venv .venv
.venv/bin/python -m pip install -q uv
.venv/bin/uv pip install -q --python .venv/bin/python --constraint constraints.txt --editable ".[dev,scene3d]"
exec .venv/bin/pytest -q -m "not window and not training" tests
