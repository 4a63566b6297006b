"""Answers that are a file."""

from flask import Response


def download(content: str | bytes, mimetype: str, filename: str) -> Response:
    """Return a file to keep: it never opens as a page of this site. `filename` is plain ASCII."""
    return _file(content, mimetype, "attachment", filename)


def shown_file(content: str | bytes, mimetype: str, filename: str) -> Response:
    """Return a file that the browser shows; kept, it has this name."""
    return _file(content, mimetype, "inline", filename)


def _file(content: str | bytes, mimetype: str, how: str, filename: str) -> Response:
    headers = {"Content-Disposition": f'{how}; filename="{filename}"'}
    return Response(content, mimetype=mimetype, headers=headers)
