"""The documents of a case that go into the PDF of its dossier."""

from collections.abc import Mapping

from forum.advice.jobs import FOLDER
from forum.advice.models import AdviceCase
from forum.kernel.errors import NotFound
from forum.web.documents import file_name, read_document
from forum.web.pdf import AttachedFile

ATTACHED_BYTES_MOST = 20 * 1024 * 1024
"""Of all documents in one PDF together: it is made in memory."""


def attached_files(case: AdviceCase) -> Mapping[int, AttachedFile]:
    """Return the files to attach, by the id of their document, as many as there is room for."""
    files: dict[int, AttachedFile] = {}
    room = ATTACHED_BYTES_MOST
    for number, document in enumerate(case.documents, start=1):
        if document.size_bytes > room:
            continue
        try:
            content = read_document(FOLDER, document.key, document.kind)
        except NotFound:
            continue
        files[document.id] = AttachedFile(f"{number}-{file_name(document.title, document.kind)}", content)
        room -= document.size_bytes
    return files
