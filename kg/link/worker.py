"""A process that parses one vocabulary: `python -m kg.link.worker SUFFIX NAME MEGABYTES SECONDS`, the text on
standard input, the entries as JSON on standard output.
"""

from __future__ import annotations

import json
import sys
from dataclasses import astuple

from kg.errors import VocabularyError
from kg.link.skos import entries_of
from kg.sandbox import confine


def main(suffix: str, where: str, megabytes: int, seconds: int) -> None:
    """Parse standard input; out of memory or time, the process ends by whatever comes first."""
    import pyoxigraph  # noqa: F401  # loaded before memory is short

    confine(megabytes, network=False, seconds=seconds)
    sys.stdout.write(json.dumps(_parsed(suffix, where), default=str))


def _parsed(suffix: str, where: str) -> dict[str, object]:
    try:
        text = sys.stdin.buffer.read().decode()
        return {"entries": [astuple(entry) for entry in entries_of(text, suffix, where)]}
    except VocabularyError as error:
        return {"error": str(error)}


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
