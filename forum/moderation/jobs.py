"""Tasks: looking through new posts for moderators, and telling them of objections that wait long."""

from datetime import datetime, timedelta

from flask import current_app

from forum.jobs.registry import task
from forum.kernel.database import unit_of_work
from forum.moderation.emails import appeal_waits
from forum.moderation.looking import look_at_new_posts, skip_old_posts
from forum.moderation.queries import list_appeals_due
from forum.moderation.warning_signs import watched_words

REMINDED_BEFORE = timedelta(days=2)


@task("moderation.remind", every_seconds=3600)
def remind_of_appeals(*, at: datetime) -> None:
    """Tell the moderators who judge an objection that its term is nearly over."""
    with unit_of_work():
        for appeal in list_appeals_due(at + REMINDED_BEFORE):
            appeal_waits(appeal, at=at)


@task("moderation.look", every_seconds=60)
def look_at_posts(*, at: datetime) -> None:
    """Note which new posts are worth a look; the list of words is read anew each time."""
    path = current_app.config["SETTINGS"].watch_words_file
    watched = watched_words(path.read_text(encoding="utf-8", errors="replace")) if path.is_file() else ()
    with unit_of_work():
        skip_old_posts(at=at)
    with unit_of_work():
        look_at_new_posts(watched, at=at)
