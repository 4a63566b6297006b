"""A page as PDF, for whoever reads on paper.

The library takes some 60 MB and may stumble over its C libraries, so it runs in a process of its own that
ends with the work (`pdf_process.py`). It fetches nothing: styles and font come with the page.
"""

import base64
import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from http import HTTPStatus
from pathlib import Path

import structlog
from flask import current_app, render_template
from flask.typing import ResponseReturnValue

from forum.kernel.errors import ForumError
from forum.texts.language import DUTCH, speaking
from forum.web.downloads import download
from forum.web.pdf_process import LIBRARIES_MISSING

log = structlog.get_logger()

LONGEST_SECONDS = 60
PAGES_KEPT = 10
FONT = "vendor/source-sans-3/latin-5.3.0.woff2"


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """A file inside a PDF."""

    name: str
    content: bytes


class PdfUnavailable(ForumError):
    """This computer cannot make a PDF, or not of this page."""

    code = "pdf-unavailable"
    status = HTTPStatus.SERVICE_UNAVAILABLE


def render_letter(template: str, **shown: object) -> str:
    """Return what goes to somebody on paper: in Dutch, whatever language the one who prints it reads."""
    with speaking(DUTCH):
        return render_template(template, **shown)


def download_letters(page: str, filename: str) -> ResponseReturnValue:
    """Return letters as a PDF to keep, or the page itself to print where no PDF can be made."""
    try:
        made = make_private_pdf(page)
    except PdfUnavailable:
        return page
    return download(made, "application/pdf", filename)


@lru_cache(maxsize=PAGES_KEPT)
def make_pdf(html: str) -> bytes:
    """Return a page for everybody as PDF; it takes a second or two, so the last few are kept.

    Raises:
        PdfUnavailable: as `make_private_pdf`.
    """
    return make_private_pdf(html)


def make_private_pdf(html: str, attached: Sequence[AttachedFile] = ()) -> bytes:
    """Return a page as tagged PDF (PDF/UA-1), in the styles of `static/css/paper.css`; nothing is kept.

    Args:
        html: the page.
        attached: files that go in the PDF, for a reader to open or save.

    Raises:
        PdfUnavailable: the system has no Pango, the library failed, or it took over a minute.
    """
    files = [{"name": file.name, "content": base64.b64encode(file.content).decode()} for file in attached]
    page = {"html": html, "css": _styles(), "attached": files}
    done = _ask_library(json.dumps(page).encode())
    if done.returncode < 0:  # its C libraries died, which they seldom do; the page is not to blame
        done = _ask_library(json.dumps(page).encode())
    if done.returncode == 0:
        return done.stdout
    is_missing = done.returncode == LIBRARIES_MISSING
    reason = "Pango is not installed" if is_missing else done.stderr.decode()[-2000:]
    log.error("no PDF was made", code=done.returncode, reason=reason)
    raise PdfUnavailable


def _ask_library(page: bytes) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(
            [sys.executable, "-m", "forum.web.pdf_process"],
            input=page,
            capture_output=True,
            timeout=LONGEST_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as slow:
        log.error("no PDF was made", reason=f"it took over {LONGEST_SECONDS} seconds")
        raise PdfUnavailable from slow


@cache
def _styles() -> str:
    static = Path(str(current_app.static_folder))
    font = base64.b64encode((static / FONT).read_bytes()).decode()
    styles = (static / "css/paper.css").read_text(encoding="utf-8")
    return styles.replace(f"../{FONT}", f"data:font/woff2;base64,{font}")
