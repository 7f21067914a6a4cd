"""The one base of every error that a user can cause."""


class UserError(Exception):
    """An error that a user can fix: the message names the thing, the value and the remedy.

    ``train.py`` and the dashboard print the message without a traceback.
    """

    def __init__(self, what: str, *, found: str = "", expected: str = "", remedy: str = "") -> None:
        self.what, self.found, self.expected, self.remedy = what, found, expected, remedy
        parts = [what.rstrip(".")]
        if found:
            parts.append(f"found {found}")
        if expected:
            parts.append(f"expected {expected}")
        message = "; ".join(parts) + "."
        super().__init__(f"{message} {remedy}".strip())
