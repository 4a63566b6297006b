"""Mail settings for one test, as the tests of mail have them."""

from tests.mail.conftest import _not_stopping, use_mail

__all__ = ["_not_stopping", "use_mail"]
