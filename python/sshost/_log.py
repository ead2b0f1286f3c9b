"""What the library says, as records of the logger "sshost": warnings are shown, and more where logging is set so."""

import logging

_LOGGER = logging.getLogger("sshost")
_LEVELS = (logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR)


def write(level: int, line: str) -> None:
    """Called by the library, on any thread."""
    _LOGGER.log(_LEVELS[level], "%s", line)
