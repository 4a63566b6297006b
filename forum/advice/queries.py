"""Reading cases of statutory advice."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from forum.advice.models import AdviceCase, AdviceDocument
from forum.advice.rules import OPEN_STATES
from forum.agenda.models import Topic
from forum.kernel.database import db
from forum.kernel.errors import NotFound

SHOWN_MOST = 100


def get_case(case_id: int) -> AdviceCase:
    """Return a case with its steps and topic.

    Raises:
        NotFound: there is none with this number.
    """
    case = db.session.scalar(
        select(AdviceCase)
        .where(AdviceCase.id == case_id)
        .options(selectinload(AdviceCase.steps), joinedload(AdviceCase.topic).selectinload(Topic.versions))
    )
    if case is None:
        raise NotFound(case_id=case_id)
    return case


def find_case_by_form_key(form_key: str) -> AdviceCase | None:
    """Return the case that a form made."""
    return db.session.scalar(select(AdviceCase).where(AdviceCase.form_key == form_key))


def get_document(document_id: int) -> AdviceDocument:
    """Return a document with its case.

    Raises:
        NotFound: there is none with this number.
    """
    document = db.session.scalar(
        select(AdviceDocument)
        .where(AdviceDocument.id == document_id)
        .options(joinedload(AdviceDocument.case).selectinload(AdviceCase.steps))
    )
    if document is None:
        raise NotFound(document_id=document_id)
    return document


def list_cases() -> Sequence[AdviceCase]:
    """Return the last hundred cases with their steps, the newest first."""
    return db.session.scalars(
        select(AdviceCase)
        .order_by(AdviceCase.id.desc())
        .limit(SHOWN_MOST)
        .options(selectinload(AdviceCase.steps))
    ).all()


def list_open_cases() -> Sequence[int]:
    """Return the numbers of the cases in which a term can run."""
    return db.session.scalars(
        select(AdviceCase.id).where(AdviceCase.state.in_(OPEN_STATES)).order_by(AdviceCase.id)
    ).all()


def list_cases_on(topic_id: int) -> Sequence[AdviceCase]:
    """Return the cases on a topic, oldest first."""
    return db.session.scalars(
        select(AdviceCase)
        .where(AdviceCase.topic_id == topic_id)
        .order_by(AdviceCase.id)
        .options(selectinload(AdviceCase.steps))
    ).all()


def list_topics() -> Sequence[Topic]:
    """Return the last hundred topics of any agenda, the newest first; a case can be about one."""
    return db.session.scalars(
        select(Topic).order_by(Topic.id.desc()).limit(SHOWN_MOST).options(selectinload(Topic.versions))
    ).all()
