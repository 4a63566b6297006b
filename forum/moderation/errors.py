"""What can go wrong in moderation."""

from forum.kernel.errors import Conflict, Forbidden, ForumError, TooMany


class OwnPostFlagged(ForumError):
    """Nobody flags their own post, nor one that they entered for a tenant."""

    code = "own-post-flagged"


class TooManyFlags(TooMany):
    """The member flagged as many posts today as one can."""

    code = "too-many-flags"


class TooManyViews(TooMany):
    """The moderator keeps as many lists as one can."""

    code = "too-many-views"


class OwnPostDecided(Forbidden):
    """Nobody decides on their own post, nor on one that they entered for a tenant."""

    code = "own-post-decided"


class AlreadyDecided(Conflict):
    """Another moderator decided on the post since it was shown."""

    code = "already-decided"


class PostChangedMeanwhile(Conflict):
    """The author changed the post since it was shown."""

    code = "post-changed-meanwhile"


class PauseRefused(Forbidden):
    """Only tenants can be paused."""

    code = "pause-refused"


class NotStanding(Conflict):
    """The decision was taken back before, or is none that can be."""

    code = "decision-not-standing"


class AppealClosed(Conflict):
    """The term to object is over, or there was an objection before."""

    code = "appeal-closed"


class AppealOfOtherParty(Forbidden):
    """A moderator of the other party judges an objection."""

    code = "appeal-other-party"


class AppealDecided(Conflict):
    """The objection was judged by somebody else."""

    code = "appeal-decided"
