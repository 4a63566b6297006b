"""What can go wrong with slips."""

from forum.kernel.errors import ForumError


class EmptySlip(ForumError):
    """Nothing was written on the slip and nothing was ticked."""

    code = "slip-empty"


class UnknownName(ForumError):
    """No tenant, or more than one, answers to what stands on the slip in the place of a number."""

    code = "slip-unknown-tenant"


class NoConsent(ForumError):
    """The tenant did not tick that the forum may show what is on the slip."""

    code = "slip-without-consent"
