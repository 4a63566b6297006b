"""What people type to sign in or to activate."""

from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired, Length, ValidationError

from forum.accounts.rules import PASSWORD_LONGEST, password_fault
from forum.texts.catalogue import say, say_later
from forum.texts.language import LANGUAGES
from forum.web.forms import PageForm, RadioField, TrapForm, filled, short_text


class SignInForm(TrapForm):
    """E-mail address (or tenant number) and password."""

    email = short_text("sign-in-name-required", 254)
    password = PasswordField(
        validators=[
            InputRequired(say_later("password-required")),
            Length(max=PASSWORD_LONGEST, message=say_later("password-too-long", most=PASSWORD_LONGEST)),
        ]
    )
    next = HiddenField()


class ActivationRequestForm(TrapForm):
    """The e-mail address a link is sent to."""

    email = short_text("email-required", 254)


class LetterCodeForm(PageForm):
    """The code of a letter, and the postcode of the home it was sent to."""

    code = short_text("code-required", 40)
    postcode = short_text("postcode-required", 10)


class ChangePasswordForm(PageForm):
    """The password somebody has, and the one they want."""

    current = PasswordField(
        validators=[
            InputRequired(say_later("current-password-required")),
            Length(max=PASSWORD_LONGEST, message=say_later("password-too-long", most=PASSWORD_LONGEST)),
        ]
    )
    password = PasswordField(validators=filled("password-required"))


class LanguageForm(PageForm):
    """A language of the forum, and where somebody was."""

    language = RadioField(choices=list(LANGUAGES.items()), validators=filled("choice-required"))
    next = HiddenField()


class PasswordForm(PageForm):
    """A new password; typed once, with a button to see it where scripts run."""

    password = PasswordField(validators=filled("password-required"))
    code = HiddenField()
    postcode = HiddenField()

    def validate_password(self, field: StringField) -> None:
        """Refuse a password that is too short, too long or too common."""
        if fault := password_fault(field.data or ""):
            raise ValidationError(say(fault, most=PASSWORD_LONGEST))
