"""Drafts stay in the browser; whoever signs in next on that computer does not see them."""

from forum.kernel.clock import now
from tests.support.browser import Browser
from tests.support.cast import make_agenda, make_post, make_tenant, make_thread


def drafts_on(browser: Browser, path: str) -> list[str]:
    page = browser.visit(path)
    [body] = page.soup.select("body")
    return [
        f"{body['data-member']}-{area['data-draft']}" for area in page.soup.select("textarea[data-draft]")
    ]


def test_two_members_on_one_computer_have_drafts_of_their_own(browser: Browser) -> None:
    anja, bert = make_tenant(), make_tenant()
    thread = make_thread(opens_at=now())
    post = make_post(thread, anja, at=now())
    year = make_agenda(2099).year
    paths = [f"/agenda/{year}/idee", f"/berichten/{post.id}/antwoord"]

    browser.sign_in(anja)
    of_anja = [name for path in paths for name in drafts_on(browser, path)]
    browser.submit(browser.visit("/"), "Uitloggen")
    browser.sign_in(bert)
    of_bert = [name for path in paths for name in drafts_on(browser, path)]

    assert of_anja == [f"{anja.id}-idee-{year}", f"{anja.id}-post-{post.id}"]
    assert of_bert == [f"{bert.id}-idee-{year}", f"{bert.id}-post-{post.id}"]
