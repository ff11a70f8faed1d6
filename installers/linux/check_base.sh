#!/usr/bin/env bash
# Checks that an environment with the base install stays under 1 GB, holds neither torch nor VTK, and that the command answers from it.
# usage: installers/linux/check_base.sh ENVIRONMENT
set -euo pipefail
environment=${1:?usage: check_base.sh ENVIRONMENT}
limit_kib=$((1000 * 1000 * 1000 / 1024))
size_kib=$(du -sk "$environment" | cut -f1)
echo "base install: $((size_kib / 1024)) MiB"
((size_kib < limit_kib)) || {
  echo "The base install is larger than 1 GB." >&2
  exit 1
}
for extra in torch vtkmodules; do
  if "$environment/bin/python" -c "import $extra" 2>/dev/null; then
    echo "The base install holds $extra." >&2
    exit 1
  fi
done
"$environment/bin/prelim" --help >/dev/null
