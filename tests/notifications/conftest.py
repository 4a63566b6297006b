"""A mail server that takes everything, as the tests of mail have it."""

from tests.mail.conftest import _not_stopping, post, use_mail

__all__ = ["_not_stopping", "post", "use_mail"]
