"""What can go wrong when noting what was done for a group."""

from forum.kernel.errors import ForumError


class ActionDayRefused(ForumError):
    """The day is still to come, or lies before the debate."""

    code = "voices-day-refused"
