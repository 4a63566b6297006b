"""Limits hold over all web processes, with Redis and without; when Redis goes away people still sign in."""

import shutil
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Flask
from redis import Redis
from redis.exceptions import ConnectionError as NoRedis

from forum.accounts import service as accounts
from forum.accounts.rules import ATTEMPTS_PER_NAME
from forum.kernel.clock import now
from forum.kernel.database import db, unit_of_work
from forum.members.models import Member
from tests.conftest import missing
from tests.faults.killing import Served, served
from tests.faults.visitors import COOKIE, Visitor
from tests.mail.mail_server import free_port
from tests.support.browser import PASSWORD, Browser
from tests.support.cast import make_tenant

WRONG = "mis mis mis mis"
WORKERS = 3


class RedisServer:
    """A Redis of the test's own, which may be stopped."""

    def __init__(self, process: "subprocess.Popen[bytes]", port: int) -> None:
        """Know the process and its address."""
        self.process = process
        self.url = f"redis://127.0.0.1:{port}/0"


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[RedisServer]:
    """Return a Redis that runs."""
    program, port = shutil.which("redis-server"), free_port()
    if program is None:
        missing("redis-server is not installed")
    process = subprocess.Popen(
        [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path)],
        stdout=subprocess.DEVNULL,
    )
    server = RedisServer(process, port)
    with Redis.from_url(server.url) as client:
        for _ in range(200):
            try:
                client.ping()
                break
            except NoRedis:
                time.sleep(0.02)
    yield server
    process.send_signal(signal.SIGCONT)
    process.kill()
    process.wait(10)


def stranger(app: Flask) -> Visitor:
    """Return a visitor who opened the page to sign in."""
    browser = Browser(app)
    token = browser.visit("/inloggen").soup.select_one("[name=csrf_token]")
    cookie = browser.client.get_cookie(COOKIE)
    assert token is not None
    assert cookie is not None
    return Visitor(cookie.value, str(token["value"]))


def with_password(member: Member) -> Member:
    with unit_of_work():
        accounts.set_password(db.session.get_one(Member, member.id), PASSWORD, at=now())
    return member


def tries(server: Served, visitor: Visitor, name: str, password: str, times: int) -> Counter[int]:
    """Try a password many times at once; return how often each status was the answer."""

    def attempt(_number: int) -> int:
        return visitor.post(server.port, "/inloggen", email=name, password=password)

    with ThreadPoolExecutor(8) as pool:
        return Counter(pool.map(attempt, range(times)))


@pytest.mark.parametrize("has_redis", [False, True], ids=["without Redis", "with Redis"])
def test_guesses_are_counted_over_all_processes(
    database: Flask, request: pytest.FixtureRequest, has_redis: bool
) -> None:
    environ = {"REDIS_URL": request.getfixturevalue("redis").url} if has_redis else {}
    name, visitor = str(with_password(make_tenant()).email), stranger(database)
    db.session.remove()

    with served(database, workers=WORKERS, **environ) as server:
        answers = tries(server, visitor, name, WRONG, 3 * ATTEMPTS_PER_NAME)
        with_the_right_one = tries(server, visitor, name, PASSWORD, 1)

    assert answers == {400: ATTEMPTS_PER_NAME, 429: 2 * ATTEMPTS_PER_NAME}
    assert with_the_right_one == {429: 1}


def test_requests_are_counted_over_all_processes_with_redis(database: Flask, redis: RedisServer) -> None:
    visitor = stranger(database)
    db.session.remove()

    with served(database, workers=WORKERS, REDIS_URL=redis.url, REQUESTS_PER_MINUTE="20") as server:
        answers = tries(server, visitor, "", "", 50)

    assert answers == {422: 20, 429: 30}


def stop(redis: RedisServer) -> None:
    redis.process.kill()
    redis.process.wait(10)


def freeze(redis: RedisServer) -> None:
    redis.process.send_signal(signal.SIGSTOP)


@pytest.mark.parametrize("go_away", [stop, freeze])
def test_when_redis_goes_away_people_sign_in_and_limits_hold(
    database: Flask, redis: RedisServer, go_away: Callable[[RedisServer], None]
) -> None:
    members = [str(with_password(make_tenant()).email) for _ in range(2)]
    visitor = stranger(database)
    db.session.remove()

    with served(database, workers=1, REDIS_URL=redis.url, REQUESTS_PER_MINUTE="30") as server:
        before = tries(server, visitor, members[0], PASSWORD, 1)
        go_away(redis)
        after = tries(server, visitor, members[1], PASSWORD, 1)
        guesses = tries(server, visitor, members[1], WRONG, 2 * ATTEMPTS_PER_NAME)
        flood = tries(server, visitor, "", "", 40)

    assert before == after == {302: 1}
    assert guesses == {400: ATTEMPTS_PER_NAME, 429: ATTEMPTS_PER_NAME}
    assert flood[429] >= 40 - 30
    assert set(flood) == {422, 429}, "each process goes on counting for itself"


def test_a_server_that_starts_while_redis_is_away_lets_people_in(database: Flask) -> None:
    name, visitor = str(with_password(make_tenant()).email), stranger(database)
    db.session.remove()

    with served(database, workers=1, REDIS_URL=f"redis://127.0.0.1:{free_port()}/0") as server:
        answers = tries(server, visitor, name, PASSWORD, 1)

    assert answers == {302: 1}
