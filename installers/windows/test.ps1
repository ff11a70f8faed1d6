# Runs the tests that need no Linux tools. Those that need dcmtk, dicom3tools or poppler are skipped and named.
# usage: powershell -ExecutionPolicy Bypass -File installers\windows\test.ps1
$ErrorActionPreference = "Stop"
Set-Location (Join-Path $PSScriptRoot "..\..")
if (-not (Test-Path ".venv\Scripts\python.exe")) { py -3.11 -m venv .venv }
& .venv\Scripts\python.exe -m pip install -q uv
& .venv\Scripts\uv.exe pip install -q --python .venv\Scripts\python.exe --constraint constraints.txt --editable ".[dev,scene3d]"
if ($LASTEXITCODE -ne 0) { throw "The dependencies could not be installed." }
& .venv\Scripts\pytest.exe -q -m "not window and not training" tests
exit $LASTEXITCODE
