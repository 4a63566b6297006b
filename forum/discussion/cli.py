"""`forum topics` and `forum threads`: which topics there are, and a consultation into one of them."""

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from forum.agenda.models import Topic
from forum.agenda.queries import LAST_ID, get_topic, list_all_topics
from forum.agenda.rules import TopicState
from forum.discussion.errors import ConsultationRefused, OtherConsultation
from forum.discussion.models import Thread
from forum.discussion.polis import (
    ATTRIBUTION,
    COMMENTS,
    VOTES,
    Consultation,
    ConsultationFiles,
    read_consultation,
)
from forum.discussion.polis_import import ImportCounts, import_consultation, render_statements
from forum.discussion.polis_rows import MOST_BYTES, Fault
from forum.discussion.queries import get_thread
from forum.discussion.rules import ReactionKind
from forum.kernel.actor import SYSTEM
from forum.kernel.clock import now
from forum.kernel.database import unit_of_work
from forum.kernel.errors import NotFound
from forum.kernel.refusals import CommandRefused, refuses
from forum.kernel.terminal import progress_shown
from forum.web.links import slug


@click.command("topics")
@with_appcontext
def topics() -> None:
    """List every topic of every year as JSON: id, title, state and the path of its page."""
    listed = [
        {"id": topic.id, "title": topic.title, "state": topic.state.value, "path": _path_of(topic)}
        for topic in list_all_topics()
    ]
    click.echo(json.dumps(listed, ensure_ascii=False, indent=2))


def _path_of(topic: Topic) -> str:
    pages = current_app.url_map.bind("localhost")
    if topic.state is TopicState.PUBLISHED:
        return pages.build("discussion.show_thread", {"topic_id": topic.id, "slug": slug(topic.title)})
    return pages.build("agenda.show_topic", {"topic_id": topic.id})


@click.group("threads")
def threads() -> None:
    """The debates on topics."""


@threads.command("import-polis")
@click.argument("folder", metavar="DIR")
@click.option("--topic", "topic_id", type=click.IntRange(1, LAST_ID), required=True, metavar="ID")
@click.option(
    "--agree-as",
    "kind",
    type=click.Choice([ReactionKind.AGREE.value, ReactionKind.VALUABLE.value]),
    default=ReactionKind.AGREE.value,
    show_default=True,
    help="What a vote that agrees becomes.",
)
@with_appcontext
@refuses
def import_polis(folder: str, topic_id: int, kind: str) -> None:
    """Make a consultation that was held with Polis part of the thread of a topic.

    DIR holds comments.csv and votes.csv as Polis exports them. Of ATTRIBUTION.md, when it is there, the first
    paragraph is shown above the thread. Accepted statements become posts of their authors, others hidden
    posts; the last vote of each person on each statement counts.

    Prints as JSON what this run added: posts, hidden posts, their authors, the voters on them, reactions
    (votes that agree), passes and disagrees. A statement that is in the thread already stays as it is, with
    its reactions; so a second run adds nothing and prints zeros. Any fault imports nothing; the first twenty
    are listed, with the row as a spreadsheet counts it (0 is the file as a whole).
    """
    at = now()
    _thread_of(topic_id)
    consultation = _consultation_in(folder, at)
    try:
        with progress_shown() as progress:
            bodies = render_statements(consultation, progress)
            with unit_of_work():
                thread = _thread_of(topic_id)
                added = import_consultation(
                    thread, consultation, bodies, ReactionKind(kind), SYSTEM, at=at, progress=progress
                )
    except OtherConsultation as error:
        message = f"topic {topic_id} holds the consultation {error.details['holds']!r}; choose another topic"
        raise CommandRefused(message) from error
    click.echo(json.dumps(asdict(added), indent=2))


def _thread_of(topic_id: int) -> Thread:
    try:
        get_topic(topic_id)
    except NotFound as error:
        message = f"there is no topic {topic_id}; `forum topics` lists all"
        raise CommandRefused(message) from error
    try:
        return get_thread(topic_id)
    except NotFound as error:
        message = f"topic {topic_id} has no thread: its agenda is not published"
        raise CommandRefused(message) from error


def _consultation_in(folder: str, at: datetime) -> Consultation:
    try:
        return read_consultation(_files_in(folder), latest=at)
    except ConsultationRefused as refusal:
        _print_faults(refusal)
        raise CommandRefused(_refusal(folder, refusal)) from refusal


def _files_in(folder: str) -> ConsultationFiles:
    try:
        path = Path(folder).resolve()
        attribution = path / ATTRIBUTION
        return ConsultationFiles(
            name=path.name,
            comments=_bytes_of(path / COMMENTS),
            votes=_bytes_of(path / VOTES),
            attribution=_bytes_of(attribution) if attribution.exists() else b"",
        )
    except OSError as error:
        message = f"{click.format_filename(error.filename or folder)}: {error.strerror or 'cannot be read'}"
        raise CommandRefused(message) from error
    except ValueError as error:  # a NUL in the name
        message = f"{click.format_filename(folder)}: cannot be read"
        raise CommandRefused(message) from error


def _bytes_of(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MOST_BYTES + 1)


def _print_faults(refusal: ConsultationRefused) -> None:
    errors = [asdict(fault) for fault in refusal.faults]
    click.echo(json.dumps({**asdict(ImportCounts()), "errors": errors}, ensure_ascii=False, indent=2))


def _refusal(folder: str, refusal: ConsultationRefused) -> str:
    errors = "1 error" if refusal.count == 1 else f"{refusal.count} errors"
    listed = f", the first {len(refusal.faults)} are listed" if refusal.count > len(refusal.faults) else ""
    first = _sentence(refusal.faults[0])
    return f"{click.format_filename(folder)}: nothing imported, {errors}{listed}; {first}"


def _sentence(fault: Fault) -> str:
    row = f"row {fault.row}" if fault.row else ""
    where = " ".join(part for part in (fault.file, row, fault.column) if part)
    return f"{where}: {fault.reason}" if where else fault.reason
