"""What the model runtime of this machine can do, as JSON: ``python -m inference.worker.describe``.

A process of its own, so that the application can ask without loading the runtime.
"""

from __future__ import annotations

import json
import sys

import onnxruntime

from inference.engine.sessions import PREFERRED


def main() -> None:
    """Write version and usable execution providers to standard output."""
    present = onnxruntime.get_available_providers()
    usable = [name for name in PREFERRED if name in present]
    sys.stdout.write(json.dumps({"version": onnxruntime.__version__, "providers": usable}) + "\n")


if __name__ == "__main__":
    main()
