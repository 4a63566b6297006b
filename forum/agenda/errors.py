"""What can go wrong with topics and agendas."""

from forum.kernel.errors import Conflict, ForumError


class TextChanged(Conflict):
    """The text that was approved is not the text that stands now."""

    code = "text-changed"


class AlreadyApproved(Conflict):
    """The party approved this text before."""

    code = "already-approved"


class TopicClosed(Conflict):
    """The topic is declined, postponed or published; this step is no longer possible."""

    code = "topic-closed"


class AgendaPublished(Conflict):
    """The agenda of the year is published; its topics are fixed."""

    code = "agenda-published-error"


class WrongNumberOfTopics(Conflict):
    """There are fewer or more agreed topics than the year's number."""

    code = "wrong-number-of-topics"


class AlreadySigned(Conflict):
    """The party signed this agenda before."""

    code = "already-signed"


class NotSigned(Conflict):
    """An agenda is published only after both parties signed it."""

    code = "not-signed"


class StatutoryNotMarked(ForumError):
    """A statutory subject needs the tenant organisation's mark before anybody approves it."""

    code = "statutory-not-marked"


class PeriodRefused(ForumError):
    """A topic has no period, or one that ends before it begins."""

    code = "period-refused"


class YearTaken(Conflict):
    """There is an agenda for this year."""

    code = "year-taken"


class YearTooFar(Conflict):
    """The parties start the agenda of the next year at the earliest in the year before it."""

    code = "year-too-far"


class YearOver(Conflict):
    """The year is over, so it gets no agenda any more."""

    code = "year-over"


class NoNextAgenda(Conflict):
    """There is no later agenda that a topic can be taken along to."""

    code = "no-next-agenda"


class NothingChanged(ForumError):
    """An edit that changes no word would only drop the approvals."""

    code = "nothing-changed"


class AlreadyOnTable(Conflict):
    """The topic was put back on the table a moment ago."""

    code = "already-on-table"


class PartiesAgree(Conflict):
    """Both parties approved the text, so there is no dead end to write standpoints about."""

    code = "parties-agree"


class NotYetProposed(Conflict):
    """An idea has no full text yet; a party has to adopt it first."""

    code = "not-yet-proposed"
