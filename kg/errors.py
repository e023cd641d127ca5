"""Every error that paperkg raises on purpose.

    PaperKgError
    ├── ConfigError       a setting that is missing, unknown or wrong
    ├── SourceError       a file of papers that can't be read
    ├── VocabularyError   a vocabulary file that can't be used
    ├── CurationError     a line of the curation file that can't be obeyed
    ├── ExtractError      a pipeline that can't be loaded or doesn't fit
    ├── StoreError        a store that is damaged, in use or of another version
    ├── ExportError       an output that can't be written
    ├── QueryError        a query that is wrong, forbidden, or over its limits
    └── UnknownNameError  a paper, concept, reader, exporter or query that nobody knows by that name

The command line turns each into one line and an exit code; nothing else is caught there.
"""

from __future__ import annotations

import errno
from typing import ClassVar, Final


class PaperKgError(Exception):
    """Base of the tree. The message is one line: where it went wrong, what is wrong, what to do."""

    exit_code: ClassVar[int] = 1


class ConfigError(PaperKgError):
    exit_code = 2


class SourceError(PaperKgError):
    exit_code = 3


class VocabularyError(PaperKgError):
    exit_code = 3


class CurationError(PaperKgError):
    exit_code = 3


class ExtractError(PaperKgError):
    exit_code = 4


class StoreError(PaperKgError):
    exit_code = 5


class ExportError(PaperKgError):
    exit_code = 6


class QueryError(PaperKgError):
    exit_code = 7


class UnknownNameError(PaperKgError):
    exit_code = 8


ROOM: Final = "make room on the disk and run it again"
_REMEDIES: Final = dict.fromkeys((errno.ENOSPC, errno.EDQUOT, errno.EFBIG), ROOM)


def remedy(error: OSError, otherwise: str = "choose another place, or look at the disk") -> str:
    """What a person can do about an error of the system, as the end of a message."""
    return _REMEDIES.get(error.errno or 0, otherwise)
