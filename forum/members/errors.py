"""What can go wrong with members and their roles."""

from forum.kernel.errors import Conflict, ForumError, NotFound


class GrantRefused(ForumError):
    """A delegate or moderator acts for one party; an administrator or coordinator for none."""

    code = "grant-refused"


class TwoParties(Conflict):
    """Nobody acts for both parties."""

    code = "two-parties"


class AddressInUse(Conflict):
    """Somebody of the staff has this e-mail address already; a second account would get their links."""

    code = "address-in-use"


class TenantAddress(Conflict):
    """A tenant has this e-mail address, so a role is given to them, or somebody else has another address."""

    code = "tenant-address"


class NameOfStaff(Conflict):
    """Somebody of the staff shows this name."""

    code = "name-of-staff"


class NameOfRole(ForumError):
    """The name makes others think that a tenant speaks for the forum or a party."""

    code = "name-of-role"


class LastAdmin(Conflict):
    """The last administrator cannot lose that role: nobody could give it back."""

    code = "last-admin"


class RegisterRefused(ForumError):
    """The register file has errors, so nothing of it is imported."""

    code = "register-refused"


class RegisterChanged(Conflict):
    """Members changed after the preview, so the import would do something else than was shown."""

    code = "register-changed"


class LargeDeparture(Conflict):
    """So many tenants would be gone that a person must say that it is right."""

    code = "register-departures-required"


class UploadGone(NotFound):
    """The uploaded register file was imported or thrown away, is too old, or is somebody else's."""

    code = "register-upload-gone"


class UnknownTenant(ForumError):
    """There is no active tenant with this number."""

    code = "unknown-tenant"
