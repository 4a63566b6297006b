"""Lists of flagged posts that a moderator keeps under a name."""

from sqlalchemy import delete, select

from forum.agenda.models import Topic
from forum.kernel.actor import Actor
from forum.kernel.database import db, lock
from forum.kernel.errors import Forbidden, NotFound
from forum.members.queries import get_member
from forum.moderation import policy, queries
from forum.moderation.errors import TooManyViews
from forum.moderation.models import SavedView
from forum.moderation.rules import VIEWS_MOST, QueueFilter


def save_view(name: str, shows: QueueFilter, actor: Actor) -> SavedView:
    """Keep a list under a name; the same name again keeps the new list in the place of the old.

    Raises:
        Forbidden: the actor is no moderator.
        NotFound: there is no such topic.
        TooManyViews: the actor keeps as many as one can.
    """
    if not policy.can_see_queue(actor) or actor.member_id is None:
        raise Forbidden(action="save-view")
    if shows.topic_id is not None and db.session.get(Topic, shows.topic_id) is None:
        raise NotFound(topic_id=shows.topic_id)
    lock(get_member(actor.member_id))
    kept = queries.list_saved_views(actor.member_id)
    view = next((one for one in kept if one.name == name), None)
    if view is None:
        if len(kept) >= VIEWS_MOST:
            raise TooManyViews(most=VIEWS_MOST)
        view = SavedView(member_id=actor.member_id, name=name)
        db.session.add(view)
    view.topic_id, view.reason = shows.topic_id, shows.reason
    db.session.flush()
    return view


def drop_view(view_id: int, actor: Actor) -> None:
    """Forget a list of the actor; twice forgets once.

    Raises:
        NotFound: it is a list of somebody else.
    """
    owner = db.session.scalar(select(SavedView.member_id).where(SavedView.id == view_id))
    if owner not in (None, actor.member_id):
        raise NotFound(view_id=view_id)
    db.session.execute(delete(SavedView).where(SavedView.id == view_id))
