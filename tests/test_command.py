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
INIT = ("init", "--year", "2026", "--corporation", "W", "--tenants", "H", "--admin-email", "b@voorbeeld.nl")


@pytest.mark.parametrize("command", [("score", "none.json"), ("database", "upgrade"), ("topics",)])
def test_a_command_looks_for_garbage_but_not_in_what_it_loaded(
    tmp_path: Path, command: tuple[str, ...]
) -> None:
    environ = {**os.environ, "INSTANCE_PATH": str(tmp_path), "SECRET_KEY": "t" * 40}

    done = subprocess.run(
        [sys.executable, "-c", RUN, *command], env=environ, capture_output=True, text=True, check=False
    )

    assert done.stderr.splitlines()[-1] == "True True"


def test_nobody_else_on_the_machine_can_read_what_a_command_makes(tmp_path: Path) -> None:
    instance = tmp_path / "instance"
    environ = {**os.environ, "INSTANCE_PATH": str(instance), "SECRET_KEY": "t" * 40}

    subprocess.run([sys.executable, "-c", RUN, *INIT], env=environ, check=True, umask=0o022)

    made = [instance, *instance.rglob("*")]
    assert instance / "forum.sqlite" in made
    assert [path for path in made if path.stat().st_mode & 0o077] == []
