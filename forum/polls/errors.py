"""What can go wrong with polls."""

from forum.kernel.errors import Conflict, ForumError


class PollClosed(Conflict):
    """The poll takes no ballots any more."""

    code = "poll-closed"


class PollChanged(Conflict):
    """The question or its options were changed since they were shown."""

    code = "poll-changed"


class PollHasBallots(Conflict):
    """Somebody voted, so the question stays as it was answered."""

    code = "poll-has-ballots"


class BallotRefused(ForumError):
    """The choices are no answer to this poll."""

    code = "ballot-refused"


class TenantVoted(Conflict):
    """The tenant voted on the forum; staff change nothing in that."""

    code = "tenant-voted"


class ClosesTooSoon(ForumError):
    """The day on which the poll closes is over."""

    code = "poll-closes-too-soon"
