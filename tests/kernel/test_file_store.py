"""What every store of files promises."""

import os
from datetime import timedelta
from pathlib import Path

import pytest

from forum.kernel.clock import now
from forum.kernel.file_store import FileStore, file_store_at

NAME = "abc-klein.webp"
LATER = timedelta(hours=1)


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    """Return an empty store, whose folder is not made yet."""
    return file_store_at(f"folder:{tmp_path / 'uploads'}")


def test_a_file_is_read_as_it_was_put(store: FileStore) -> None:
    store.put(NAME, b"een")
    store.put("abd", b"twee")

    assert (store.read(NAME), store.read("abd")) == (b"een", b"twee")


def test_a_removed_file_is_not_there_and_can_be_removed_again(store: FileStore) -> None:
    store.put(NAME, b"een")

    store.remove(NAME)
    store.remove(NAME)

    with pytest.raises(FileNotFoundError):
        store.read(NAME)


def test_files_are_listed_by_when_they_came(store: FileStore) -> None:
    assert list(store.list_before(now())) == []
    store.put(NAME, b"een")

    assert list(store.list_before(now() - LATER)) == []
    assert list(store.list_before(now() + LATER)) == [NAME]


def test_a_file_that_was_never_finished_is_listed_too(store: FileStore, tmp_path: Path) -> None:
    store.put(NAME, b"een")
    (tmp_path / "uploads" / "ab" / f"{NAME}.{os.getpid()}.part").write_bytes(b"ee")

    assert len(list(store.list_before(now() + LATER))) == 2


@pytest.mark.parametrize("name", ["../geheim", "a/b", "", "..", ".verborgen", "a\x00b"])
def test_a_name_never_leaves_the_folder(store: FileStore, name: str) -> None:
    with pytest.raises(ValueError, match="no name of a file"):
        store.put(name, b"een")
