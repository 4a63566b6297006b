"""The logbook of a topic, for everybody."""

from forum.discussion.service import Body
from forum.discussion.summaries import write_summary
from forum.kernel.actor import Party, Role
from forum.kernel.database import db
from forum.polls.service import close_poll
from tests.polls.polls import open_poll
from tests.support.browser import Browser
from tests.support.cast import T0, actor_of, make_post, make_site, make_staff, make_tenant, make_thread


def test_everybody_reads_which_party_did_what_and_nobody_reads_who(browser: Browser) -> None:
    make_site()
    thread, elsewhere = make_thread(), make_thread("De tuin")
    moderator = make_staff(Role.MODERATOR, Party.LANDLORD, "Naima met een naam")
    write_summary(thread, 0, Body.of("Dit zeiden mensen."), actor_of(moderator), at=T0)
    close_poll(open_poll(thread), "De vraag was niet goed.", actor_of(moderator), at=T0)
    open_poll(elsewhere)
    make_post(thread, make_tenant())
    db.session.commit()
    path = f"/onderwerpen/{thread.topic_id}/logboek"
    browser.sign_in(make_tenant())

    page = browser.visit(path)

    acts = [
        [cell.get_text(" ", strip=True) for cell in row.find_all("td")]
        for row in page.soup.select("tbody tr")
    ]
    assert acts == [
        ["Wonen Zilverdam", "Sloot een peiling eerder. De reden: De vraag was niet goed."],
        ["Huurdersbelang", "Opende een peiling."],
        ["Wonen Zilverdam", "Schreef versie 1 van de samenvatting."],
        ["Wonen Zilverdam", "Ging akkoord met versie 1 van de tekst."],
        ["Huurdersbelang", "Ging akkoord met versie 1 van de tekst."],
        ["Huurdersbelang", "Stelde dit onderwerp voor."],
    ]
    assert "Naima" not in page.text
    assert browser.visit(f"/onderwerpen/{thread.topic_id}").link("Logboek") == path
