"""Files that people send for others to read: a few kinds, known by what is in them, not by name. Pure."""

import zipfile
from dataclasses import dataclass
from enum import StrEnum
from typing import BinaryIO


class DocumentKind(StrEnum):
    """Kinds of files that can be kept and given to others; the value is the end of the name."""

    PDF = "pdf"
    PNG = "png"
    JPEG = "jpg"
    ODT = "odt"
    DOCX = "docx"


@dataclass(frozen=True, slots=True)
class SentDocument:
    """A file that somebody sent, and that the file store keeps under its key."""

    key: str
    title: str
    kind: DocumentKind
    size_bytes: int


MEDIA_TYPES = {
    DocumentKind.PDF: "application/pdf",
    DocumentKind.PNG: "image/png",
    DocumentKind.JPEG: "image/jpeg",
    DocumentKind.ODT: "application/vnd.oasis.opendocument.text",
    DocumentKind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
_BEGINNINGS = {
    b"%PDF-": DocumentKind.PDF,
    b"\x89PNG\r\n\x1a\n": DocumentKind.PNG,
    b"\xff\xd8\xff": DocumentKind.JPEG,
}
_LONGEST = max(map(len, _BEGINNINGS))
_MEMBERS_MOST = 5_000
_TYPE_MOST = 100


def kind_of(file: BinaryIO) -> DocumentKind | None:
    """Return of which kind a file is by its content, `None` for every other; it is left at its beginning."""
    head = file.read(_LONGEST)
    file.seek(0)
    for beginning, kind in _BEGINNINGS.items():
        if head.startswith(beginning):
            return kind
    kind_in_zip = _kind_in_zip(file) if head.startswith(b"PK\x03\x04") else None
    file.seek(0)
    return kind_in_zip


def _kind_in_zip(file: BinaryIO) -> DocumentKind | None:
    """Return the kind of a text document that is a zip; nothing is unpacked but its short type.

    A document with macros has another content, and is none of ours.
    """
    try:
        with zipfile.ZipFile(file) as packed:
            names = set(packed.namelist())
            if len(names) > _MEMBERS_MOST or any("vbaproject" in name.lower() for name in names):
                return None
            if {"[Content_Types].xml", "word/document.xml"} <= names:
                return DocumentKind.DOCX
            if "mimetype" in names and packed.getinfo("mimetype").file_size <= _TYPE_MOST:
                is_text = packed.read("mimetype").decode("ascii") == MEDIA_TYPES[DocumentKind.ODT]
                return DocumentKind.ODT if is_text else None
    except (zipfile.BadZipFile, ValueError, NotImplementedError, RuntimeError):
        return None
    return None
