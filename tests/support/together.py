"""Let several people do something at the same moment."""

import threading
from collections.abc import Callable, Sequence

from flask import Flask

from forum.kernel.database import db


def at_once(app: Flask, acts: Sequence[Callable[[], object]]) -> list[BaseException | None]:
    """Run each act in a thread with its own session, all released together; return what each raised."""
    start = threading.Barrier(len(acts))
    raised: list[BaseException | None] = [None] * len(acts)

    def run(place: int, act: Callable[[], object]) -> None:
        with app.app_context():
            start.wait()
            try:
                act()
            except Exception as error:  # noqa: BLE001 - the test looks at what each act raised
                raised[place] = error
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
        assert not thread.is_alive(), "an act hangs"
    return raised
