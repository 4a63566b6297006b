"""Run every measurement and print what it costs: `make bench`."""

import subprocess
import sys
from pathlib import Path

MEASUREMENTS = ("score_size.py", "select_size.py", "import_size.py")


def main() -> int:
    """Run the measurements one by one; a failing one fails the whole."""
    here = Path(__file__).parent
    failed = 0
    for name in MEASUREMENTS:
        print(f"== {name.removesuffix('.py')}", flush=True)
        failed |= subprocess.run([sys.executable, str(here / name)], check=False).returncode
    return failed


if __name__ == "__main__":
    sys.exit(main())
