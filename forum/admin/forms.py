"""What the administrator types."""

from wtforms import IntegerField, StringField
from wtforms.validators import InputRequired, NumberRange, Regexp

from forum.kernel.actor import Party, Role
from forum.texts.catalogue import say
from forum.web.forms import PageForm, SelectField, short_text, stripped

ROLES = [(role.value, say(f"admin-role-{role}")) for role in Role if role is not Role.TENANT]
PARTIES = [("", say("no-party")), *((party.value, say(f"party-{party}")) for party in Party)]


class RoleForm(PageForm):
    """A role of one member, for a party where the role needs one."""

    member = IntegerField(validators=[InputRequired(), NumberRange(1, 2**31 - 1)])
    role = SelectField(choices=ROLES)
    party = SelectField(choices=PARTIES, default="")


class NewStaffForm(PageForm):
    """Somebody who is no tenant here."""

    name = short_text("staff-name-required", 60)
    email = StringField(
        filters=[stripped], validators=[Regexp(r"[^@\s]+@[^@\s]+\.[^@\s]+$", message=say("email-refused"))]
    )
    role = SelectField(choices=ROLES)
    party = SelectField(choices=PARTIES, default="")


class CodeForm(PageForm):
    """The tenant who gets a letter."""

    number = short_text("tenant-number-required", 30)
