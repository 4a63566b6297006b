"""The command line itself."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

RUN = """
import atexit, gc, sys
from forum.command import main
atexit.register(lambda: print(gc.isenabled(), gc.get_freeze_count() > 1_000, file=sys.stderr))
sys.argv[0] = "forum"
main()
"""


@pytest.mark.parametrize("command", [("score", "none.json"), ("database", "upgrade"), ("topics",)])
def test_a_command_looks_for_garbage_but_not_in_what_it_loaded(
    tmp_path: Path, command: tuple[str, ...]
) -> None:
    environ = {**os.environ, "INSTANCE_PATH": str(tmp_path), "SECRET_KEY": "t" * 40}

    done = subprocess.run(
        [sys.executable, "-c", RUN, *command], env=environ, capture_output=True, text=True, check=False
    )

    assert done.stderr.splitlines()[-1] == "True True"
