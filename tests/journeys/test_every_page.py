"""Every page, for everybody who can open it: accessible, valid, Dutch, and never wider than a phone."""

import pytest
from playwright.sync_api import APIResponse

from tests.journeys.conftest import Walkers
from tests.journeys.inspection import FIRST_LOOKS, LATER_LOOKS, SECRETS, page_faults, read_page, sight_faults
from tests.journeys.page_examples import (
    EXAMPLES,
    NOT_PAGES,
    ONLY_FOR,
    SAME_TITLE,
    SEND_ON,
    TENANT,
    VISITOR,
    WHO,
)
from tests.journeys.walked_demo import WalkedDemo
from tests.support.browser import Page
from tests.web.test_route_matrix import MARKS, is_promised

pytestmark = pytest.mark.timeout(300)  # the first of them makes the demo year and walks its panels
FEATURES = sorted({endpoint.partition(".")[0] for endpoint in EXAMPLES})


def test_every_page_has_an_example(demo: WalkedDemo) -> None:
    app = demo.forum.app
    pages = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or set())}
    addresses = app.url_map.bind("127.0.0.1")

    found = {
        endpoint: {addresses.match(path.partition("?")[0].format_map(demo.names))[0] for path in paths}
        for endpoint, paths in EXAMPLES.items()
    }

    assert found == {endpoint: {endpoint} for endpoint in pages - NOT_PAGES}


@pytest.mark.parametrize("who", WHO)
def test_every_page_opens_as_promised_and_is_valid(walkers: Walkers, who: str) -> None:
    visitor = walkers.visitor(who)
    titles: dict[str, str] = {}

    faults = []
    for endpoint, example in examples():
        path = walkers.path(example)
        answer = visitor.context.request.get(path)
        is_sent_on = answer.url != visitor.address + path
        is_open = answer.ok and not (is_sent_on and "/inloggen" in answer.url)
        if is_open != is_for(who, endpoint, example):
            faults.append(f"{example}: status {answer.status} at {answer.url}")
        page = read_page(answer, example)
        faults += [f"{example}: {fault}" for fault in page_faults(page)]
        if is_open and not is_sent_on and endpoint not in SAME_TITLE:
            faults += same_title(titles, page, endpoint)

    assert not faults, f"{len(faults)} faults for the {who}\n" + "\n".join(faults)


def examples() -> list[tuple[str, str]]:
    return [(endpoint, example) for endpoint, found in EXAMPLES.items() for example in found]


def is_for(who: str, endpoint: str, example: str) -> bool:
    """Tell whether somebody should see an example."""
    return is_promised(MARKS[endpoint], who, public_reading=True) and who in ONLY_FOR.get(example, WHO)


def same_title(titles: dict[str, str], page: Page, endpoint: str) -> list[str]:
    """Return a fault when a page of another kind has this title too."""
    first = titles.setdefault(page.title, endpoint)
    return [] if first == endpoint else [f"{page.path}: {first} has the same title: {page.title}"]


@pytest.mark.parametrize("feature", FEATURES)
def test_every_page_is_accessible_and_narrow_enough(walkers: Walkers, feature: str) -> None:
    everybody = {who: walkers.visitor(who) for who in WHO}
    seen: set[str] = set()

    faults = []
    for endpoint, example in examples():
        if endpoint in SEND_ON or not endpoint.startswith(f"{feature}."):
            continue
        looks = FIRST_LOOKS
        for who, visitor in everybody.items():
            if is_for(who, endpoint, example):
                path = walkers.path(example)
                if is_new(visitor.context.request.get(path), seen):
                    visitor.open(path)
                    faults += [
                        f"{who}, {example}: {fault}" for fault in sight_faults(visitor, walkers.axe, looks)
                    ]
                    looks = LATER_LOOKS

    assert not faults, f"{len(faults)} faults\n" + "\n".join(faults)


def is_new(answer: APIResponse, seen: set[str]) -> bool:
    """Tell whether nobody saw the same between header and footer before."""
    main = SECRETS.sub("", answer.text().partition("<main")[2].partition("</main>")[0])
    if main in seen:
        return False
    seen.add(main)
    return True


@pytest.mark.parametrize(
    ("who", "path"),
    [
        *(pytest.param(who, "/", id=f"the {who} on the front page") for who in WHO),
        pytest.param(VISITOR, "/uitnodiging/is-al-gebruikt", id="a link that does not work"),
        pytest.param(TENANT, "/bestaat-niet", id="a page that is not there"),
        pytest.param(TENANT, "/beheer/", id="a page that is shut"),
    ],
)
def test_header_and_refusals_are_accessible(walkers: Walkers, who: str, path: str) -> None:
    visitor = walkers.visitor(who).expects_refusal(403, 404, 410).open(path)

    assert not sight_faults(visitor, walkers.axe)
