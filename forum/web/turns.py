"""One request at a time in each web process, as long as that goes fast."""

from collections.abc import Iterable
from threading import Lock
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

PATIENCE_SECONDS = 0.05
"""How long a request waits for its turn: some twenty pages. Then what is in hand must itself be waiting."""


class InTurn:
    """An application that is asked for the next page when the last one is made.

    Python runs one thread at a time anyhow. Left to themselves the threads of a process take turns at every
    query, and each finds the caches of processor and database full of what the others did: a fifth more work.
    Who waited long goes along all the same, since the request in hand may be waiting too, for a slow phone or
    for its turn to write.
    """

    def __init__(self, app: WSGIApplication) -> None:
        """Let the first one in."""
        self.app = app
        self.turn = Lock()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request; what is sent in pieces is sent outside its turn."""
        has_turn = self.turn.acquire(timeout=PATIENCE_SECONDS)
        try:
            return self.app(environ, start_response)
        finally:
            if has_turn:
                self.turn.release()
