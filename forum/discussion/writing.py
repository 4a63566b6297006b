"""What a text that somebody writes becomes before it is placed: shown to them, or hinted at."""

from dataclasses import dataclass

from markupsafe import Markup

from forum.discussion.forms import WritingForm
from forum.discussion.mentions import list_mentionable
from forum.discussion.service import Body
from forum.texts.private_details import Detail, list_details


@dataclass(frozen=True, slots=True)
class Return:
    """Why a form comes back though nothing in it is wrong."""

    preview: Markup | None = None
    details: tuple[Detail, ...] = ()

    @property
    def status(self) -> int:
        """Return the status of the page; with a hint on it, what was asked for was not done."""
        return 422 if self.details else 200


def read_body(form: WritingForm, thread_id: int) -> Body:
    """Return the text of a form, with those of the thread whom it mentions."""
    source = form.text.data or ""
    return Body.of(source, list_mentionable(thread_id, source))


def reason_to_return(form: WritingForm, body: Body) -> Return | None:
    """Return why a text is shown to its writer once more, `None` when it can be placed.

    Whoever was told once of private details has thought about them; the form says so (`was_hinted`).
    """
    if form.preview.data:
        return Return(preview=shown_html(body))
    details = () if form.was_hinted.data else list_details(body.source)
    return Return(details=details) if details else None


def shown_html(body: Body) -> Markup:
    """Return a text as its readers will see it."""
    return Markup(body.rendered.html)  # noqa: S704 - sanitised when it was rendered
