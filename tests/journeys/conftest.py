"""A browser, and forums that are really served, for journeys from page to page."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, StorageState, sync_playwright

from forum.kernel.clock import now
from tests.conftest import missing
from tests.journeys.arrangements import give_password
from tests.journeys.inspection import find_axe
from tests.journeys.page_examples import WHO
from tests.journeys.served import ServedForum, served_forum
from tests.journeys.visitor import Visitor
from tests.journeys.walked_demo import WalkedDemo, prepare_demo
from tests.support.cast import make_tenant, make_thread

BROWSERS = ("chromium-headless-shell", "chromium")
"""As Debian names them; the first draws no window around a page, which halves the work."""

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
YEAR_OF_NOBODY = "2000"
"""Its agenda belongs to no test; the cast makes agendas of later years."""

Visitors = Callable[..., Visitor]
JOURNEYS = Path(__file__).parent


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Walk a journey that fails once more: a starved browser is no fault of ours. Pytest counts it aloud.

    Journeys come first: they are long, and the process that begins with them makes their demo year for all.
    """
    for item in items:
        if is_journey(item):
            item.add_marker(pytest.mark.flaky(reruns=1))
    items.sort(key=is_journey, reverse=True)


def is_journey(item: pytest.Item) -> bool:
    """Tell whether a test walks in a browser."""
    return JOURNEYS in item.path.parents


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Return Chromium, driven from here."""
    executable = next(filter(None, map(shutil.which, BROWSERS)), None)
    if executable is None:
        missing(f"no chromium; as root: apt-get install {BROWSERS[0]}, or run `make test`, which does so")
    driver = subprocess.run(
        [sys.executable, "-m", "playwright", "--version"], check=False, capture_output=True
    )
    if driver.returncode:
        missing("what drives the browser does not start; as root: apt-get install libatomic1")
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=executable, args=list(FLAGS))
        except Error as error:
            missing(f"chromium does not start: {error}")
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def forum(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedForum]:
    """Return a served forum that the tests of one process share; each brings its own people and topics."""
    names = ("--corporation", "Wonen Zilverdam", "--tenants", "Huurdersbelang")
    install = ("init", "--year", YEAR_OF_NOBODY, *names, "--admin-email", "beheer@voorbeeld.nl")
    with served_forum(tmp_path_factory.mktemp("forum"), *install) as served:
        yield served


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WalkedDemo]:
    """Return a served demo year, open for reading, with something to see on every page."""
    with served_forum(tmp_path_factory.mktemp("demo"), "demo", PUBLIC_READING="yes") as served:
        yield prepare_demo(served)


@pytest.fixture(scope="session")
def sign_ins(chromium: Browser, demo: WalkedDemo) -> Mapping[str, StorageState | None]:
    """Return the cookies of everybody who walks along the pages of the demo; the visitor has none."""
    cookies: dict[str, StorageState | None] = {}
    for who, key in WHO.items():
        visitor = Visitor(chromium, demo.forum.address)
        if key:
            visitor.sign_in(demo.emails[key], demo.password)
        cookies[who] = visitor.context.storage_state()
        visitor.context.close()
    return cookies


@pytest.fixture(scope="session")
def axe() -> str:
    """Return the script of axe-core."""
    script = find_axe()
    if script is None:
        missing("no axe-core; pip install -r requirements-dev.lock, or run `make test`, which does so")
    return script.read_text(encoding="utf-8")


@pytest.fixture
def visitors(chromium: Browser) -> Iterator[Visitors]:
    """Return a maker of visitors; afterwards none of them may have seen anything go wrong."""
    made: list[Visitor] = []

    def make(forum: ServedForum, **options: object) -> Visitor:
        made.append(Visitor(chromium, forum.address, **options))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for visitor in made:
        visitor.context.close()
    for visitor in made:
        visitor.check_nothing_went_wrong()


@dataclass(frozen=True)
class Walkers:
    """Everybody who walks along the pages of the demo, signed in already."""

    demo: WalkedDemo
    axe: str
    chromium: Browser
    visitors: Visitors
    sign_ins: Mapping[str, StorageState | None]

    def visitor(self, who: str, **options: object) -> Visitor:
        """Return one of them with an empty page."""
        return self.visitors(self.demo.forum, cookies=self.sign_ins[who], **options)

    def path(self, example: str) -> str:
        """Return the address of an example page."""
        return example.format_map(self.demo.names)


@pytest.fixture
def walkers(
    demo: WalkedDemo,
    axe: str,
    chromium: Browser,
    visitors: Visitors,
    sign_ins: Mapping[str, StorageState | None],
) -> Walkers:
    """Return everybody who walks along the pages of the demo."""
    return Walkers(demo, axe, chromium, visitors, sign_ins)


@pytest.fixture
def thread_path(forum: ServedForum) -> str:
    """Return the address of a debate that began yesterday, with a stance question and two sub-questions."""
    with forum.inside():
        thread = make_thread(opens_at=now() - timedelta(days=1))
        return f"/onderwerpen/{thread.topic_id}"


@pytest.fixture
def tenant_email(forum: ServedForum) -> Callable[[str], str]:
    """Return a maker of tenants who can sign in, by their name on the forum; it returns their e-mail."""

    def make(name: str) -> str:
        with forum.inside():
            return give_password(make_tenant(name).id)

    return make


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return an empty folder for what a journey saves."""
    return tmp_path
