"""What goes wrong, as exceptions with the places in the pipeline."""

import re
from typing import List, NamedTuple, Optional, Tuple


class Place(NamedTuple):
    """One mistake, and where it was written."""

    file: str
    """As it was named; for an override the whole of it, "--set key=value"."""
    line: Optional[int]
    """From 1 on; None where only the file is known, and for an override."""
    column: Optional[int]
    key: Optional[str]
    """Of the pipeline, such as "model.head.dilations"; None where it is none of a key."""
    text: str
    """What was expected and what was found."""


class Error(RuntimeError):
    """Work that failed. The text is what the command would say."""

    code: str
    """"failed" (a file, the device, the disk), "usage" (the pipeline or an option is wrong; found before any work),
    "invalid_argument" (the call is wrong), or "cancelled"."""
    places: Tuple[Place, ...]
    """The mistakes that name one, in the order of the text."""

    def __init__(self, message: str, code: str = "failed") -> None:
        super().__init__(message)
        self.code = code
        self.places = _places_in(message)

    def __reduce__(self) -> Tuple[type, Tuple[str, str]]:
        return type(self), (str(self), self.code)


class UsageError(Error, ValueError):
    """The pipeline, an option or the call is wrong; nothing has been done."""


class Cancelled(Error):
    """A Cancel was requested before there was anything to give."""


_PLACE = re.compile(r"(?P<file>(?:--set )?[^\n]+?):(?P<line>\d+):(?P<column>\d+): (?P<rest>.*)")
_OVERRIDE = re.compile(r"(?P<file>--set [^\n]+?): (?P<rest>.*)")
_KEY = re.compile(r"(?P<key>[a-z_][\w.\[\]-]*): (?P<text>.*)")


def _place_in(line: str) -> Optional[Place]:
    found = _PLACE.match(line) or _OVERRIDE.match(line)
    if found is None:
        return None
    parts = found.groupdict()
    keyed = _KEY.match(parts["rest"])
    number, column = parts.get("line"), parts.get("column")
    return Place(
        parts["file"],
        int(number) if number else None,
        int(column) if column else None,
        keyed["key"] if keyed else None,
        keyed["text"] if keyed else parts["rest"],
    )


def _places_in(message: str) -> Tuple[Place, ...]:
    places: List[Optional[Place]] = [_place_in(line) for line in message.splitlines()]
    return tuple(place for place in places if place is not None)


_KINDS = {
    1: (Error, "failed"),
    2: (UsageError, "usage"),
    3: (UsageError, "invalid_argument"),
    5: (Cancelled, "cancelled"),
}


def error_of(code: int, message: str) -> Error:
    """The exception for an sshost_code of sshost/api.h."""
    kind, word = _KINDS.get(code, (Error, "failed"))
    return kind(message, word)
