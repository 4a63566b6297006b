"""What can go wrong between the outbox and the mail server."""


class DeliveryFailed(Exception):
    """The mail server does not have the message, or may not have it."""


class RecipientRefused(DeliveryFailed):
    """The server will never take this message to this address."""


class AddressRefused(RecipientRefused):
    """The server says that nobody gets mail at this address."""


class Deferred(DeliveryFailed):
    """The server did not take this message now; it may take it later."""


class ConnectionLost(DeliveryFailed):
    """The connection broke before the server had the whole message."""


class AnswerLost(DeliveryFailed):
    """The connection broke after the whole message was sent: the server may have taken it."""


class MailServerUnavailable(Exception):
    """There is no mail server to talk to; no message was touched."""
