"""Kill the making of letters fifty times on each database: none is lost, nobody gets two."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEST = "tests/faults/test_killed_commands.py"


def main() -> int:
    """Run the test of the suite with more kills."""
    command = [sys.executable, "-m", "pytest", "-q", "-n", "0", "-k", "letters_whose", TEST]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, "KILLS": "50"}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
