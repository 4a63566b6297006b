"""Run every measurement and print what it costs: `make bench`; `--quick` is rough, in a few minutes."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
QUICK = {
    "consultation": (),
    "pages_size": ("--quick",),
    "growth_size": ("--quick",),
    "search_size": ("--quick",),
    "score_size": ("--members", "10000", "--posts", "100000", "--reactions", "300000"),
    "select_size": ("--candidates", "10000"),
    "invite_size": ("--people", "2000"),
    "kill_size": (),
    "import_size": ("--rows", "10000"),
}
"""Every measurement, with what makes it short."""


def main() -> int:
    """Run the measurements one by one; a failing one fails the whole."""
    is_quick = "--quick" in sys.argv[1:]
    failed = 0
    for name, short in QUICK.items():
        print(f"== {name}", flush=True)
        options = short if is_quick else ()
        command = [sys.executable, "-m", f"tests.bench.{name}", *options]
        failed |= subprocess.run(command, cwd=ROOT, check=False).returncode
    return failed


if __name__ == "__main__":
    sys.exit(main())
