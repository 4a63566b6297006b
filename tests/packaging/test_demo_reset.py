"""`make demo-reset` throws a demo away, wherever it stands, and nothing else."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "deploy" / "demo-reset"


def put_forum(folder: Path, *, is_demo: bool | None, people: int = 0) -> None:
    """Put a forum in a folder, with an index, pictures, settings and a key; `None` is one without a name."""
    (folder / "search").mkdir(parents=True)
    (folder / "pictures").mkdir()
    for name in ("settings.toml", "secret_key", "search/words", "pictures/a.webp"):
        (folder / name).write_text("x")
    with sqlite3.connect(folder / "forum.sqlite") as database:
        database.execute("CREATE TABLE site (is_demo BOOLEAN)")
        database.execute("CREATE TABLE member (id INTEGER)")
        if is_demo is not None:
            database.execute("INSERT INTO site VALUES (?)", (is_demo,))
        database.executemany("INSERT INTO member VALUES (?)", [(number,) for number in range(people)])
    database.close()


def demo_reset(checkout: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", str(SCRIPT)],
        check=False,
        cwd=checkout,
        env={"PATH": os.environ["PATH"], "PYTHON": sys.executable, **environ},
        capture_output=True,
        text=True,
        timeout=30,
    )


def left_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_demo_goes_and_settings_and_key_stay(tmp_path: Path) -> None:
    put_forum(tmp_path / "instance", is_demo=True, people=3)

    reset = demo_reset(tmp_path)

    assert (reset.returncode, reset.stderr) == (0, "")
    assert left_in(tmp_path / "instance") == {"settings.toml", "secret_key"}


def test_a_demo_elsewhere_goes_and_what_stands_in_the_usual_place_stays(tmp_path: Path) -> None:
    put_forum(tmp_path / "instance", is_demo=False, people=3)
    put_forum(tmp_path / "elsewhere", is_demo=True, people=3)
    before = left_in(tmp_path / "instance")

    reset = demo_reset(tmp_path, INSTANCE_PATH=str(tmp_path / "elsewhere"))

    assert (reset.returncode, reset.stderr) == (0, "")
    assert left_in(tmp_path / "elsewhere") == {"settings.toml", "secret_key"}
    assert left_in(tmp_path / "instance") == before


@pytest.mark.parametrize(
    ("is_demo", "people"),
    [pytest.param(False, 0, id="a forum with a name"), pytest.param(None, 1, id="a register without one")],
)
def test_what_is_no_demo_stays(tmp_path: Path, is_demo: bool | None, people: int) -> None:
    put_forum(tmp_path / "instance", is_demo=is_demo, people=people)
    before = left_in(tmp_path / "instance")

    reset = demo_reset(tmp_path)

    assert reset.returncode == 1
    assert "holds a forum that is no demo; nothing was thrown away" in reset.stderr
    assert left_in(tmp_path / "instance") == before


def test_a_file_that_is_no_database_stays(tmp_path: Path) -> None:
    put_forum(tmp_path / "instance", is_demo=True)
    (tmp_path / "instance" / "forum.sqlite").write_text(
        "no database, but long enough to be taken for one" * 99
    )

    reset = demo_reset(tmp_path)

    assert reset.returncode == 1
    assert "cannot be read; nothing was thrown away" in reset.stderr
    assert "forum.sqlite" in left_in(tmp_path / "instance")


def test_a_database_on_a_server_is_not_touched(tmp_path: Path) -> None:
    put_forum(tmp_path / "instance", is_demo=True)

    reset = demo_reset(tmp_path, DATABASE_URL="postgresql://db.example.nl/forum")

    assert reset.returncode == 1
    assert "DATABASE_URL is set" in reset.stderr
    assert "pictures" in left_in(tmp_path / "instance")


@pytest.mark.parametrize("begun", [True, False], ids=["tables without anybody", "nothing at all"])
def test_where_no_demo_was_made_yet_there_is_nothing_to_refuse(tmp_path: Path, begun: bool) -> None:
    if begun:
        put_forum(tmp_path / "instance", is_demo=None)

    reset = demo_reset(tmp_path)

    assert (reset.returncode, reset.stderr) == (0, "")
    assert not (tmp_path / "instance" / "forum.sqlite").exists()
