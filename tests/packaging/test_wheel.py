"""A wheel that is installed somewhere else is a whole forum: nothing of it is read from the checkout."""

import json
import os
import re
import subprocess
import sys
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.panels.test_dossier import record_rounds

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-c", "from forum.command import main; main()"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a wheel built from what a source distribution holds, without a network."""
    folder = tmp_path_factory.mktemp("wheel")
    build = "import sys; from setuptools.build_meta import build_sdist; print(build_sdist(sys.argv[1]))"
    subprocess.run([sys.executable, "-c", build, str(folder)], cwd=_copy_of(ROOT, folder), check=True)
    (source,) = folder.glob("*.tar.gz")
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*pip, "--wheel-dir", str(folder), str(source)], check=True, timeout=100)
    return next(folder.glob("*.whl"))


@pytest.fixture
def elsewhere(wheel: Path, tmp_path: Path) -> Path:
    """Return a folder in which the wheel is unpacked, as pip does."""
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    return tmp_path


def _copy_of(checkout: Path, folder: Path) -> Path:
    """Return a copy of what git keeps, so that building leaves no traces in the checkout."""
    files = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=checkout,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split("\0")
    for name in filter(None, files):
        if (checkout / name).is_file():
            target = folder / "checkout" / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes((checkout / name).read_bytes())
    return folder / "checkout"


def _environ(elsewhere: Path) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(elsewhere / "site"),
        "PYTHONUNBUFFERED": "1",
        "INSTANCE_PATH": str(elsewhere / "instance"),
    }


def _forum(elsewhere: Path, *arguments: str) -> str:
    done = subprocess.run(
        [*COMMAND, *arguments],
        cwd=elsewhere,
        env=_environ(elsewhere),
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def address(elsewhere: Path) -> Iterator[str]:
    """Serve a demo year from the wheel."""
    _forum(elsewhere, "demo", "--tenants", "200")
    command = [*COMMAND, "serve", "--port", "0", "--workers", "1"]
    process = subprocess.Popen(
        command, cwd=elsewhere, env=_environ(elsewhere), stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        found = re.search(r"http://\S+:\d+", process.stdout.readline())
        assert found is not None, "the server does not say where it is"
        yield found[0]
    finally:
        process.terminate()
        process.wait(30)
        process.stdout.close()


def _read(url: str) -> str:
    with urllib.request.urlopen(url, timeout=30) as answer:
        assert answer.status == 200
        return str(answer.read().decode())


def test_a_demo_year_made_and_served_from_the_wheel_has_its_pages_and_its_style(address: str) -> None:
    front = _read(address + "/")

    style = re.search(r'rel="stylesheet" href="(/static/[^"]+)"', front)
    assert style is not None
    assert "font-family" in _read(address + style[1])
    assert "Inloggen" in _read(address + "/inloggen")


def test_a_dossier_replays_from_the_wheel_without_a_database(elsewhere: Path) -> None:
    document = record_rounds({"p0": "declined"}).as_document()
    (elsewhere / "dossier.json").write_text(json.dumps(document))

    report = json.loads(_forum(elsewhere, "panels", "replay", "dossier.json"))

    assert report["agrees"]
    assert report["rounds"] == 2
    assert not (elsewhere / "instance").exists()


def test_the_wheel_is_what_runs_and_not_the_checkout(elsewhere: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-c", "import forum; print(forum.__file__)"],
        cwd=elsewhere,
        env=_environ(elsewhere),
        capture_output=True,
        text=True,
        check=True,
    )

    assert Path(told.stdout.strip()).is_relative_to(elsewhere)
