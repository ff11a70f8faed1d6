"""Says, in a process of its own, which model runtime and providers this machine has.

``python -m inference.worker.describe`` writes one JSON object to standard output.
"""

from __future__ import annotations

import json
import sys

import onnxruntime


def main() -> int:
    """Write version and execution providers of ONNX Runtime, best provider first."""
    found = {
        "version": onnxruntime.__version__,
        "providers": list(onnxruntime.get_available_providers()),
    }
    sys.stdout.write(json.dumps(found) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
