"""What pages show of minutes: each point, what a remark changed, who sees it differently. No names."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from forum.meetings.models import Minutes, MinutesLetter, MinutesPoint, MinutesRemark
from forum.meetings.rules import DECIDED, RemarkState, without_names
from forum.members.models import Member
from forum.notifications.emails import is_reachable
from forum.texts.comparison import Compared, compare_texts


@dataclass(frozen=True, slots=True)
class OwnAnswer:
    """What the reader said of a point; what was decided on is not `is_open` any more."""

    choice: str
    text: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class PointShown:
    """One point of minutes. `changes` came of a remark; of `differences` the second text is an attendee's."""

    id: int
    number: int
    title: str
    text: str
    version: int
    post_id: int | None
    changes: Sequence[Compared]
    differences: Sequence[Compared]
    own: OwnAnswer


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads minutes: only an insider sees earlier texts, which may have held what should not be there."""

    member_id: int | None
    is_insider: bool


def shown_points(minutes: Minutes, reader: Reader, attendees: Sequence[Member]) -> Sequence[PointShown]:
    """Return the points of minutes as somebody reads them; what waits for the organiser nobody sees yet.

    An attendee who sees a point differently may have named others who were there: their names are left out.
    """
    names = [member.display_name for member in attendees]
    return [_shown(number, point, reader, names) for number, point in enumerate(minutes.points, start=1)]


def _shown(number: int, point: MinutesPoint, reader: Reader, names: Sequence[str]) -> PointShown:
    taken = [row for row in point.remarks if row.state is RemarkState.ACCEPTED]
    left = [row for row in point.remarks if row.state is RemarkState.DIFFERS]
    changes = [compare_texts(row.text_before or "", row.text_after or "") for row in taken]
    return PointShown(
        id=point.id,
        number=number,
        title=point.title,
        text=point.text,
        version=point.version,
        post_id=point.post_id,
        changes=[change for change in changes if change.is_changed and reader.is_insider],
        differences=[compare_texts(point.text, without_names(row.text or "", names)) for row in left],
        own=_own_answer(point, reader.member_id),
    )


def find_own(point: MinutesPoint, member_id: int | None) -> MinutesRemark | None:
    """Return what a member said of the text of a point that stands."""
    found = [row for row in point.remarks if row.member_id == member_id and row.version == point.version]
    return found[0] if found else None


def _own_answer(point: MinutesPoint, member_id: int | None) -> OwnAnswer:
    remark = find_own(point, member_id)
    if remark is None:
        return OwnAnswer("", point.text, is_open=True)
    choice = "agree" if remark.state is RemarkState.AGREED else "propose"
    return OwnAnswer(choice, remark.text or point.text, is_open=remark.state not in DECIDED)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposal that waits for the organiser, beside the text that stands."""

    id: int
    number: int
    title: str
    by: str
    source: str
    version: int
    text: str
    is_older: bool
    compared: Compared


def waiting_proposals(minutes: Minutes, attendees: Sequence[Member]) -> Sequence[Proposal]:
    """Return the proposals that an organiser has to decide on, by point."""
    names = {member.id: member.display_name for member in attendees}
    return [
        Proposal(
            id=remark.id,
            number=number,
            title=point.title,
            by=names.get(remark.member_id, ""),
            source=remark.source,
            version=point.version,
            text=remark.text or "",
            is_older=remark.version != point.version,
            compared=compare_texts(point.text, remark.text or ""),
        )
        for number, point in enumerate(minutes.points, start=1)
        for remark in point.remarks
        if remark.state is RemarkState.OPEN
    ]


@dataclass(frozen=True, slots=True)
class Answering:
    """How far an attendee is with answering: of how many points they said something, as those stand now."""

    member_id: int
    name: str
    is_reachable: bool
    answered: int
    letter: MinutesLetter | None


def answered_by(minutes: Minutes, member_id: int) -> int:
    """Return of how many points a member said something, as those stand now."""
    return sum(find_own(point, member_id) is not None for point in minutes.points)


def changed_since(minutes: Minutes, moment: datetime) -> frozenset[int]:
    """Return the points whose text changed after a moment: a letter that was printed then has the old one."""
    return frozenset(
        remark.point_id
        for point in minutes.points
        for remark in point.remarks
        if remark.text_after != remark.text_before
        and remark.decided_at is not None
        and remark.decided_at > moment
    )


def answering_of(
    minutes: Minutes, attendees: Sequence[Member], letters: Sequence[MinutesLetter]
) -> Sequence[Answering]:
    """Return who was there, of how many points each said something, and what letter they got."""
    by_reader = {letter.member_id: letter for letter in letters}
    return [
        Answering(
            member_id=member.id,
            name=member.display_name,
            is_reachable=is_reachable(member),
            answered=answered_by(minutes, member.id),
            letter=by_reader.get(member.id),
        )
        for member in attendees
    ]
