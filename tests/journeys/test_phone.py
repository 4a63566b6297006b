"""The forum on the home screen of a phone, with and without a connection."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.journeys.conftest import Visitors
from tests.journeys.served import ServedForum
from tests.journeys.visitor import PHONE, Visitor

KEPT = """async () => {
    const kept = [];
    for (const name of await caches.keys()) {
        for (const request of await (await caches.open(name)).keys()) {
            const answer = await caches.match(request);
            kept.push([new URL(request.url).pathname, await answer.text()]);
        }
    }
    return kept;
}"""


def kept_by(visitor: Visitor) -> dict[str, str]:
    """Return the paths and the contents of all that is kept on the device."""
    return dict(visitor.page.evaluate(KEPT))


def test_without_a_connection_the_forum_says_so_and_keeps_nothing_of_a_member(
    forum: ServedForum, thread_path: str, tenant_email: Callable[[str], str], visitors: Visitors
) -> None:
    tenant = visitors(forum, width=PHONE, service_worker=True)
    tenant.sign_in(tenant_email("Wil zonder bereik"))
    tenant.page.evaluate("() => navigator.serviceWorker.ready")
    for path in ("/mijn/", thread_path, "/mijn/attenderingen"):  # the worker sees these go by
        tenant.open(path)

    tenant.context.set_offline(True)
    tenant.open("/mijn/")
    expect(tenant.page.get_by_role("heading", level=1)).to_have_text("Geen verbinding")
    kept = kept_by(tenant)
    tenant.context.set_offline(False)
    tenant.follow("Probeer het opnieuw")

    expect(tenant.page.get_by_role("heading", level=1)).to_contain_text("Mijn forum")
    assert set(kept) == {"/geen-verbinding", "/static/css/forum.css", "/static/img/icon.svg"}
    assert not any("Wil zonder bereik" in content for content in kept.values())
    tenant.faults = [fault for fault in tenant.faults if "ERR_INTERNET_DISCONNECTED" not in fault]


def test_a_phone_can_put_the_forum_on_its_home_screen(forum: ServedForum, visitors: Visitors) -> None:
    visitor = visitors(forum)
    visitor.open("/huisregels")
    devtools = visitor.context.new_cdp_session(visitor.page)

    told = devtools.send("Page.getAppManifest")

    assert told["url"].endswith("/manifest.webmanifest?taal=nl")
    assert not told["errors"]
    manifest = visitor.page.evaluate("url => fetch(url).then(answer => answer.json())", told["url"])
    assert (manifest["lang"], manifest["short_name"]) == ("nl", "Huurdersforum")
    assert "Huurdersbelang" in manifest["name"]
    sizes = visitor.page.evaluate(
        """icons => Promise.all(icons.map(icon => fetch(icon.src)
            .then(answer => answer.blob()).then(createImageBitmap)
            .then(picture => [`${picture.width}x${picture.height}`, icon.purpose])))""",
        manifest["icons"],
    )
    assert sizes == [[icon["sizes"], icon["purpose"]] for icon in manifest["icons"]]
    assert {"any", "maskable"} == {purpose for _, purpose in sizes}
