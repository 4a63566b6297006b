"""What an import of the register means for those who sign in."""

from datetime import datetime

from sqlalchemy import delete, select

from forum.accounts import emails
from forum.accounts.models import Account, ActivationCode, SignInSession
from forum.kernel.database import db
from forum.members.import_service import batches_of
from forum.members.models import Member
from forum.members.register_diff import RETURNED, RegisterDiff


def follow_register(diff: RegisterDiff, *, at: datetime) -> None:
    """Close the sign-ins and codes of who leaves, and write to old addresses and new ones.

    Who returns starts anew too: a sign-in at the very moment of the departure may have come after it.
    """
    moved = [member.member_id for member in diff.gone]
    moved += [change.member_id for change in diff.changed if RETURNED in change.fields]
    for ids in batches_of(moved):
        db.session.execute(delete(SignInSession).where(SignInSession.member_id.in_(ids)))
        db.session.execute(delete(ActivationCode).where(ActivationCode.member_id.in_(ids)))
    new_addresses = {
        change.member_id: change.row.email or "" for change in diff.changed if "email" in change.fields
    }
    for ids in batches_of(list(new_addresses)):
        with_account = select(Member).join(Account, Account.member_id == Member.id).where(Member.id.in_(ids))
        for member in db.session.scalars(with_account):
            emails.address_changed(member, old=member.email or "", new=new_addresses[member.id], at=at)
