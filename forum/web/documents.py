"""Documents that staff send for others to read: receiving one, keeping it, giving it back."""

import secrets
from datetime import datetime, timedelta
from http import HTTPStatus
from itertools import islice
from typing import BinaryIO

from flask import Response, current_app
from flask_wtf.file import FileField, FileRequired
from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute
from werkzeug.utils import secure_filename

from forum.kernel.database import db
from forum.kernel.documents import MEDIA_TYPES, DocumentKind, SentDocument, kind_of
from forum.kernel.errors import ForumError, NotFound
from forum.kernel.file_store import FileStore, file_store_at
from forum.texts.catalogue import say, say_later
from forum.web.downloads import download
from forum.web.errors import in_words
from forum.web.forms import PageForm, short_text

BYTES_MOST = 10 * 1024 * 1024
ACCEPTED = ",".join(f".{kind}" for kind in DocumentKind) + ",.jpeg"
"""For the field of a form."""
LOOSE_KEPT = timedelta(days=1)
"""How long a file may wait for its row."""
FILES_AT_ONCE = 200
TITLE_LONGEST = 200


class DocumentRefused(ForumError):
    """Too large, or of a kind that is not taken; `fault` says which."""

    code = "document-refused"
    status = HTTPStatus.UNPROCESSABLE_ENTITY


def document_store(folder: str) -> FileStore:
    """Return the store for the documents of one feature, beside the pictures."""
    return file_store_at(f"{current_app.config['SETTINGS'].files_url}/{folder}")


class DocumentForm(PageForm):
    """A document with its name."""

    title = short_text("document-title-required", TITLE_LONGEST)
    file = FileField(validators=[FileRequired(say_later("document-required"))])

    def keep(self, folder: str) -> SentDocument:
        """Keep the file in the folder of a feature.

        Raises:
            DocumentRefused: it is too large, or no document that we take.
        """
        return keep_document(self.file.data.stream, folder, self.title.data or "")

    def refuse(self, refusal: ForumError) -> None:
        """Show beside the file why it is not taken."""
        is_of_file = isinstance(refusal, DocumentRefused)
        fault = say(f"document-{refusal.details['fault']}") if is_of_file else in_words(refusal)
        self.file.errors = [fault]


def keep_document(file: BinaryIO, folder: str, title: str) -> SentDocument:
    """Keep a file that somebody sent under a new key.

    Raises:
        DocumentRefused: it is too large, or no document that we take.
    """
    with file:
        size_bytes = file.seek(0, 2)
        file.seek(0)
        if size_bytes > BYTES_MOST:
            raise DocumentRefused(fault="bytes")
        kind = kind_of(file)
        if kind is None:
            raise DocumentRefused(fault="kind")
        key = secrets.token_hex(16)
        document_store(folder).put(f"{key}.{kind}", file.read())
        return SentDocument(key, title, kind, size_bytes)


def send_document(folder: str, key: str, kind: DocumentKind, title: str) -> Response:
    """Return a document as a download: it never opens as a page of this site.

    Raises:
        NotFound: the file is gone.
    """
    return download(read_document(folder, key, kind), MEDIA_TYPES[kind], file_name(title, kind))


def read_document(folder: str, key: str, kind: DocumentKind) -> bytes:
    """Return what is in a document.

    Raises:
        NotFound: the file is gone.
    """
    try:
        return document_store(folder).read(f"{key}.{kind}")
    except FileNotFoundError as error:
        raise NotFound(document=key) from error


def file_name(title: str, kind: DocumentKind) -> str:
    """Return what a document is called on the computer of who keeps it, in plain ASCII."""
    return f"{secure_filename(title)[:100] or 'document'}.{kind}"


def remove_loose(folder: str, keys: InstrumentedAttribute[str], *, at: datetime) -> None:
    """Remove files that no document knows, a day after they came: a file is written before its row.

    Args:
        folder: of a feature.
        keys: the column with the keys of its documents.
        at: now.
    """
    store = document_store(folder)
    old = iter(list(store.list_before(at - LOOSE_KEPT)))
    while names := list(islice(old, FILES_AT_ONCE)):
        known = select(keys).where(keys.in_([name.split(".")[0] for name in names]))
        kept = set(db.session.scalars(known))
        db.session.rollback()  # removing takes time, and needs no transaction
        for name in names:
            if name.split(".")[0] not in kept:
                store.remove(name)
