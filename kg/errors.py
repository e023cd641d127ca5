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

The command line turns each into one line and an exit code. `advice` says what to do about an error of the
system, wherever one is told.
"""

from __future__ import annotations

import errno
from typing import ClassVar, Final

_ADVICE: Final = {
    ("ENOSPC", "EDQUOT"): "make room on the disk, or choose another folder, and run it again",
    ("EFBIG",): "files may not grow so large here: raise the limit (ulimit -f), or choose another folder",
    ("EACCES", "EPERM", "EROFS"): "choose a folder and files that you may write and read",
    ("ENAMETOOLONG", "EILSEQ"): "choose a shorter, plainer name",
    ("EMFILE", "ENFILE"): "too many files are open: raise the limit (ulimit -n)",
    ("ENOMEM", "EAGAIN"): "close other programs, or read in one process (--jobs 1)",
    ("EIO", "ESTALE", "ENODEV", "ENXIO"): "the disk or the way to it fails: look after it before you go on",
    ("ENOENT",): "mend the name",
    ("ENOTDIR", "EISDIR", "EEXIST", "ENOTEMPTY", "ELOOP"): "something else has this name: choose another",
    ("EBUSY", "ETXTBSY"): "another program uses it: try again when that is done",
    ("EBADF", "EPIPE"): "it is closed, or not open for this",
}
_BY_NUMBER: Final = {
    getattr(errno, name): words for names, words in _ADVICE.items() for name in names if hasattr(errno, name)
}


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


def advice(error: OSError) -> str:
    """What to do about an error of the system, in a few words to stand at a message's end."""
    return _BY_NUMBER.get(error.errno or 0, "try again, or choose another place")
