"""What a Whoosh index keeps of a post. The index names these classes, so they stay where they are."""

import warnings
from collections.abc import Iterator, Sequence

with warnings.catch_warnings():  # the library is of before Python 3.6
    warnings.simplefilter("ignore")
    from whoosh import columns, fields, formats
    from whoosh.analysis import IDTokenizer


class Terms(fields.FieldType):  # type: ignore[misc]
    """Words that are handed over as a list, each once, and stand in a post or not.

    So no analyzer of the library runs, and nothing is kept of how often: no order here asks that.
    """

    def __init__(self) -> None:
        """Keep no more than which posts have a word."""
        super().__init__(formats.Existence(), IDTokenizer())

    def index(self, value: Sequence[str], **_options: object) -> Iterator[tuple[bytes, int, float, bytes]]:
        """Yield each word as the writer wants it: its bytes, how often, its weight, and no more."""
        for word in value:
            yield word.encode(), 1, 1.0, b""


SCHEMA = fields.Schema(
    key=Terms(),
    topic=Terms(),
    author=Terms(),
    stance=Terms(),
    answered=Terms(),
    number=fields.COLUMN(columns.NumericColumn("i")),
    at=fields.COLUMN(columns.NumericColumn("q")),
    words=Terms(),
    stems=Terms(),
    text=fields.COLUMN(columns.VarBytesColumn()),
)
"""A phrase is looked up in `text`: all words with a space around each."""
