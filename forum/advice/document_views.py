"""The documents of a case of statutory advice, for the delegates of both parties."""

from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from forum.advice import policy, queries, service
from forum.advice.errors import StepNotPossible, TooManyDocuments
from forum.advice.jobs import FOLDER
from forum.kernel.actor import Role
from forum.kernel.clock import now
from forum.kernel.database import unit_of_work
from forum.texts.catalogue import say
from forum.web.access import current_actor, staff_only
from forum.web.documents import ACCEPTED, DocumentForm, DocumentRefused, send_document

advice_documents = Blueprint("advice_documents", __name__, url_prefix="/advies")


@advice_documents.get("/<int:case_id>/stukken")
@staff_only(Role.DELEGATE)
def list_documents(case_id: int) -> ResponseReturnValue:
    """Show the documents of a case, and the form for one more."""
    return _documents_page(case_id, DocumentForm(formdata=None))


@advice_documents.post("/<int:case_id>/stukken")
@staff_only(Role.DELEGATE)
def add_document(case_id: int) -> ResponseReturnValue:
    """Put a document with a case."""
    queries.get_case(case_id)
    form = DocumentForm()
    if not form.validate():
        return _documents_page(case_id, form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        sent = form.keep(FOLDER)
        with unit_of_work():
            service.add_document(queries.get_case(case_id), sent, current_actor(), at=now())
    except (DocumentRefused, StepNotPossible, TooManyDocuments) as refusal:
        form.refuse(refusal)
        return _documents_page(case_id, form), refusal.status
    flash(say("document-kept"))
    return redirect(url_for("advice_documents.list_documents", case_id=case_id))


@advice_documents.get("/stukken/<int:document_id>")
@staff_only(Role.DELEGATE)
def download(document_id: int) -> ResponseReturnValue:
    """Send a document."""
    document = queries.get_document(document_id)
    return send_document(FOLDER, document.key, document.kind, document.title)


@advice_documents.post("/stukken/<int:document_id>/weghalen")
@staff_only(Role.DELEGATE)
def remove_document(document_id: int) -> ResponseReturnValue:
    """Take a document of one's own party away."""
    with unit_of_work():
        document = queries.get_document(document_id)
        case_id = document.case_id
        service.remove_document(document, current_actor(), at=now())
    flash(say("document-removed"))
    return redirect(url_for("advice_documents.list_documents", case_id=case_id))


def _documents_page(case_id: int, form: DocumentForm) -> str:
    case = queries.get_case(case_id)
    return render_template(
        "advice/documents.html",
        case=case,
        form=form,
        accepted=ACCEPTED,
        may_change=policy.can_change_documents(current_actor(), case.state),
    )
