"""What can be wrong with a setting or with setting up."""

from forum.kernel.errors import Conflict


class SettingRefused(ValueError):
    """A setting that cannot be used, with its name and the reason."""

    def __init__(self, name: str, reason: str) -> None:
        """Say which setting it is and why it is refused."""
        super().__init__(f"setting {name} refused: {reason}")
        self.name = name
        self.reason = reason


class AlreadySetUp(Conflict):
    """`forum init` ran before; doing it twice would mix two installations."""

    code = "already-set-up"
