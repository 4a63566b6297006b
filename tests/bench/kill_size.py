"""Kill work fifty times on each database: of letters and minutes nothing is lost and nothing comes twice."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
TESTS = ("tests/faults/test_killed_commands.py", "tests/faults/test_killed_minutes.py")


def main() -> int:
    """Run the tests of the suite with more kills."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-n",
        "0",
        "--timeout=900",
        "-k",
        "letters_whose or minutes",
    ]
    environ = {**os.environ, "KILLS": "50"}
    return subprocess.run([*command, *TESTS], cwd=ROOT, env=environ, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
