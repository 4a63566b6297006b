"""`/metrics`: numbers without people, for this computer or with a token."""

import os
import re
import signal
import threading
from collections.abc import Mapping
from pathlib import Path

import pytest
from flask import Flask

from forum.app import create_app
from forum.kernel.clock import now
from forum.kernel.database import db
from forum.web.request_counts import RequestCounts
from tests.conftest import make_settings
from tests.mail.letters import queue_letter
from tests.support.cast import make_post, make_tenant, make_thread

TOKEN = "t" * 40


def ask(app: Flask, address: str, **headers: str) -> tuple[int, str]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    answer = app.test_client().get("/metrics", environ_base={"REMOTE_ADDR": address}, headers=named)
    return answer.status_code, answer.get_data(as_text=True)


def numbers(text: str) -> dict[str, int]:
    """Return the numbers of a page that is whole in the format of Prometheus."""
    found = {}
    for line in text.splitlines():
        if not line.startswith("# "):
            sample = re.fullmatch(
                r'([a-z_]+(?:\{[a-z]+="[a-zA-Z_.]+"(?:,[a-z]+="[a-z0-9]+")?\})?) (\d+)', line
            )
            assert sample, line
            found[sample[1]] = int(sample[2])
    return found


def test_the_numbers_are_those_of_the_forum(database: Flask) -> None:
    author = make_tenant("Roos Bijzonder")
    make_post(
        make_thread(opens_at=now()), author, "Een heel eigen tekst over de lift in onze flat.", at=now()
    )
    queue_letter()
    before = numbers(ask(database, "127.0.0.1")[1])
    database.test_client().get("/huisregels")
    database.test_client().get("/bestaat-niet")

    status, text = ask(database, "127.0.0.1")

    found = numbers(text)
    assert status == 200
    assert found["forum_posts"] == 1
    assert found['forum_members{state="active"}'] >= 2
    assert found['forum_backlog{name="mail",state="waiting"}'] == 1
    assert found['forum_backlog{name="mail",state="failed"}'] == 0
    for answered in ('endpoint="home.house_rules",status="200"', 'endpoint="none",status="404"'):
        name = f"forum_requests_total{{{answered}}}"
        assert found[name] - before.get(name, 0) == 1
    for personal in ("Roos", "Bijzonder", "voorbeeld.nl", "lift", "127.0.0.1"):
        assert personal not in text


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        pytest.param("127.0.0.1", {}, 200, id="this computer"),
        pytest.param("::1", {}, 200, id="this computer by IPv6"),
        pytest.param("127.0.0.1", {"X_Forwarded_For": "203.0.113.9"}, 404, id="through a proxy here"),
        pytest.param("127.0.0.1", {"Forwarded": "for=203.0.113.9"}, 404, id="through another proxy here"),
        pytest.param("", {}, 404, id="through a socket"),
        pytest.param("203.0.113.9", {}, 404, id="elsewhere"),
        pytest.param("203.0.113.9", {"X_Forwarded_For": "127.0.0.1"}, 404, id="pretends to be here"),
        pytest.param("203.0.113.9", {"Authorization": f"Bearer {TOKEN}"}, 200, id="with the token"),
        pytest.param("203.0.113.9", {"Authorization": f"Bearer {TOKEN}x"}, 404, id="with another token"),
        pytest.param("203.0.113.9", {"Authorization": "Bearer "}, 404, id="with an empty token"),
        pytest.param("203.0.113.9", {"Authorization": "Basic YTpi"}, 404, id="with a password"),
    ],
)
def test_only_this_computer_and_the_token_open_it(
    database: Flask, tmp_path: Path, address: str, headers: Mapping[str, str], status: int
) -> None:
    url = database.config["SETTINGS"].database_url
    server = create_app(make_settings(tmp_path, METRICS_TOKEN=TOKEN, DATABASE_URL=url))

    assert ask(server, address, **headers)[0] == status

    with server.app_context():
        db.engine.dispose()


def test_without_a_token_in_the_settings_none_opens_it(database: Flask) -> None:
    for given in ("", "Bearer", "Bearer ", "Bearer None"):
        assert ask(database, "203.0.113.9", Authorization=given)[0] == 404


def test_processes_and_threads_count_together_and_a_dead_one_stops_nobody() -> None:
    counts = RequestCounts(["home.front"])

    def count() -> None:
        for _ in range(500):
            counts.add("home.front", 200)

    children = []
    for _ in range(4):
        child = os.fork()
        if child == 0:
            threads = [threading.Thread(target=count) for _ in range(2)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            with counts._alone():
                os.kill(os.getpid(), signal.SIGKILL)
        children.append(child)
    for child in children:
        os.waitpid(child, 0)
    counts.add("nergens", 404)

    assert list(counts.read()) == [("home.front", 200, 4 * 2 * 500), ("none", 404, 1)]
