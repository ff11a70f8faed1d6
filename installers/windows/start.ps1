# Installs Prelim in this checkout and opens the bundled study. Needs Python 3.11 or newer from python.org.
# usage: powershell -ExecutionPolicy Bypass -File installers\windows\start.ps1
$ErrorActionPreference = "Stop"
Set-Location (Join-Path $PSScriptRoot "..\..")
if (-not (Test-Path ".venv\Scripts\python.exe")) { py -3.11 -m venv .venv }
& .venv\Scripts\python.exe -m pip install -q uv
& .venv\Scripts\uv.exe pip install -q --python .venv\Scripts\python.exe --constraint constraints.txt --editable ".[scene3d]"
if ($LASTEXITCODE -ne 0) { throw "The dependencies could not be installed." }
& .venv\Scripts\prelim.exe demo
