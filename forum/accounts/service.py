"""Signing in and out, activating an account, choosing a password."""

import secrets
from datetime import datetime

from sqlalchemy import delete, text, update

from forum.accounts import emails
from forum.accounts.errors import (
    CodeRefused,
    CurrentPasswordWrong,
    PasswordRefused,
    SignInRefused,
    TooManyAttempts,
)
from forum.accounts.models import Account, ActivationChannel, ActivationCode, SignInAttempt, SignInSession
from forum.accounts.passwords import hash_password, is_password
from forum.accounts.queries import count_attempts, find_account, find_code, list_members_by_email
from forum.accounts.rules import (
    ATTEMPT_WINDOW,
    ATTEMPTS_PER_ADDRESS,
    ATTEMPTS_PER_NAME,
    CODE_ALPHABET,
    CODE_LENGTH,
    EMAIL_CODE_LENGTH,
    LETTER_CODE_LENGTH,
    password_fault,
    plain_code,
    plain_email,
    plain_postcode,
    session_length,
    token_hash,
)
from forum.audit import service as audit
from forum.kernel.actor import SYSTEM, Actor
from forum.kernel.database import db, lock
from forum.members.models import Member, MemberState


def take_attempt(name: str, address: str, *, at: datetime) -> int:
    """Count an attempt before it is made, and return its number; `give_attempt_back` when it was right.

    Counted beforehand and one at a time per name, so that many attempts at once cannot slip through.

    Raises:
        TooManyAttempts: too many lately for this name or from this address.
    """
    name_hash, address_hash = token_hash(plain_email(name)), token_hash(address)
    _wait_for_turn(name_hash)
    by_name, by_address = count_attempts(name_hash, address_hash, at)
    if by_name >= ATTEMPTS_PER_NAME or by_address >= ATTEMPTS_PER_ADDRESS:
        raise TooManyAttempts(minutes=int(ATTEMPT_WINDOW.total_seconds() // 60))
    db.session.execute(delete(SignInAttempt).where(SignInAttempt.at < at - ATTEMPT_WINDOW))
    attempt = SignInAttempt(name_hash=name_hash, address_hash=address_hash, at=at)
    db.session.add(attempt)
    db.session.flush()
    return attempt.id


def _wait_for_turn(name_hash: str) -> None:
    """Keep others with this name waiting until the unit of work ends; on SQLite everybody does already."""
    session = db.session()
    if session.get_bind().dialect.name == "postgresql":
        key = int.from_bytes(bytes.fromhex(name_hash)[:8], "big", signed=True)
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})


def give_attempt_back(attempt_id: int) -> None:
    """Forget an attempt that was right."""
    db.session.execute(delete(SignInAttempt).where(SignInAttempt.id == attempt_id))


def sign_in_checked(account: Account, checked_hash: str, *, at: datetime) -> str:
    """Open a sign-in when the password that was checked is still the password.

    Raises:
        SignInRefused: it was changed between the check and now.
    """
    lock(account)
    if account.password_hash != checked_hash:
        raise SignInRefused
    return sign_in(account, at=at)


def sign_in(account: Account, *, at: datetime) -> str:
    """Open a sign-in for a member whose password was right; return the token for the cookie."""
    token = secrets.token_urlsafe(32)
    length = session_length(is_staff=account.member.as_actor(at).is_staff)
    db.session.execute(delete(SignInSession).where(SignInSession.expires_at < at))
    names = [name for name in (account.member.email, account.member.number) if name]
    own = [token_hash(plain_email(name)) for name in names if find_account(name) is account]
    db.session.execute(delete(SignInAttempt).where(SignInAttempt.name_hash.in_(own)))
    db.session.add(
        SignInSession(
            token_hash=token_hash(token), member_id=account.member_id, created_at=at, expires_at=at + length
        )
    )
    return token


def sign_out(token: str) -> None:
    """Close one sign-in; its cookie is worthless from now on."""
    db.session.execute(delete(SignInSession).where(SignInSession.token_hash == token_hash(token)))


def sign_out_everywhere(member_id: int) -> None:
    """Close all sign-ins of a member."""
    db.session.execute(delete(SignInSession).where(SignInSession.member_id == member_id))


def sign_out_elsewhere(actor: Actor, token: str, *, at: datetime) -> None:
    """Close all sign-ins of the actor but the one of this token."""
    assert actor.member_id is not None, "only who is signed in can be signed in elsewhere"
    closed = _close_others(actor.member_id, token)
    audit.record(actor, "account.signed_out_elsewhere", member_id=actor.member_id, closed=closed, at=at)


def _close_others(member_id: int, token: str) -> int:
    """Close all sign-ins of a member but one; return how many there were."""
    others = SignInSession.member_id == member_id, SignInSession.token_hash != token_hash(token)
    return len(db.session.scalars(delete(SignInSession).where(*others).returning(SignInSession.id)).all())


def request_activation(email: str, *, at: datetime) -> None:
    """Mail a link to set a password to each member with this address; for an unknown address do nothing.

    The caller answers the same either way, so nobody can find out who is a member.
    """
    for member in list_members_by_email(email):
        code = secrets.token_urlsafe(32)
        row = _add_code(member, ActivationChannel.EMAIL, code, at=at)
        emails.activation_requested(member, code=code, key=f"activation:{row.code_hash}", at=at)


def make_letter_code(member: Member, actor: Actor, *, at: datetime) -> str:
    """Return a new code to print for a member; earlier printed codes stop working."""
    lock(member)
    code = "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))
    db.session.execute(
        delete(ActivationCode).where(
            ActivationCode.member_id == member.id,
            ActivationCode.channel == ActivationChannel.LETTER,
            ActivationCode.used_at.is_(None),
        )
    )
    _add_code(member, ActivationChannel.LETTER, code, at=at)
    audit.record(actor, "account.letter_code_made", member_id=member.id, at=at)
    return code


def _add_code(member: Member, channel: ActivationChannel, code: str, *, at: datetime) -> ActivationCode:
    length = EMAIL_CODE_LENGTH if channel is ActivationChannel.EMAIL else LETTER_CODE_LENGTH
    row = ActivationCode(
        member_id=member.id,
        channel=channel,
        code_hash=token_hash(code),
        email=member.email if channel is ActivationChannel.EMAIL else None,
        made_at=at,
        expires_at=at + length,
    )
    db.session.add(row)
    db.session.flush()
    return row


def check_letter_code(typed_code: str, typed_postcode: str, *, at: datetime) -> ActivationCode:
    """Return the activation a printed code stands for.

    Raises:
        CodeRefused: unknown, used or expired, or printed for another postcode.
    """
    found = find_code(plain_code(typed_code), ActivationChannel.LETTER, at)
    home = found.member.household if found else None
    if found is None or home is None or plain_postcode(home.postcode) != plain_postcode(typed_postcode):
        raise CodeRefused
    return found


def check_email_code(token: str, *, at: datetime) -> ActivationCode:
    """Return the activation a mailed link stands for.

    Raises:
        CodeRefused: unknown, used or expired.
    """
    found = find_code(token, ActivationChannel.EMAIL, at)
    if found is None:
        raise CodeRefused
    return found


def activate(code: ActivationCode, password: str, *, at: datetime) -> Account:
    """Set the password of a member with a code that works once.

    Other sign-ins of the member close, and their other codes stop working, also one in a letter on its way.

    Raises:
        CodeRefused: somebody used it, or the register changed, a moment ago.
        PasswordRefused: the password will not do.
    """
    lock(code.member)
    is_same_address = code.email in (None, code.member.email)
    if code.used_at is not None or not is_same_address or code.member.state is not MemberState.ACTIVE:
        raise CodeRefused
    _check_password(code.member, password)

    db.session.execute(
        update(ActivationCode)
        .where(ActivationCode.member_id == code.member_id, ActivationCode.used_at.is_(None))
        .values(used_at=at)
    )
    account = set_password(code.member, password, at=at)
    sign_out_everywhere(code.member_id)
    emails.password_changed(code.member, at=at)
    audit.record(SYSTEM, "account.password_set", member_id=code.member_id, channel=code.channel, at=at)
    return account


def change_password(account: Account, current: str, new: str, *, token: str, at: datetime) -> None:
    """Change the password of a member who is signed in; their sign-ins elsewhere close, and a mail says so.

    Args:
        account: of the member.
        current: the password they have now.
        new: the password they want.
        token: of the sign-in that stays open.
        at: this moment.

    Raises:
        CurrentPasswordWrong: that is not the password they have now.
        PasswordRefused: the new password will not do.
    """
    lock(account)
    if not is_password(account.password_hash, current):
        raise CurrentPasswordWrong
    _check_password(account.member, new)
    account.password_hash = hash_password(new)
    _close_others(account.member_id, token)
    emails.password_changed(account.member, at=at)
    actor = account.member.as_actor(at)
    audit.record(actor, "account.password_changed", member_id=account.member_id, at=at)


def choose_language(actor: Actor, language: str) -> None:
    """Keep the language in which the actor, a member, wants the pages and their mail."""
    db.session.get_one(Member, actor.member_id).interface_language = language


def _check_password(member: Member, password: str) -> None:
    names = [name for name in (member.email, member.number, member.display_name) if name]
    if fault := password_fault(password, names=names):
        raise PasswordRefused(fault=fault)


def set_password(member: Member, password: str, *, at: datetime) -> Account:
    """Store the hash of a member's password, and make the account when there is none."""
    account = db.session.get(Account, member.id)
    if account is None:
        account = Account(member_id=member.id, activated_at=at, password_hash="")
        db.session.add(account)
    account.password_hash = hash_password(password)
    db.session.flush()
    db.session.refresh(account)
    return account
