"""Numbers in addresses: whole, and small enough for a column of the database."""

from flask import Flask
from werkzeug.routing import IntegerConverter, Map

MOST = 2**31 - 1


class RowNumber(IntegerConverter):
    """A number of a row; a larger one is no address of ours, so the page is not found."""

    def __init__(self, map: Map) -> None:  # noqa: A002 - the name Werkzeug gives it
        """Refuse what no column can hold."""
        super().__init__(map, max=MOST)


def init_converters(app: Flask) -> None:
    """Use the bounded number wherever an address says `<int:…>`."""
    app.url_map.converters["int"] = RowNumber
