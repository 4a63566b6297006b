"""Register files between preview and confirmation: kept for one person, for a day at most."""

import os
import re
import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path

from forum.members.errors import UploadGone

KEPT_FOR = timedelta(days=1)
TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")


def keep_upload(folder: Path, data: bytes, member_id: int, *, at: datetime) -> str:
    """Store a file for a member, throw old ones away, and return the token that gets it back."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _sweep(folder, at)
    token = secrets.token_urlsafe(24)
    path = _path(folder, token, member_id)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(data)
        os.utime(path, (at.timestamp(), at.timestamp()))
    except OSError:
        path.unlink(missing_ok=True)
        raise
    return token


def get_upload(folder: Path, token: str, member_id: int, *, at: datetime) -> bytes:
    """Return the file that a member uploaded.

    Raises:
        UploadGone: it is not there any more, is older than a day, or was never this member's.
    """
    path = _path(folder, token, member_id)
    try:
        if _is_old(path, at):
            raise UploadGone
        return path.read_bytes()
    except FileNotFoundError:
        raise UploadGone from None


def drop_upload(folder: Path, token: str, member_id: int) -> None:
    """Delete the file that a member uploaded; one that is gone stays gone."""
    _path(folder, token, member_id).unlink(missing_ok=True)


def _path(folder: Path, token: str, member_id: int) -> Path:
    if not TOKEN.fullmatch(token):
        raise UploadGone
    return folder / f"register-{member_id}-{token}"


def _sweep(folder: Path, at: datetime) -> None:
    for path in folder.glob("register-*"):
        try:
            if _is_old(path, at):
                path.unlink()
        except FileNotFoundError:  # somebody else swept at the same time
            continue


def _is_old(path: Path, at: datetime) -> bool:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC) < at - KEPT_FOR
