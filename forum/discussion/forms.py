"""What people type in a discussion."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from flask_wtf.file import FileField
from wtforms import BooleanField, Field, HiddenField
from wtforms.validators import Length, NumberRange, Optional, Regexp, ValidationError

from forum.discussion.heads import post_ids_in
from forum.discussion.rules import (
    ALT_LONGEST,
    PICTURES_MOST,
    SUMMARY_LONGEST,
    TEXT_LONGEST,
    FollowLevel,
    PostSource,
    ReactionKind,
    Stance,
)
from forum.texts.catalogue import say, say_later
from forum.web.forms import (
    NumberField,
    PageForm,
    RadioField,
    SelectField,
    TrapForm,
    filled,
    hidden_number,
    long_text,
    optional_text,
    short_text,
)

REACTIONS = [("", ""), *((kind.value, kind.value) for kind in ReactionKind)]
WAYS = [
    (way.value, say_later(f"way-{way}")) for way in (PostSource.PHONE, PostSource.LETTER, PostSource.MEETING)
]
"""How what staff enter for a tenant can have come in."""


def _known(key: str) -> NumberRange:
    return NumberRange(min=1, max=2**31 - 1, message=say_later(key))


class PictureSlot(NamedTuple):
    """The fields of one picture: a file, what can be seen on it, and the picture kept of an earlier file."""

    number: int
    file: Field
    alt: Field
    kept: Field
    drop: Field

    @property
    def is_dropped(self) -> bool:
        """Tell whether the writer wants to do without the picture that was kept, and sends no other."""
        return bool(self.drop.data) and not self.file.data


class WritingForm(PageForm):
    """A text, whether to show it first, and whether its writer was told of private details in it."""

    text = long_text("post-text-required", TEXT_LONGEST)
    preview = HiddenField(validators=[Length(max=1)])
    was_hinted = HiddenField(validators=[Length(max=1)])


class PicturesForm(PageForm):
    """The pictures that may go with a post."""

    file_1, file_2, file_3 = (FileField() for _ in range(3))
    alt_1, alt_2, alt_3 = (optional_text(ALT_LONGEST) for _ in range(3))
    kept_1, kept_2, kept_3 = (HiddenField(validators=[Length(max=32)]) for _ in range(3))
    drop_1, drop_2, drop_3 = (BooleanField() for _ in range(3))

    @property
    def slots(self) -> Sequence[PictureSlot]:
        """Return the places for pictures, in their order."""
        names = ("file", "alt", "kept", "drop")
        return [
            PictureSlot(number, *(self[f"{name}_{number}"] for name in names))
            for number in range(1, PICTURES_MOST + 1)
        ]


class PicturedForm(WritingForm):
    """A text that may have pictures.

    They are a form of their own, made when there are any or when they are asked for: most posts have none,
    and their twelve fields would be twice as much work as all others.
    """

    def process(self, formdata: Any = None, *values: Any, **options: Any) -> None:
        """Fill the fields, and remember what was sent for those of the pictures."""
        self._sent = self.meta.wrap_formdata(self, formdata)
        super().process(self._sent, *values, **options)

    @cached_property
    def pictures(self) -> PicturesForm:
        """Return the places for pictures, with what was sent."""
        return PicturesForm(formdata=self._sent)

    @cached_property
    def has_pictures(self) -> bool:
        """Tell whether a picture came with the form, or was kept of an earlier one."""
        sent, numbers = self._sent or {}, range(1, PICTURES_MOST + 1)
        return any(sent.get(f"file_{number}") or sent.get(f"kept_{number}") for number in numbers)

    def __iter__(self) -> Iterator[Field]:
        """Yield all fields and those of the pictures that were made, for a summary of errors."""
        of_pictures = self.pictures if "pictures" in self.__dict__ else ()
        return iter([*super().__iter__(), *of_pictures])

    @property
    def errors(self) -> dict[str, Any]:
        """Return what is wrong, with the pictures too."""
        of_pictures = self.pictures.errors if "pictures" in self.__dict__ else {}
        return {**super().errors, **of_pictures}

    def validate(self, extra_validators: Any = None) -> bool:
        """Check all fields; those of the pictures where there are pictures."""
        is_right = not self.has_pictures or self.pictures.validate()
        return bool(super().validate(extra_validators)) and is_right


class PostForm(TrapForm, PicturedForm):
    """A post or a reply. `form_key` makes a double click one post."""

    reply_to = NumberField(validators=[Optional(), _known("reply-to-refused")])
    question = NumberField(validators=[Optional(), _known("question-refused")])
    form_key = HiddenField(validators=[Length(max=64)])

    def validate_text(self, _field: object) -> None:
        """Ask to send it again when the trap caught something; the text stays."""
        if self.is_trapped:
            raise ValidationError(say("post-not-taken"))


class EnteredPostForm(PostForm):
    """A post of somebody who phoned, wrote or spoke."""

    number = short_text("tenant-number-required", 30)
    source = RadioField(
        choices=WAYS,
        validators=filled("source-required"),
    )


class EditForm(PicturedForm):
    """A changed text with its pictures, and the version that was shown."""

    version = hidden_number()
    tells_pictures = HiddenField(validators=[Length(max=1)])

    def show_pictures(self, chosen: Sequence[tuple[str, str]]) -> None:
        """Put the keys of the pictures of a post, and what can be seen on them, in their places."""
        for slot, (key, alt) in zip(self.pictures.slots, chosen, strict=False):
            slot.kept.data, slot.alt.data = key, alt


class SummaryForm(PageForm):
    """The summary of a thread, and the version that was shown."""

    text = long_text("summary-required", SUMMARY_LONGEST)
    version = hidden_number()


class ReactionForm(PageForm):
    """One reaction to add or to take back."""

    add = SelectField(choices=REACTIONS, default="")
    remove = SelectField(choices=REACTIONS, default="")


class FollowForm(PageForm):
    """Of what in a thread one wants to hear."""

    level = SelectField(choices=[(level.value, level.value) for level in FollowLevel])


class ReadForm(PageForm):
    """What a page showed to a member: the last post there was, and the posts on it that were new."""

    newest = hidden_number()
    shown = HiddenField(validators=[Length(max=2000), Regexp(r"[\d,]*\Z")])
    all = HiddenField(validators=[Length(max=1)])

    @property
    def shown_posts(self) -> frozenset[int]:
        """Return the numbers of the posts that were shown."""
        return post_ids_in(self.shown.data or "")


class KeepForm(PageForm):
    """Whether a member keeps a post."""

    keep = SelectField(choices=[("1", "1"), ("0", "0")])


class StanceForm(PageForm):
    """The answer to the stance question."""

    stance = RadioField(
        choices=[(stance.value, say_later(f"stance-{stance}")) for stance in Stance],
        validators=filled("stance-required"),
    )
    is_findable = BooleanField()
