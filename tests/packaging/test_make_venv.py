"""Making .venv on computers that lack a part of Python: it is installed where we may, else named."""

import shutil
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "deploy" / "make-venv"
TOOLS = ("bash", "chmod", "cp", "mkdir", "rm", "touch")

PYTHON = """#!/bin/bash
case "$*" in
    *"import venv, ensurepip"*) [ -e "$COMPUTER/has-venv" ] ;;
    *"version_info <"*) [ "$VERSION" != 3.9 ] ;;
    *"%d.%d"*) echo "$VERSION" ;;
    "-m venv .venv") mkdir -p .venv/bin && cp "$0" .venv/bin/python ;;
    "-m pip "*) echo "$*" >> "$COMPUTER/pip" ;;
esac
"""
"""A stand-in for Python, bare as Debian ships it until `has-venv` is there; it keeps what pip was asked."""

APT = """#!/bin/bash
[ -e "$COMPUTER/is-offline" ] && exit 100
echo "$*" >> "$COMPUTER/apt"
case "$*" in *install*-venv) touch "$COMPUTER/has-venv" ;; esac
case "$*" in *install*" python3 "*) cp "$COMPUTER/python3" "$COMPUTER/bin/python3" ;; esac
exit 0
"""


@pytest.fixture
def computer(tmp_path: Path) -> Path:
    """Return a computer without Python on which we are root; what is on its path stands in `bin`."""
    (tmp_path / "bin").mkdir()
    for tool in TOOLS:
        found = shutil.which(tool)
        assert found is not None
        (tmp_path / "bin" / tool).symlink_to(found)
    for name, text in {"python3": PYTHON, "bin/apt-get": APT, "bin/id": "#!/bin/bash\necho 0\n"}.items():
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o755)
    return tmp_path


def put_python(computer: Path) -> None:
    shutil.copy(computer / "python3", computer / "bin" / "python3")


def be_somebody_else(computer: Path) -> None:
    (computer / "bin" / "id").write_text("#!/bin/bash\necho 1000\n")


def make_venv(computer: Path, version: str = "3.11") -> subprocess.CompletedProcess[str]:
    environ = {"PATH": str(computer / "bin"), "COMPUTER": str(computer), "VERSION": version}
    return subprocess.run(
        [shutil.which("bash") or "bash", str(SCRIPT), "requirements.lock"],
        check=False,
        cwd=computer,
        env=environ,
        capture_output=True,
        text=True,
        timeout=30,
    )


def told(computer: Path, name: str) -> str:
    return (computer / name).read_text() if (computer / name).exists() else ""


def test_a_whole_python_needs_nothing_of_debian(computer: Path) -> None:
    put_python(computer)
    (computer / "has-venv").touch()

    made = make_venv(computer)

    assert made.returncode == 0, made.stderr
    assert not told(computer, "apt")
    assert "--require-hashes -r requirements.lock" in told(computer, "pip")


def test_root_gets_the_venv_that_debian_leaves_out(computer: Path) -> None:
    put_python(computer)

    made = make_venv(computer)

    assert made.returncode == 0, made.stderr
    assert "python3.11-venv" in told(computer, "apt")
    assert "--require-hashes -r requirements.lock" in told(computer, "pip")


def test_root_gets_python_itself(computer: Path) -> None:
    made = make_venv(computer)

    assert made.returncode == 0, made.stderr
    assert "python3 python3-venv" in told(computer, "apt")
    assert "--require-hashes -r requirements.lock" in told(computer, "pip")


@pytest.mark.parametrize(
    ("has_python", "is_root", "package"),
    [
        pytest.param(True, False, "apt-get install python3.11-venv", id="a bare python, and no root"),
        pytest.param(True, True, "apt-get install python3.11-venv", id="a bare python, and no network"),
        pytest.param(False, False, "apt-get install python3 python3-venv", id="no python, and no root"),
        pytest.param(False, True, "apt-get install python3 python3-venv", id="no python, and no network"),
    ],
)
def test_what_cannot_be_installed_is_named(
    computer: Path, has_python: bool, is_root: bool, package: str
) -> None:
    if has_python:
        put_python(computer)
    if not is_root:
        be_somebody_else(computer)
    (computer / "is-offline").touch()

    made = make_venv(computer)

    assert made.returncode == 1
    assert package in made.stderr
    assert not (computer / ".venv").exists()
    assert not told(computer, "pip")


def test_a_python_that_is_too_old_is_refused(computer: Path) -> None:
    put_python(computer)

    made = make_venv(computer, version="3.9")

    assert made.returncode == 1
    assert "Python 3.11 or newer is needed; python3 is 3.9" in made.stderr
