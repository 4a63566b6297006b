"""What can go wrong in a discussion."""

from forum.kernel.errors import Conflict, Forbidden, ForumError


class ThreadNotOpen(Conflict):
    """The period of the thread has not begun, or is over."""

    code = "thread-not-open"


class Suspended(Forbidden):
    """The member is paused."""

    code = "suspended"


class PostGone(Conflict):
    """The post was hidden or withdrawn."""

    code = "post-gone"


class EditWindowClosed(Conflict):
    """The time in which an author may change a post is over."""

    code = "edit-window-closed"


class PostChanged(Conflict):
    """The post was changed in another window since it was shown."""

    code = "post-changed"


class OwnPost(ForumError):
    """Nobody values their own post."""

    code = "own-post"


class UnknownMember(ForumError):
    """There is no active tenant with this number."""

    code = "unknown-member"
