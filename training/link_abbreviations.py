"""Count which long forms the papers of a corpus give for which abbreviations: kg/link/abbreviations.tsv.

    python training/link_abbreviations.py CORPUS.jsonl.xz > kg/link/abbreviations.tsv

Only pairs that at least three papers define are kept: forms and counts, no text.
"""

from __future__ import annotations

import json
import lzma
import re
import sys
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from kg.extract.abbreviations import abbreviations
from kg.link.usage import most_common, name_key
from kg.text import plain_quotes

if TYPE_CHECKING:
    from collections.abc import Iterator

MIN_PAPERS = 3
_PART = re.compile(r"[^\W_]+")
_CLEAN = re.compile(r"[^\W_][\w\s'&+/-]*[\w+]")


def aligned(before: str, short: str) -> str:
    """The last words of a text whose first letters, hyphened parts counted, are the abbreviation's."""
    letters = [c.lower() for c in short.rstrip("s") if c.isalnum()]
    parts = list(_PART.finditer(before))[-len(letters) :]
    if len(parts) == len(letters) > 1 and [part.group()[0].lower() for part in parts] == letters:
        start = parts[0].start()
        while start and before[start - 1] in "-\u2010\u2011":  # `multi-modal` is not cut in two
            start = max(before.rfind(gap, 0, start) for gap in " \n(") + 1
        return before[start:].strip()
    return ""


def definitions(text: str) -> Iterator[tuple[str, str]]:
    """(short, long) of each abbreviation that a text defines."""
    for pair in abbreviations(text):
        short = text[pair.short_start : pair.short_end]
        before = text[max(0, pair.short_start - 120) : pair.long_end]
        long = aligned(before, short) or text[pair.long_start : pair.long_end]
        if _CLEAN.fullmatch(long) and "  " not in long:
            yield short, long


def main(path: str) -> None:
    papers: Counter[tuple[str, str]] = Counter()
    spellings: defaultdict[tuple[str, str], Counter[tuple[str, str]]] = defaultdict(Counter)
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            paper = json.loads(line)
            text = plain_quotes(f"{paper['title']}\n{paper.get('abstract') or ''}")
            found = {(name_key(short), name_key(long)): (short, long) for short, long in definitions(text)}
            papers.update(found.keys())
            for key, forms in found.items():
                spellings[key][forms] += 1
    rows = sorted(
        (*most_common(spellings[key]), count) for key, count in papers.items() if count >= MIN_PAPERS
    )
    for short, long, count in rows:
        print(re.sub(r"(?<=[A-Z])s$", "", short), _lower(long), count, sep="\t")


def _lower(long: str) -> str:
    """A long form whose capitals only spell its abbreviation, in small letters."""
    words = long.split()
    return long.lower() if all(word == word.capitalize() or word.islower() for word in words) else long


if __name__ == "__main__":
    main(sys.argv[1])
