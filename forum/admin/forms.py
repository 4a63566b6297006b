"""What the administrator types."""

from collections.abc import Iterable
from typing import Self

from wtforms import IntegerField, StringField, TextAreaField
from wtforms.validators import InputRequired, NumberRange, Regexp, ValidationError

from forum.kernel.actor import Party, Role
from forum.members.models import Member
from forum.texts.catalogue import say, say_later
from forum.web.forms import (
    CheckboxesField,
    PageForm,
    RadioField,
    SelectField,
    long_text,
    short_text,
    stripped,
)

ROLES = [(role.value, say_later(f"admin-role-{role}")) for role in Role if role is not Role.TENANT]
PHONE = r"(\+?\d[\d -]{4,27}\d)?$"
NAME_LONGEST, POST_ADDRESS_LONGEST, POST_ADDRESS_LINES = 100, 200, 5
PARTIES = [("", say_later("no-party")), *((party.value, say_later(f"party-{party}")) for party in Party)]


class RoleForm(PageForm):
    """A role of one member."""

    member = IntegerField(validators=[InputRequired(), NumberRange(1, 2**31 - 1)])
    role = SelectField(choices=ROLES)


class GrantForm(PageForm):
    """One more role for somebody who has one; the ids differ from those of the other form on the page."""

    member = SelectField(id="grant-member", coerce=int)
    role = SelectField(id="grant-role", choices=ROLES)
    party = SelectField(id="grant-party", choices=PARTIES, default="")

    def offer(self, staff: Iterable[Member]) -> Self:
        """Let one of these members be chosen."""
        self.member.choices = [(member.id, member.display_name) for member in staff]
        return self


class TenantGrantForm(PageForm):
    """A role for a tenant, who keeps their sign-in."""

    number = short_text("tenant-number-required", 30)
    role = SelectField(id="tenant-role", choices=ROLES)
    party = SelectField(id="tenant-party", choices=PARTIES, default="")


class NewStaffForm(PageForm):
    """Somebody who is no tenant here."""

    name = short_text("staff-name-required", 60)
    email = StringField(
        filters=[stripped],
        validators=[Regexp(r"[^@\s]+@[^@\s]+\.[^@\s]+$", message=say_later("email-refused"))],
    )
    role = SelectField(choices=ROLES)
    party = SelectField(choices=PARTIES, default="")


class SiteForm(PageForm):
    """What the parties are called, and how to reach them."""

    landlord_name = short_text("site-name-required", NAME_LONGEST)
    tenants_name = short_text("site-name-required", NAME_LONGEST)
    help_phone = StringField(
        filters=[stripped], validators=[Regexp(PHONE, message=say_later("site-phone-refused"))]
    )
    post_address = long_text(None, POST_ADDRESS_LONGEST)

    def validate_post_address(self, field: TextAreaField) -> None:
        """Refuse what does not fit on an envelope."""
        lines = [line.strip() for line in (field.data or "").splitlines() if line.strip()]
        if len(lines) > POST_ADDRESS_LINES:
            raise ValidationError(say("site-address-too-long", most=POST_ADDRESS_LINES))
        field.data = "\n".join(lines)


class LettersForm(PageForm):
    """The tenants who get a letter, and where the window of the envelope is."""

    member = CheckboxesField(coerce=int, validate_choice=False)
    window = RadioField(
        choices=[(side, say_later(f"window-{side}")) for side in ("left", "right")], default="left"
    )


class CodeForm(PageForm):
    """The tenant who gets a letter."""

    number = short_text("tenant-number-required", 30)
