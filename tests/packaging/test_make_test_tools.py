"""What the tests need beside Python: it is installed where we may, else named, and the tests run without."""

import shutil
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "deploy" / "make-test-tools"
TOOLS = ("bash", "head", "touch")

PYTHON = """#!/bin/bash
case "$*" in
    *playwright*) [ -e "$COMPUTER/has-libatomic1" ] ;;
    *weasyprint*) [ -e "$COMPUTER/has-libpango-1.0-0" ] ;;
esac
"""
APT = """#!/bin/bash
[ -e "$COMPUTER/is-offline" ] && exit 100
[ "$1" = install ] || exit 0
for package in "$@"; do touch "$COMPUTER/has-$package"; done
"""
FONTS = """#!/bin/bash
[ ! -e "$COMPUTER/has-fonts-dejavu-core" ] || echo DejaVu
"""


@pytest.fixture
def computer(tmp_path: Path) -> Path:
    """Return a computer with a .venv and a browser, on which we are root; nothing else is there."""
    (tmp_path / "bin").mkdir()
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    for tool in TOOLS:
        found = shutil.which(tool)
        assert found is not None
        (tmp_path / "bin" / tool).symlink_to(found)
    for name, text in {
        ".venv/bin/python": PYTHON,
        "bin/apt-get": APT,
        "bin/fc-list": FONTS,
        "bin/chromium": "#!/bin/bash\n",
        "bin/id": "#!/bin/bash\necho 0\n",
    }.items():
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o755)
    return tmp_path


def make_test_tools(computer: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [shutil.which("bash") or "bash", str(SCRIPT)],
        check=False,
        cwd=computer,
        env={"PATH": str(computer / "bin"), "COMPUTER": str(computer)},
        capture_output=True,
        text=True,
        timeout=30,
    )


def test_root_gets_all_that_is_missing(computer: Path) -> None:
    made = make_test_tools(computer)

    assert (made.returncode, made.stderr) == (0, "")
    assert (computer / "has-libatomic1").exists()
    assert (computer / "has-libpango-1.0-0").exists()
    assert (computer / "has-fonts-dejavu-core").exists()


def test_where_all_is_there_nothing_is_installed(computer: Path) -> None:
    for package in ("libatomic1", "libpango-1.0-0", "fonts-dejavu-core"):
        (computer / f"has-{package}").touch()

    made = make_test_tools(computer)

    assert (made.returncode, made.stdout, made.stderr) == (0, "", "")
    assert not (computer / "has-chromium-headless-shell").exists()


@pytest.mark.parametrize("package", ["libatomic1", "libpango-1.0-0", "fonts-dejavu-core"])
def test_what_cannot_be_installed_is_named_and_the_tests_go_on(computer: Path, package: str) -> None:
    for there in {"libatomic1", "libpango-1.0-0", "fonts-dejavu-core"} - {package}:
        (computer / f"has-{there}").touch()
    (computer / "bin" / "id").write_text("#!/bin/bash\necho 1000\n")

    made = make_test_tools(computer)

    assert made.returncode == 0
    (line,) = made.stderr.splitlines()
    assert package in line
