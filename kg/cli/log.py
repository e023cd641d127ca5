"""Logging of the command line: plain or JSON lines on standard error."""

from __future__ import annotations

import json
import logging
import sys

from kg.cli.shown import printable


class JsonLines(logging.Formatter):
    """One JSON object a record: level, logger, message."""

    def format(self, record: logging.LogRecord) -> str:
        line = {"level": record.levelname, "logger": record.name, "message": record.getMessage()}
        return json.dumps(line)  # in ASCII: standard error may have any encoding


class Lines(logging.Formatter):
    """A record's message, whatever names of files and papers are in it."""

    def format(self, record: logging.LogRecord) -> str:
        return printable(super().format(record))


def configure(level: int, *, as_json: bool) -> None:
    """Send paperkg's own log records of a level and above to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if as_json else Lines("%(message)s"))
    logger = logging.getLogger("kg")
    logger.handlers[:] = [handler]
    logger.setLevel(level)
    logger.propagate = False
