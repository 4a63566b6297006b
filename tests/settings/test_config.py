"""Settings: what is read from where, and what is refused with its name and the reason."""

import multiprocessing
import stat
import sys
from collections.abc import Callable
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest

from forum.settings.config import NAMES, Settings, load_settings
from forum.settings.errors import SettingRefused


def _load(instance: Path, **environ: str) -> Settings:
    return load_settings({"INSTANCE_PATH": str(instance), **environ})


def test_without_any_setting_everything_is_inside_the_instance(tmp_path: Path) -> None:
    settings = _load(tmp_path)

    assert settings.instance_path == tmp_path
    assert settings.database_url == f"sqlite:///{tmp_path / 'forum.sqlite'}"
    assert settings.search_url == f"whoosh:{tmp_path / 'search'}"
    assert settings.mail_url == "console:"
    assert settings.redis_url is None
    assert settings.topics_per_year == 5
    assert not settings.public_reading
    assert not settings.is_https
    assert settings.host == "127.0.0.1:8000"


def test_the_search_engine_is_chosen_by_its_name(tmp_path: Path) -> None:
    database = "postgresql://db.example.nl/forum"

    assert _load(tmp_path, SEARCH_URL="tantivy:").search_url == f"tantivy:{tmp_path / 'search'}"
    assert _load(tmp_path, SEARCH_URL="tantivy:/srv/search").search_url == "tantivy:/srv/search"
    assert _load(tmp_path, SEARCH_URL="postgresql:", DATABASE_URL=database).search_url == "postgresql:"
    with pytest.raises(SettingRefused, match="stands alone"):
        _load(tmp_path, SEARCH_URL=database, DATABASE_URL=database)


def test_an_engine_whose_package_is_not_there_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "tantivy", None)

    with pytest.raises(SettingRefused, match="needs the package tantivy"):
        _load(tmp_path, SEARCH_URL="tantivy:")


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("DATABASE_URL", "mysql://localhost/forum", "mysql: is not known"),
        ("DATABASE_URL", "/var/lib/forum.sqlite", "is not known"),
        ("DATABASE_URL", "sqlite:", "cannot be read"),
        ("DATABASE_URL", "sqlite://", "names no file"),
        ("DATABASE_URL", "sqlite:///:memory:", "names no file"),
        ("DATABASE_URL", "sqlite://forum.sqlite", "names no file"),
        ("DATABASE_URL", "postgresql", "cannot be read"),
        ("DATABASE_URL", "postgresql://forum:secret@db.example.nl:poort/forum", "cannot be read"),
        ("REDIS_URL", "http://localhost", "must start with one of redis:, rediss:"),
        ("REDIS_URL", "redis:", "must look like redis://"),
        ("REDIS_URL", "rediss://host:poort", "must look like"),
        ("SEARCH_URL", "elastic:localhost", "must start with one of whoosh:"),
        ("SEARCH_URL", "postgresql:", "DATABASE_URL is no postgresql://"),
        ("MAIL_URL", "pop3://localhost", "must start with one of smtp:"),
        ("MAIL_URL", "smtp:", "must look like smtp+starttls://"),
        ("MAIL_URL", "smtps://", "must look like"),
        ("MAIL_URL", "smtp://host:99999", "must look like"),
        ("MAIL_URL", "smtp+starttls://name:secret@host:poort", "must look like"),
        ("MAIL_URL", "smtp://host/path", "must look like"),
        ("MAIL_URL", "file:", "must name a folder"),
        ("MAIL_URL", "file://", "must name a folder"),
        ("MAIL_FROM", "forum", "must be an e-mail address"),
        ("MAIL_FROM", "forum@example.nl\nBcc: x@example.nl", "on one line"),
        ("SECRET_KEY", "te kort", "at least 32 characters"),
        ("METRICS_TOKEN", "te kort", "at least 32 characters"),
        ("BASE_URL", "forum.example.nl", "must look like https://forum.example.nl"),
        ("BASE_URL", "ftp://forum.example.nl", "must look like"),
        ("BASE_URL", "https://forum.example.nl/forum", "without a path"),
        ("BASE_URL", "https://forum.example.nl?x=1", "without a path"),
        ("BASE_URL", "https://", "must look like"),
        ("BASE_URL", "https://a b", "must look like"),
        ("BASE_URL", "https://forum.example.nl:poort", "must look like"),
        ("BASE_URL", "https://forum.example.nl:99999", "must look like"),
        ("TRUSTED_PROXIES", "-1", "a whole number from 0 to 5"),
        ("TRUSTED_PROXIES", "6", "a whole number from 0 to 5"),
        ("TRUSTED_PROXIES", "een", "a whole number from 0 to 5"),
        ("TRUSTED_PROXIES", "١", "a whole number from 0 to 5"),
        ("TRUSTED_PROXIES", "1.5", "a whole number from 0 to 5"),
        ("PUBLIC_READING", "true", "must be yes or no"),
        ("PUBLIC_READING", "Yes", "must be yes or no"),
        ("TOPICS_PER_YEAR", "0", "a whole number from 1 to 50"),
        ("TOPICS_PER_YEAR", "51", "a whole number from 1 to 50"),
        ("EDIT_WINDOW_MINUTES", "99999", "a whole number from 0 to 10080"),
        ("APPEAL_DAYS", "0", "a whole number from 1 to 365"),
        ("ANSWER_DAYS", "0", "a whole number from 1 to 365"),
        ("REQUESTS_PER_MINUTE", "0", "a whole number from 1 to 1000000"),
        ("REQUESTS_PER_MINUTE", "9" * 5000, "a whole number from 1 to 1000000"),
    ],
)
def test_a_wrong_setting_is_refused_with_its_name_and_the_reason(
    tmp_path: Path, name: str, value: str, reason: str
) -> None:
    with pytest.raises(SettingRefused) as refusal:
        _load(tmp_path, **{name: value})

    assert refusal.value.name == name
    assert reason in refusal.value.reason
    assert name in str(refusal.value)


@pytest.mark.parametrize(
    ("name", "value", "read"),
    [
        ("DATABASE_URL", "postgresql://h/d", lambda s: s.database_url == "postgresql+psycopg://h/d"),
        ("DATABASE_URL", "postgres://h/d", lambda s: s.database_url == "postgresql+psycopg://h/d"),
        ("DATABASE_URL", "postgresql+psycopg://h/d", lambda s: s.database_url.endswith("psycopg://h/d")),
        ("REDIS_URL", "redis://localhost", lambda s: s.redis_url == "redis://localhost"),
        ("BASE_URL", "https://forum.example.nl/", lambda s: s.base_url == "https://forum.example.nl"),
        ("BASE_URL", "https://forum.example.nl:8443", lambda s: s.host == "forum.example.nl:8443"),
        ("PUBLIC_READING", "yes", lambda s: s.public_reading is True),
        ("TOPICS_PER_YEAR", "50", lambda s: s.topics_per_year == 50),
        ("EDIT_WINDOW_MINUTES", "0", lambda s: s.edit_window_minutes == 0),
        ("APPEAL_DAYS", "21", lambda s: s.appeal_days == 21),
        ("APPLICATION_DAYS", "90", lambda s: s.application_days == 90),
        ("SECRET_KEY_FALLBACKS", "een twee", lambda s: s.secret_key_fallbacks == ("een", "twee")),
        ("TOPICS_PER_YEAR", "", lambda s: s.topics_per_year == 5),
    ],
)
def test_a_good_setting_is_read(
    tmp_path: Path, name: str, value: str, read: Callable[[Settings], bool]
) -> None:
    assert read(_load(tmp_path, **{name: value}))


def _write(instance: Path, text: str) -> None:
    (instance / "settings.toml").write_text(text, encoding="utf-8")


def test_the_file_is_read_and_the_environment_goes_first(tmp_path: Path) -> None:
    _write(tmp_path, 'TOPICS_PER_YEAR = 7\nPUBLIC_READING = true\nMAIL_FROM = "forum@example.nl"\n')

    assert _load(tmp_path).topics_per_year == 7
    assert _load(tmp_path).public_reading
    assert _load(tmp_path).mail_from == "forum@example.nl"
    assert _load(tmp_path, TOPICS_PER_YEAR="3").topics_per_year == 3


@pytest.mark.parametrize(
    ("text", "name", "reason"),
    [
        pytest.param("TOPIC_PER_YEAR = 7", "TOPIC_PER_YEAR", "no such setting", id="a name that is none"),
        pytest.param("topics_per_year = 7", "topics_per_year", "no such setting", id="small letters"),
        pytest.param(
            "TOPICS_PER_YEAR = 7.5", "TOPICS_PER_YEAR", "must be text or a whole number", id="float"
        ),
        pytest.param("BASE_URL = ['a']", "BASE_URL", "must be text or a whole number", id="list"),
        pytest.param("TOPICS_PER_YEAR = ", "settings.toml", "cannot be read", id="half a line"),
        pytest.param(
            "TOPICS_PER_YEAR = true", "TOPICS_PER_YEAR", "a whole number", id="yes where a number is"
        ),
    ],
)
def test_a_wrong_file_is_refused_with_the_name(tmp_path: Path, text: str, name: str, reason: str) -> None:
    _write(tmp_path, text)

    with pytest.raises(SettingRefused) as refusal:
        _load(tmp_path)

    assert refusal.value.name == name
    assert reason in refusal.value.reason


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_bytes('MAIL_FROM = "café@example.nl"'.encode("cp1252"))

    with pytest.raises(SettingRefused, match="cannot be read"):
        _load(tmp_path)


def test_every_setting_can_stand_in_the_file(tmp_path: Path) -> None:
    for name in sorted(NAMES):
        _write(tmp_path, f'{name} = ["geen waarde"]')
        with pytest.raises(SettingRefused) as refusal:
            _load(tmp_path)
        assert refusal.value.name == name, "a name of the list that is never read"


def test_the_secret_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    first, second = _load(tmp_path).secret_key, _load(tmp_path).secret_key

    assert first == second
    assert len(first) == 64
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"], "nothing is left lying about"


def test_a_secret_of_the_environment_leaves_no_file(tmp_path: Path) -> None:
    assert _load(tmp_path, SECRET_KEY="s" * 32).secret_key == "s" * 32
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_secret_is_refused_and_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "secret_key").write_text("half", encoding="ascii")

    with pytest.raises(SettingRefused, match="damaged"):
        _load(tmp_path)

    assert (tmp_path / "secret_key").read_text(encoding="ascii") == "half"


def _read_secret(instance: str, start: Barrier, place: int) -> None:
    start.wait(timeout=60)
    secret = load_settings({"INSTANCE_PATH": instance}).secret_key
    Path(instance, f"read-{place}").write_text(secret, encoding="ascii")


def test_processes_that_start_together_end_with_one_secret(tmp_path: Path) -> None:
    spawning = multiprocessing.get_context("spawn")
    for turn in range(3):
        instance = tmp_path / str(turn)
        instance.mkdir()
        start = spawning.Barrier(4)
        processes = [
            spawning.Process(target=_read_secret, args=(str(instance), start, place)) for place in range(4)
        ]
        for process in processes:
            process.start()
        for process in processes:
            process.join(timeout=60)
            assert process.exitcode == 0

        secrets = {path.read_text(encoding="ascii") for path in instance.glob("read-*")}
        assert secrets == {(instance / "secret_key").read_text(encoding="ascii")}
