"""What can go wrong while scoring activity."""


class InputRefused(Exception):
    """Say which field of an input is refused and why, in one line of English.

    Attributes:
        code: the kind of refusal, such as `unknown-value`; stable, for programs.
        where: the field, such as `posts[3].status`.
    """

    def __init__(self, code: str, where: str, reason: str) -> None:
        super().__init__(f"{where}: {reason}")
        self.code = code
        self.where = where
