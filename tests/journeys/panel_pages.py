"""What staff and tenants do on the pages of a panel, whatever its form: plan, choose, invite, meet, write."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

from pypdf import PdfReader

from forum.invitations.service import invite_panel
from forum.kernel.clock import local_day, now
from forum.kernel.database import unit_of_work
from forum.panels.queries import get_panel
from tests.journeys.served import ServedForum
from tests.journeys.visitor import Visitor


@dataclass(frozen=True)
class PanelUnderWay:
    """A panel on a journey: where its staff find it, and the moderators of both parties."""

    forum: ServedForum
    path: str
    maker: Visitor
    other: Visitor

    @property
    def panel_id(self) -> int:
        """Return the number of the panel."""
        return int(self.path.rpartition("/")[2])


MEETS_IN, ANSWERS_WITHIN = timedelta(days=30), timedelta(days=16)


def fill_plan(maker: Visitor, title: str, place: str, day: str = "Dag van de eerste bijeenkomst") -> None:
    """Fill in what the plan of every form asks for; `day` is how the form calls the day of the meeting."""
    today = local_day(now())
    maker.fill("Titel", title)
    maker.fill(day, str(today + MEETS_IN))
    maker.fill("Begint om", "19:30")
    maker.fill("Eindigt om", "21:30")
    maker.fill("Plaats", place)
    maker.fill("Antwoorden kan tot en met", str(today + ANSWERS_WITHIN))


def keep_plan(maker: Visitor) -> str:
    """Keep the plan; return the address of the panel for its staff."""
    maker.press("Bewaar plan")
    maker.reads("Het panel is bewaard.")
    return maker.page.url.removeprefix(maker.address)


def choose_and_confirm(panel: PanelUnderWay) -> None:
    """Fix the list of a panel, choose, let both parties confirm, and invite."""
    maker = panel.maker
    maker.open(panel.path).follow("Naar de keuze")
    maker.press("Leg vast")
    maker.fill("Typ het getal", "314159")
    maker.press("Kies het panel")
    maker.reads("Er is een panel.")
    for moderator in (maker, panel.other):
        moderator.open(panel.path)
        moderator.press("Bevestig deze lijst")
        moderator.reads("bevestigd door")
    with panel.forum.inside(), unit_of_work():  # as the background does, for this panel alone
        invite_panel(get_panel(panel.panel_id), at=now())


def post_letters(staff: Visitor, panel_id: int, folder: Path) -> Mapping[str, str]:
    """Print the letters that wait and say that they are on their way; return the code in each by name."""
    staff.open(f"/beheer/panels/{panel_id}/uitnodigingen").follow("Naar de brieven")
    staff.press("Maak de brieven")
    staff.choose("Om te versturen")
    file = staff.save(folder, partial(staff.press, "Geef de brieven als PDF"))
    staff.press("De brieven zijn verstuurd")
    staff.reads("verstuurd.")
    words = " ".join(" ".join(page.extract_text() for page in PdfReader(file).pages).split())
    return dict(re.findall(r"Beste ([^,]+),.*?Vul in: ([\w-]+)", words))


def open_with_code(reader: Visitor, code: str, postcode: str) -> None:
    """Open an invitation with the code of its letter."""
    reader.open("/code")
    reader.fill("Code", code)
    reader.fill("Postcode", postcode)
    reader.press("Ga verder")


def say_yes(member: Visitor) -> None:
    """Accept the invitation that is open."""
    member.choose("Ja, ik kom")
    member.press("Verstuur antwoord")


def phone(staff: Visitor, panel_id: int, name: str, outcome: str) -> None:
    """Phone somebody from the list, and enter what came of it."""
    staff.open(f"/beheer/panels/{panel_id}/uitnodigingen").follow("Naar de bellijst")
    staff.press(f"Bel {name}")
    staff.choose(outcome)
    staff.press("Bewaar")
    staff.reads("Het gesprek is bewaard.")


def let_it_be_over(panel: PanelUnderWay) -> None:
    """Move the first meeting to the hours before now: no page can, and a test cannot wait for a month."""
    with panel.forum.inside(), unit_of_work():
        meeting = get_panel(panel.panel_id).first_meeting
        meeting.starts_at, meeting.ends_at = now() - timedelta(hours=2), now() - timedelta(minutes=1)


def tick(staff: Visitor, panel_id: int, names: Iterable[str]) -> None:
    """Say who was at the first meeting; the page of that meeting is open afterwards."""
    staff.open(f"/beheer/panels/{panel_id}/uitnodigingen")
    staff.follow("Bijeenkomsten: agenda, aanwezigen en verslag")
    staff.main.locator(".card a").first.click()
    staff.follow("Lijst met aanwezigen invullen")
    for name in names:
        staff.choose(name)
    staff.press("Bewaar lijst")
    staff.reads("De lijst is bewaard.")
    staff.page.get_by_role("navigation").get_by_role("link", name="Bijeenkomst", exact=True).click()


def send_minutes(staff: Visitor, title: str, text: str) -> None:
    """Write minutes of one point, from the page of the meeting, and send them to who was there."""
    staff.follow("Verslag beginnen")
    staff.press("Begin het verslag")
    staff.main.get_by_label("Titel").first.fill(title)
    staff.main.get_by_label("Wat is er gezegd?").first.fill(text)
    staff.press("Bewaar en bekijk voor het versturen")
    staff.press("Verstuur het concept")
    staff.reads("Het concept is verstuurd aan wie erbij was.")


def open_first_meeting(reader: Visitor, panel_id: int) -> None:
    """Open what everybody may see of the first meeting of a panel."""
    reader.open(f"/panels/{panel_id}")
    reader.main.locator("h2:has-text('Bijeenkomst') + ul a").first.click()


def agree(member: Visitor, panel_id: int) -> None:
    """Find the concept from the page of the panel, and say that its point is right."""
    open_first_meeting(member, panel_id)
    member.follow("Lees het concept van het verslag")
    member.choose("Dit klopt")
    member.press("Verstuur mijn antwoorden")
    member.reads("Uw antwoorden zijn bewaard.")


def agree_by_phone(staff: Visitor, name: str) -> None:
    """Enter, from the page of the concept, that somebody said on the phone that its point is right."""
    staff.follow(f"Antwoord invoeren van {name}")
    staff.choose("Via de telefoon")
    staff.choose("Dit klopt")
    staff.press("Bewaar antwoorden")
    staff.reads(f"De antwoorden van {name} zijn bewaard.")


def lock_minutes(staff: Visitor) -> None:
    """Lock the minutes that everybody answered, from the page of the concept."""
    staff.page.reload()
    staff.press("Stel het verslag vast")
    staff.reads("Het verslag staat vast. Iedereen kan het lezen.")
