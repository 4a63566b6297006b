"""What is done with messages that come in, where a higher floor knows: features register per kind."""

from datetime import datetime
from typing import Protocol

from forum.mail.incoming import Incoming, IncomingKind


class Receiver(Protocol):
    """Whoever takes the messages of a kind."""

    def __call__(self, incoming: Incoming, *, at: datetime) -> None:
        """Do what a message asks, in the unit of work of the caller; one that asks nothing is passed over."""


RECEIVERS: dict[IncomingKind, Receiver] = {}


def register_receiver(kind: IncomingKind, receiver: Receiver) -> None:
    """Have the messages of a kind taken by a feature."""
    RECEIVERS[kind] = receiver


def hand_over(incoming: Incoming, *, at: datetime) -> None:
    """Hand a message to who takes its kind; when nobody does it is passed over."""
    receiver = RECEIVERS.get(incoming.kind)
    if receiver is not None:
        receiver(incoming, at=at)
