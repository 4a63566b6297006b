"""Settings of one installation: from the environment, else `instance/settings.toml`, else a safe default."""

import os
import re
import secrets
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from forum.kernel.numbers import whole_number
from forum.settings.errors import SettingRefused

SECRET_MIN_LENGTH = 32
MAIL_SCHEMES = ("smtp", "smtps", "smtp+starttls", "console", "file")
SEARCH_SCHEMES = ("whoosh", "tantivy", "postgresql")
FILES_SCHEMES = ("folder",)


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings, checked. `docs/settings.md` explains each."""

    instance_path: Path
    database_url: str
    redis_url: str | None
    search_url: str
    files_url: str
    mail_url: str
    mail_from: str
    mail_reply_domain: str
    quiet_hours: tuple[int, int] | None
    secret_key: str
    secret_key_fallbacks: tuple[str, ...]
    base_url: str
    trusted_proxies: int
    public_reading: bool
    topics_per_year: int
    edit_window_minutes: int
    appeal_days: int
    minutes_answer_days: int
    minutes_due_days: int
    application_days: int
    answer_days: int
    advice_days: int
    advice_reasons_days: int
    advice_wait_days: int
    claim_days: int
    claim_hours_least: int
    needs_days: int
    watch_words_file: Path
    metrics_token: str
    requests_per_minute: int

    @property
    def is_https(self) -> bool:
        """Tell whether visitors come over https, so that cookies may insist on it."""
        return self.base_url.startswith("https://")

    @property
    def host(self) -> str:
        """Return the host visitors use, with its port where that is not the scheme's own."""
        return urlsplit(self.base_url).netloc


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read and check every setting.

    Raises:
        SettingRefused: a value cannot be used, or `settings.toml` has a name that is no setting.
    """
    environ = os.environ if environ is None else environ
    instance = Path(environ.get("INSTANCE_PATH") or "instance").absolute()
    read = _reader(environ, _settings_file(instance / "settings.toml"))
    database_url = read("DATABASE_URL", f"sqlite:///{instance / 'forum.sqlite'}", _database_url)
    return Settings(
        instance_path=instance,
        database_url=database_url,
        redis_url=read("REDIS_URL", "", _redis_url) or None,
        search_url=read("SEARCH_URL", "whoosh:", _search_url(instance / "search", database_url)),
        files_url=read("FILES_URL", "folder:", _files_url(instance / "pictures")),
        mail_url=read("MAIL_URL", "console:", _mail_url),
        mail_from=read("MAIL_FROM", "Huurdersforum <forum@localhost>", _mail_from),
        mail_reply_domain=read("MAIL_REPLY_DOMAIN", "", _mail_domain),
        quiet_hours=_hours(read("QUIET_HOURS", "21-8", _quiet_hours)),
        secret_key=read("SECRET_KEY", "", _secret) or _own_secret(instance),
        secret_key_fallbacks=tuple(read("SECRET_KEY_FALLBACKS", "", str).split()),
        base_url=read("BASE_URL", "http://127.0.0.1:8000", _base_url),
        trusted_proxies=int(read("TRUSTED_PROXIES", "0", _whole(0, 5))),
        public_reading=read("PUBLIC_READING", "no", _yes_no) == "yes",
        topics_per_year=int(read("TOPICS_PER_YEAR", "5", _whole(1, 50))),
        edit_window_minutes=int(read("EDIT_WINDOW_MINUTES", "60", _whole(0, 10_080))),
        application_days=int(read("APPLICATION_DAYS", "28", _whole(1, 3650))),
        appeal_days=int(read("APPEAL_DAYS", "14", _whole(1, 365))),
        minutes_answer_days=int(read("MINUTES_ANSWER_DAYS", "7", _whole(1, 90))),
        minutes_due_days=int(read("MINUTES_DUE_DAYS", "14", _whole(1, 365))),
        answer_days=int(read("ANSWER_DAYS", "42", _whole(1, 365))),
        advice_days=int(read("ADVICE_DAYS", "42", _whole(42, 365))),
        advice_reasons_days=int(read("ADVICE_REASONS_DAYS", "14", _whole(1, 14))),
        advice_wait_days=int(read("ADVICE_WAIT_DAYS", "3", _whole(3, 90))),
        claim_days=int(read("CLAIM_DAYS", "5", _whole(1, 60))),
        claim_hours_least=int(read("CLAIM_HOURS_LEAST", "24", _whole(1, 168))),
        needs_days=int(read("NEEDS_DAYS", "14", _whole(1, 365))),
        watch_words_file=Path(read("WATCH_WORDS_FILE", str(instance / "watch_words.txt"), str)),
        metrics_token=read("METRICS_TOKEN", "", _secret),
        requests_per_minute=int(read("REQUESTS_PER_MINUTE", "1200", _whole(1, 1_000_000))),
    )


NAMES = frozenset(field.name.upper() for field in fields(Settings)) - {"INSTANCE_PATH"}
"""What `settings.toml` can hold; where that file is comes from the environment alone."""


def _settings_file(path: Path) -> Mapping[str, object]:
    if not path.exists():
        return {}
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingRefused("settings.toml", f"{path} cannot be read: {error}") from error
    for name in values:
        if name not in NAMES:
            raise SettingRefused(name, f"no such setting (in {path})")
    return values


def _reader(
    environ: Mapping[str, str], file: Mapping[str, object]
) -> Callable[[str, str, Callable[[str], str]], str]:
    def read(name: str, default: str, check: Callable[[str], str]) -> str:
        value = environ.get(name) or file.get(name, default)
        if isinstance(value, bool):
            value = "yes" if value else "no"
        if not isinstance(value, str | int):
            raise SettingRefused(name, "must be text or a whole number")
        try:
            return check(str(value))
        except ValueError as error:
            raise SettingRefused(name, str(error)) from error

    return read


def _database_url(value: str) -> str:
    scheme = value.split(":", 1)[0]
    if scheme in ("postgresql", "postgres"):
        value = "postgresql+psycopg" + value[len(scheme) :]
    elif scheme not in ("sqlite", "postgresql+psycopg"):
        message = f"{scheme}: is not known; use sqlite:///FILE or postgresql://…"
        raise ValueError(message)
    try:
        parts = make_url(value)
    except (ArgumentError, ValueError):  # their words may quote the password
        message = (
            "cannot be read; it looks like sqlite:///FILE or postgresql://NAME:PASSWORD@HOST:PORT/DATABASE"
        )
        raise ValueError(message) from None
    if scheme == "sqlite" and (parts.host or parts.database in (None, "", ":memory:")):
        message = "names no file; three slashes, then the file: sqlite:///FILE"
        raise ValueError(message)
    return value


def _url(*schemes: str) -> Callable[[str], str]:
    def check(value: str) -> str:
        if value and value.split(":", 1)[0] not in schemes:
            message = f"must start with one of {', '.join(scheme + ':' for scheme in schemes)}"
            raise ValueError(message)
        return value

    return check


def _redis_url(value: str) -> str:
    if _url("redis", "rediss")(value) and not _names_server(value):
        message = "must look like redis://127.0.0.1:6379/0"
        raise ValueError(message)
    return value


def _mail_url(value: str) -> str:
    scheme, _, place = _url(*MAIL_SCHEMES)(value).partition(":")
    if scheme == "file" and not place.removeprefix("//"):
        message = "must name a folder, like file:/var/mail/forum"
        raise ValueError(message)
    parts = urlsplit(value)
    is_server = _names_server(value) and not parts.path.strip("/") and not parts.query
    if scheme not in ("console", "file") and not is_server:
        message = "must look like smtp+starttls://name:password@mail.example.nl:587"
        raise ValueError(message)
    return value


def _names_server(url: str) -> bool:
    """Tell whether an address has the name of a server, and a port that can be when it has one."""
    try:
        parts = urlsplit(url)
        return bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _search_url(folder: Path, database_url: str) -> Callable[[str], str]:
    """Return a check that gives an index without a folder of its own this one, and refuses what cannot be."""
    known = _url(*SEARCH_SCHEMES)

    def check(value: str) -> str:
        scheme, _, place = known(value).partition(":")
        if scheme == "tantivy" and find_spec("tantivy") is None:
            message = "tantivy: needs the package tantivy; pip install 'huurdersforum[tantivy]'"
            raise ValueError(message)
        if scheme != "postgresql":
            return f"{scheme}:{place or folder}"
        if not database_url.startswith("postgresql"):
            message = (
                "postgresql: searches in the database of the forum, and DATABASE_URL is no postgresql://…"
            )
            raise ValueError(message)
        if place:
            message = "postgresql: stands alone; it is always the database of DATABASE_URL"
            raise ValueError(message)
        return value

    return check


def _files_url(folder: Path) -> Callable[[str], str]:
    """Return a check that gives a file store without a folder of its own this one."""
    known = _url(*FILES_SCHEMES)
    return lambda value: f"folder:{folder}" if value == "folder:" else known(value)


_HOST = re.compile(r"(?:[\w-]+(?:\.[\w-]+)*\.?|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?")


def _base_url(value: str) -> str:
    parts = urlsplit(value)
    is_host = bool(_HOST.fullmatch(parts.netloc)) and _names_server(value)
    if parts.scheme not in ("http", "https") or not is_host or parts.path.strip("/") or parts.query:
        message = "must look like https://forum.example.nl, without a path"
        raise ValueError(message)
    return f"{parts.scheme}://{parts.netloc}"


def _mail_from(value: str) -> str:
    if "@" not in value or "\n" in value or "\r" in value:
        message = "must be an e-mail address on one line"
        raise ValueError(message)
    return value


def _mail_domain(value: str) -> str:
    if value and not re.fullmatch(r"(?=.{1,180}$)[a-z0-9]([a-z0-9.-]*[a-z0-9])?", value):
        message = "must be the name of a mail domain in lower case, like antwoord.example.nl"
        raise ValueError(message)
    return value


def _quiet_hours(value: str) -> str:
    hours = re.fullmatch(r"(\d{1,2})-(\d{1,2})", value, re.ASCII)
    if value != "no" and (hours is None or not all(int(hour) < 24 for hour in hours.groups())):
        message = "must be two whole hours, like 21-8, or no"
        raise ValueError(message)
    return value


def _hours(value: str) -> tuple[int, int] | None:
    if value == "no":
        return None
    first, last = value.split("-")
    return int(first), int(last)


def _secret(value: str) -> str:
    if value and len(value) < SECRET_MIN_LENGTH:
        message = f"must have at least {SECRET_MIN_LENGTH} characters"
        raise ValueError(message)
    return value


def _whole(least: int, most: int) -> Callable[[str], str]:
    def check(value: str) -> str:
        number = whole_number(value)
        if number is None or not least <= number <= most:
            message = f"must be a whole number from {least} to {most}"
            raise ValueError(message)
        return value

    return check


def _yes_no(value: str) -> str:
    if value not in ("yes", "no"):
        message = "must be yes or no"
        raise ValueError(message)
    return value


def _own_secret(instance: Path) -> str:
    """Make the secret key once; two processes that start together end with the same one."""
    path = instance / "secret_key"
    instance.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"secret_key.{os.getpid()}")
    if not path.exists():
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32))
        try:
            os.link(temporary, path)  # fails when the other process was first: then its key counts
        except FileExistsError:
            pass
        finally:
            temporary.unlink()
    key = path.read_text(encoding="ascii").strip()
    if len(key) < SECRET_MIN_LENGTH:
        raise SettingRefused("SECRET_KEY", f"{path} is damaged; remove it to make a new one")
    return key
