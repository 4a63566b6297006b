"""Kill work fifty times on each database: selecting, inviting, filling seats, letters and minutes."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
TESTS = tuple(f"tests/faults/test_killed_{work}.py" for work in ("commands", "refill", "minutes"))


def main() -> int:
    """Run the tests of the suite with more kills."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-n",
        "0",
        "-k",
        "not import",
    ]
    environ = {**os.environ, "KILLS": "50"}
    return subprocess.run([*command, *TESTS], cwd=ROOT, env=environ, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
