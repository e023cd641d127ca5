"""Large vocabularies of users, parsed by a process that may take so much memory and time and reaches nothing.

A file can be written so that parsing it takes all memory there is, or hours: the process then ends, not the
build's.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Final

from kg.errors import VocabularyError
from kg.link.skos import TYPES
from kg.link.vocabulary import Entry

MEGABYTES: Final = 4096  # of address space; the largest file that is read takes a quarter of it
SECONDS: Final = 60  # of computing; the largest file takes ten
OUT_OF_TIME: Final = -24  # exit code, by the signal SIGXCPU


def parse_apart(text: str, suffix: str, where: str) -> list[Entry]:
    """What `entries_of` gives, made by a process of its own; `where` is the file's name in messages.

    Raises VocabularyError, also where the process needs too much.
    """
    # -P: a json.py in the working folder is none of ours
    command = [sys.executable, "-P", "-m", "kg.link.worker", suffix, where, str(MEGABYTES), str(SECONDS)]
    quiet = os.environ | {"RUST_BACKTRACE": "0"}  # printing one without memory can wait for ever
    try:
        done = subprocess.run(
            command, input=text.encode(), capture_output=True, env=quiet, timeout=2 * SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise _problem(where, OUT_OF_TIME) from error
    if done.returncode:
        raise _problem(where, done.returncode)
    found = json.loads(done.stdout)
    if "error" in found:
        raise VocabularyError(found["error"])
    return [_entry(values) for values in found["entries"]]


def _problem(where: str, code: int) -> VocabularyError:
    """What to say of a process that ended before it was done."""
    limit = f"{SECONDS} s of computing" if code == OUT_OF_TIME else f"{MEGABYTES:,} MiB of memory"
    return VocabularyError(
        f"{where}: can't be parsed with the {limit} that it may have: make it smaller or simpler"
    )


def _entry(values: list[object]) -> Entry:
    """An entry of its fields as JSON has them."""
    fields = [tuple(value) if isinstance(value, list) else value for value in values]
    fields[2] = TYPES.get(str(fields[2]))
    return Entry(*fields)  # type: ignore[arg-type]  # they were an Entry's own
