import sys

import pytest

from forum.kernel.terminal import progress_shown


def _fail_halfway() -> None:
    with progress_shown() as progress:
        progress("read", 1000)
        progress("read", 1 // 0)


def test_on_a_terminal_progress_keeps_to_one_line_that_ends_when_the_work_fails_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)

    with pytest.raises(ZeroDivisionError):
        _fail_halfway()

    assert capsys.readouterr().err == "\rread     1,000 rows\n"


def test_where_nobody_looks_progress_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with progress_shown() as progress:
        progress("read", 1000)

    assert capsys.readouterr().err == ""
