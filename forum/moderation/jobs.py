"""The task that looks through new posts, so that moderators need not read everything twice."""

from datetime import datetime

from flask import current_app

from forum.jobs.registry import task
from forum.kernel.database import unit_of_work
from forum.moderation.looking import look_at_new_posts, skip_old_posts
from forum.moderation.warning_signs import watched_words


@task("moderation.look", every_seconds=60)
def look_at_posts(*, at: datetime) -> None:
    """Note which new posts are worth a look; the list of words is read anew each time."""
    path = current_app.config["SETTINGS"].watch_words_file
    watched = watched_words(path.read_text(encoding="utf-8", errors="replace")) if path.is_file() else ()
    with unit_of_work():
        skip_old_posts(at=at)
    with unit_of_work():
        look_at_new_posts(watched, at=at)
