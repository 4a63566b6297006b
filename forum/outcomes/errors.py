"""What can go wrong with recommendations and answers."""

from forum.kernel.errors import Conflict, ForumError


class DebateGoesOn(Conflict):
    """Recommendations are published, and topics closed, after the debate."""

    code = "debate-goes-on"


class TopicShut(Conflict):
    """The topic is closed; nothing is added any more."""

    code = "topic-shut"


class DraftChanged(Conflict):
    """Somebody else changed the draft since it was shown."""

    code = "draft-changed"


class AlreadyPublished(Conflict):
    """A published recommendation stays as it is."""

    code = "recommendation-published"


class TooManyRecommendations(Conflict):
    """The topic has as many as one can read."""

    code = "too-many-recommendations"


class NothingToPublish(Conflict):
    """There are no drafts, or somebody published them a moment ago."""

    code = "nothing-to-publish"


class WithoutSource(Conflict):
    """Drafts cite nothing and do not say why."""

    code = "without-source"


class SourceRefused(ForumError):
    """The post is not of this topic, cannot be read, or there is none."""

    code = "source-refused"


class TooManySources(Conflict):
    """The recommendation cites as many as one can read."""

    code = "too-many-sources"


class QuoteRefused(ForumError):
    """The sentence does not stand in the source."""

    code = "quote-refused"


class AnswerChanged(Conflict):
    """Somebody else answered since the page was shown."""

    code = "answer-changed"


class WorkDone(Conflict):
    """The work is done, so the answer is no longer changed."""

    code = "work-done"


class NothingPromised(Conflict):
    """There is no work to tell of: nothing was promised."""

    code = "nothing-promised"


class RecommendationWithdrawn(Conflict):
    """It was taken back, so nothing is answered or changed any more."""

    code = "recommendation-withdrawn"


class AlreadyAnswered(Conflict):
    """What the landlord answered is not taken back."""

    code = "already-answered"


class NotPublished(Conflict):
    """A draft is thrown away, not taken back."""

    code = "not-published"


class MergedWrongly(ForumError):
    """The recommendation that says it now is not on this topic, or was taken back."""

    code = "merged-wrongly"


class StillUnanswered(Conflict):
    """A topic closes only when all its recommendations are answered."""

    code = "still-unanswered"


class StillDrafts(Conflict):
    """A topic with drafts cannot close: they could never be published."""

    code = "still-drafts"


class PanelUnderWay(Conflict):
    """A panel on the topic has not met yet."""

    code = "panel-under-way"


class MinutesOpen(Conflict):
    """The minutes of a meeting about the topic are not locked, so their points are not in the thread yet."""

    code = "minutes-open"
