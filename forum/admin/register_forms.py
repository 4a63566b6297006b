"""What the administrator sends about the tenant register."""

from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, HiddenField
from wtforms.validators import InputRequired, Length

from forum.texts.catalogue import say_later
from forum.web.forms import PageForm

NAME_LONGEST = 100


class UploadForm(PageForm):
    """A register file."""

    file = FileField(validators=[FileRequired(say_later("register-file-required"))])

    @property
    def name(self) -> str:
        """Return what the file is called where it came from."""
        return (self.file.data.filename or "")[:NAME_LONGEST]


class ThrowAwayForm(PageForm):
    """Which uploaded file is not wanted."""

    token = HiddenField(validators=[InputRequired(), Length(max=64)])


class ConfirmForm(PageForm):
    """Which uploaded file to import, and what the preview said that it does."""

    token = HiddenField(validators=[InputRequired(), Length(max=64)])
    sha256 = HiddenField(validators=[InputRequired(), Length(min=64, max=64)])
    fingerprint = HiddenField(validators=[InputRequired(), Length(min=64, max=64)])
    departures = BooleanField()
