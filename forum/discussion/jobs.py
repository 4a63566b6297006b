"""Background work of discussions: telling members of new posts and of phases, removing loose pictures."""

from datetime import datetime
from itertools import islice

from flask import current_app

from forum.discussion import pictures, telling
from forum.discussion.picture_queries import list_known_keys
from forum.discussion.queries import get_thread_row
from forum.jobs.registry import stopping, task
from forum.kernel.database import db, unit_of_work
from forum.kernel.file_store import file_store_at

BATCH, AT_ONCE = 200, 20


@task("discussion.tell_of_posts", every_seconds=5)
def tell_of_posts(*, at: datetime) -> None:
    """Tell whom it concerns of posts that were written; not in the request, however many follow a thread."""
    post_ids = telling.list_untold_posts(BATCH)
    if post_ids:
        with unit_of_work():
            telling.pass_over_old_posts(at=at)
    for start in range(0, len(post_ids), AT_ONCE):
        if stopping.is_set():
            return
        with unit_of_work():
            telling.tell_of_posts(post_ids[start : start + AT_ONCE], at=at)


@task("discussion.tell_of_phases", every_seconds=60)
def tell_of_phases(*, at: datetime) -> None:
    """Tell who is involved of debates that began, ended or were answered."""
    for topic_id in telling.list_threads_in_other_phase(at):
        with unit_of_work():
            telling.tell_of_phase(get_thread_row(topic_id), at=at)


@task("discussion.clean_pictures", every_seconds=3600)
def clean_pictures(*, at: datetime) -> None:
    """Remove pictures whose post was never placed, and files that no row knows, a day after they came.

    A file is written before its row, so a process that dies in between leaves a file without one.
    """
    store = file_store_at(current_app.config["SETTINGS"].files_url)
    while not stopping.is_set():
        with unit_of_work():
            keys = pictures.forget_loose(at=at)
        for key in keys:
            for size in pictures.SIZES:
                store.remove(pictures.file_name(key, size))
        if not keys:
            break
    old = iter(list(store.list_before(at - pictures.LOOSE_KEPT)))
    while names := list(islice(old, pictures.CLEANED_MOST)):
        known = list_known_keys([name.split("-")[0] for name in names])
        db.session.rollback()
        for name in names:
            if name.split("-")[0] not in known:
                store.remove(name)
