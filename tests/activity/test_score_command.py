"""`forum score`: files in, JSON out, one line when refused."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from forum.activity.cli import score
from forum.activity.scoring_file import policy_document
from forum.activity.scoring_policy import DEFAULT_POLICY

DOCUMENT = {
    "opened_at": "2026-03-02T08:00:00Z",
    "frozen_at": "2026-04-13T21:59:59Z",
    "users": {"a": {}, "b": {}},
    "posts": [{"id": "p1", "author": "a", "at": "2026-03-05T12:00:00Z", "reply_to": "b", "chars": 120}],
    "poll": {"a": {"answer": "voor", "at": "2026-03-05T12:00:00Z"}},
}


def run(*arguments: str | Path, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(score, [str(argument) for argument in arguments], input=stdin)


def write(path: Path, document: object) -> Path:
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def test_a_file_is_scored(tmp_path: Path) -> None:
    result = run(write(tmp_path / "input.json", DOCUMENT))

    assert (result.exit_code, result.stderr) == (0, "")
    scores = json.loads(result.stdout)
    assert list(scores) == ["a", "b"]
    assert (scores["a"]["score"], scores["a"]["eligible"], scores["a"]["tickets"]) == (300, True, 1)


def test_standard_input_is_scored() -> None:
    result = run("-", stdin=json.dumps(DOCUMENT).encode())

    assert result.exit_code == 0
    assert json.loads(result.stdout)["a"]["score"] == 300


def test_another_policy_can_be_given(tmp_path: Path) -> None:
    policy = write(tmp_path / "policy.json", {**policy_document(DEFAULT_POLICY), "poll_cp": 1000})

    result = run(write(tmp_path / "input.json", DOCUMENT), "--policy", policy)

    assert json.loads(result.stdout)["a"]["parts"]["poll"] == 1000


def test_the_printed_policy_can_be_given_back(tmp_path: Path) -> None:
    printed = run("--print-policy")
    policy = tmp_path / "policy.json"
    policy.write_bytes(printed.stdout_bytes)

    result = run(write(tmp_path / "input.json", DOCUMENT), "--policy", policy)

    assert printed.exit_code == 0
    assert json.loads(printed.stdout)["name"] == "activiteit-v1"
    assert json.loads(result.stdout)["a"]["score"] == 300


def test_the_policy_that_is_given_is_the_one_printed(tmp_path: Path) -> None:
    policy = write(tmp_path / "policy.json", {**policy_document(DEFAULT_POLICY), "name": "proef"})

    result = run("--print-policy", "--policy", policy)

    assert json.loads(result.stdout)["name"] == "proef"


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        pytest.param(b"{", "is not JSON", id="bad JSON"),
        pytest.param(b"\xff", "is not UTF-8", id="not UTF-8"),
        pytest.param(b'{"users": {}, "users": {}}', "users: comes twice", id="key twice"),
        pytest.param(b'{"users": NaN}', "NaN is no number", id="NaN"),
        pytest.param(b'{"users": 1' + b"0" * 6000 + b"}", "too many digits", id="huge number"),
        pytest.param(b'{"users": {}}', "opened_at: is missing", id="missing field"),
        pytest.param(b'{"\\ud800\\n": {}}', r'["\ud800\n"]: is not a known field', id="odd key"),
    ],
)
def test_a_refused_input_gets_one_line(raw: bytes, reason: str) -> None:
    result = run("-", stdin=raw)

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.count("\n") == 1
    assert reason in result.stderr


def test_a_refused_policy_gets_one_line(tmp_path: Path) -> None:
    policy = write(tmp_path / "policy.json", {"name": "mine"})

    result = run(write(tmp_path / "input.json", DOCUMENT), "--policy", policy)

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == f"Error: {policy}: time_zone: is missing\n"


@pytest.mark.parametrize("options", [[], ["--policy", "nowhere.json"]], ids=["input", "policy"])
def test_a_file_that_cannot_be_read_gets_one_line(options: list[str], tmp_path: Path) -> None:
    source = tmp_path if not options else write(tmp_path / "input.json", DOCUMENT)

    result = run(source, *options)

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.count("\n") == 1


def test_a_missing_file_gets_one_line(tmp_path: Path) -> None:
    source = tmp_path / "nowhere.json"

    result = run(source)

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == f"Error: {source}: input: No such file or directory\n"


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param([], id="no input"),
        pytest.param(["a.json", "b.json"], id="two inputs"),
        pytest.param(["-", "--policy", "-"], id="standard input twice"),
        pytest.param(["a.json", "--fast"], id="unknown option"),
    ],
)
def test_wrong_usage_exits_with_two(arguments: list[str]) -> None:
    result = run(*arguments)

    assert (result.exit_code, result.stdout) == (2, "")


def test_scoring_a_file_needs_neither_web_framework_nor_database() -> None:
    script = "import sys, forum.activity.cli; print({'flask', 'sqlalchemy'} & set(sys.modules))"

    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert result.stdout == "set()\n"
