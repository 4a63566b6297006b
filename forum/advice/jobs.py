"""Background work: reminding delegates of terms that run, removing files that no document knows."""

from datetime import datetime

from forum.advice.models import AdviceDocument
from forum.advice.queries import get_case, list_open_cases
from forum.advice.service import remind
from forum.jobs.registry import task
from forum.kernel.database import unit_of_work
from forum.web.documents import remove_loose

FOLDER = "advice"


@task("advice.remind", every_seconds=3600)
def remind_delegates(*, at: datetime) -> None:
    """Tell of terms that end soon or have passed; whoever was told hears it no second time."""
    for case_id in list_open_cases():
        with unit_of_work():
            remind(get_case(case_id), at=at)


@task("advice.clean_documents", every_seconds=3600)
def clean_documents(*, at: datetime) -> None:
    """Remove files that no document knows."""
    remove_loose(FOLDER, AdviceDocument.key, at=at)
