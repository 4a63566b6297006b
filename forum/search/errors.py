"""What can go wrong when searching."""

from http import HTTPStatus

from forum.kernel.errors import ForumError


class SearchUnavailable(ForumError):
    """There is no index to search in, or it cannot be read; it is made anew in the background."""

    code = "search-unavailable"
    status = HTTPStatus.SERVICE_UNAVAILABLE


class IndexBusy(Exception):
    """Another process writes the index."""


class IndexDamaged(Exception):
    """The index cannot be written, because of what is in it: it must be made anew."""


class IndexingStopped(Exception):
    """This process was asked to stop while it made the index anew; the index of before stays."""
