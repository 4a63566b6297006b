"""Steps of the demo year about people: staff with their roles, the tenant register, accounts."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import insert, select

from forum.accounts.models import Account
from forum.accounts.passwords import hash_password
from forum.demo.moments import days_before, free_moment, local_moment
from forum.demo.people import Person, as_csv, email_of, make_people
from forum.demo.year import DemoYear
from forum.kernel.actor import SYSTEM, Actor, Party, Role
from forum.kernel.database import db
from forum.members.import_service import import_register
from forum.members.models import Member, RoleGrant
from forum.members.register_cells import limits_on
from forum.members.register_rows import read_register
from forum.members.service import add_staff_member
from forum.settings.service import name_site
from forum.texts.catalogue import say

PASSWORD = "demo-wachtwoord-1"  # noqa: S105 - printed for everybody who looks at the demo
HELP_PHONE = "010 000 00 00"
POST_ADDRESS = "Huurdersforum\nVoorbeeldplein 1\n1000 AB Zilverdam"
MODERATING_VOICES = frozenset({53})
"""Staff with a voice who moderate; the others are delegates."""
INSTALLED, REGISTERED, LAST_ACCOUNT = 430, 428, 205
"""Days before today."""
ACCOUNT_SHARE = 0.6
LETTER_SHARE = 0.1
"""Part of the tenants without e-mail who made an account with the code of a letter."""


def install(year: DemoYear) -> None:
    """Name the parties and add their staff, the administrator and the coordinator."""
    at = local_moment(days_before(year.order.today, INSTALLED), 9)
    content = year.content
    name_site(
        content.landlord_name,
        content.tenants_name,
        help_phone=HELP_PHONE,
        post_address=POST_ADDRESS,
        is_demo=True,
    )
    _add_staff(year, say("demo-admin"), Role.ADMIN, None, at)
    for voice in content.people.staff:
        role = Role.MODERATOR if voice.index in MODERATING_VOICES else Role.DELEGATE
        year.staff[voice.index] = _add_staff(year, voice.name, role, voice.party, at)
    _add_staff(year, say("demo-moderator-tenants"), Role.MODERATOR, Party.TENANTS, at)
    _add_staff(year, say("demo-coordinator"), Role.COORDINATOR, None, at)


def _add_staff(year: DemoYear, name: str, role: Role, party: Party | None, at: datetime) -> Actor:
    first, _, last = name.partition(" ")
    member = add_staff_member(name, email_of(first, last), {role}, party, SYSTEM, at=at)
    actor = member.as_actor(at)
    year.officers.setdefault((role, party), actor)
    return actor


def register_tenants(year: DemoYear) -> None:
    """Import a tenant register with the voices and their neighbours."""
    order, people = year.order, year.content.people
    made = make_people(people, order.tenants, order.today.year, year.chance("people"))
    register = read_register(as_csv(made), limits_on(order.today))
    assert register.error_count == 0, register.errors[:3]
    at = local_moment(days_before(order.today, REGISTERED), 11)
    import_register(register, SYSTEM, at=at, agreed=None)
    numbered = select(Member.id, Member.number).where(Member.number.is_not(None)).order_by(Member.id)
    year.members.update({str(number): member_id for member_id, number in db.session.execute(numbered)})
    year.voices.update(
        (voice.index, person.number) for voice, person in zip(people.voices, made, strict=False)
    )
    year.online = _who_comes_online(year, made)


def _who_comes_online(year: DemoYear, people: Sequence[Person]) -> Sequence[str]:
    """Return the numbers of those who make an account: whoever writes, and most with e-mail."""
    rng = year.chance("accounts")
    writers = set(year.voices.values())
    online = [person.number for person in people if person.number in writers and person.email]
    by_mail = [person.number for person in people if person.number not in writers and person.email]
    by_letter = [person.number for person in people if person.number not in writers and not person.email]
    online += rng.sample(by_letter, round(len(by_letter) * LETTER_SHARE))
    online += rng.sample(by_mail, min(len(by_mail), max(0, round(len(people) * ACCOUNT_SHARE) - len(online))))
    return sorted(online)


def open_accounts(year: DemoYear) -> None:
    """Give the staff and those tenants an account, all with the password of the demo.

    The password is hashed once, since hashing is slow on purpose.
    """
    rng = year.chance("activation")
    password_hash = hash_password(PASSWORD)
    ids = [year.members[number] for number in year.online]
    staff = db.session.scalars(select(RoleGrant.member_id).order_by(RoleGrant.member_id)).all()
    days = [days_before(year.order.today, days) for days in range(LAST_ACCOUNT, REGISTERED - 3)]
    rows = [
        {
            "member_id": member_id,
            "password_hash": password_hash,
            "activated_at": free_moment(rng.choice(days), rng),
        }
        for member_id in [*staff, *ids]
    ]
    db.session.execute(insert(Account), rows)
