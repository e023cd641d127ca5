"""What a corpus of abstracts says of terms (author keywords, defined terms), words and abbreviations.

Run: python -m training.claims_statistics CORPUS.jsonl.xz KEEP_OUT.docs.jsonl... It writes the
three tables of kg/extract/model/claims that the extractor's features read. Counting only: no seed.
"""

from __future__ import annotations

import gzip
import json
import lzma
import re
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.extract.abbreviations import abbreviations
from kg.extract.words import Index, Words, join, key, occurrences
from kg.text import normal_form

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

FOLDER = Path(__file__).parents[1] / "kg" / "extract" / "model" / "claims"
MIN_TERM, MIN_WORD, MIN_ABBREVIATION = 2, 10, 4


def records(path: Path, without: set[str]) -> Iterator[dict[str, Any]]:
    """The corpus' records but those whose titles are measured on."""
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            if record["abstract"] and title_key(record) not in without:
                yield record


def title_key(record: dict[str, Any]) -> str:
    return "".join(Words.of(record["title"]).lows)


class Counts:
    """The tables while they are counted."""

    def __init__(self) -> None:
        self.papers = 0
        self.terms: Counter[str] = Counter()
        self.inside: Counter[str] = Counter()
        self.heads: Counter[str] = Counter()
        self.words: Counter[str] = Counter()
        self.lower: Counter[str] = Counter()
        self.shorts: dict[str, Counter[str]] = defaultdict(Counter)
        self.as_words: Counter[str] = Counter()

    def add(self, record: dict[str, Any]) -> None:
        self.papers += 1
        text = f"{record['title']}\n{record['abstract']}"
        keywords = {part for each in record.get("keywords") or () for part in re.split(r"[:;,()]\s*", each)}
        for keyword in sorted({key(each): each for each in sorted(keywords)}.values()):
            self.add_term(keyword)
        self.add_words(text, len(record["title"]))
        for pair in abbreviations(text):
            self.add_term(text[pair.long_start : pair.long_end])
            short = text[pair.short_start : pair.short_end]
            short = short[:-1] if short.endswith("s") and short[-2].isupper() else short
            long = text[pair.long_start : pair.long_end]
            self.shorts[short][normal_form(long)] += 1
            self.as_words[short] += long.islower()

    def add_term(self, term: str) -> None:
        """Count a keyword or a defined term, and its words."""
        lows = Words.of(term).lows
        if 0 < len(lows) <= 6:
            self.terms[join(lows)] += 1
            self.inside.update(set(lows))
            self.heads[lows[-1]] += 1

    def add_words(self, text: str, title: int) -> None:
        words = Words.of(text)
        seen = Counter(low for start, low in zip(words.starts, words.lows, strict=True) if start > title)
        self.words.update(seen.keys())
        self.lower.update(
            {
                low
                for s, e, low in zip(words.starts, words.ends, words.lows, strict=True)
                if s > title and text[s:e] == low
            }
        )


def in_texts(corpus: Iterable[dict[str, Any]], keys: set[str]) -> tuple[Counter[str], Counter[str]]:
    """In how many texts, and in how many titles, each key occurs."""
    texts: Counter[str] = Counter()
    titles: Counter[str] = Counter()
    index = Index(keys)
    for record in corpus:
        title, abstract = Words.of(record["title"]), Words.of(record["abstract"])
        in_title = {found for *_, found in occurrences(title, index)}
        titles.update(in_title)
        texts.update(in_title | {found for *_, found in occurrences(abstract, index)})
    return texts, titles


def write(name: str, rows: Iterable[tuple[object, ...]]) -> None:
    body = "".join("\t".join(map(str, row)) + "\n" for row in rows).encode()
    (FOLDER / name).write_bytes(gzip.compress(body, 9, mtime=0))


def main(corpus: Path, keep_out: list[Path]) -> None:
    without = {
        title_key(json.loads(line))
        for path in keep_out
        for line in path.read_text(encoding="utf-8").splitlines()
    }
    counts = Counts()
    for record in records(corpus, without):
        counts.add(record)
    keys = {each for each, count in counts.terms.items() if count >= MIN_TERM}
    texts, titles = in_texts(records(corpus, without), keys)
    FOLDER.mkdir(parents=True, exist_ok=True)
    write("terms.tsv.gz", ((k, counts.terms[k], texts[k], titles[k]) for k in sorted(keys)))
    write(
        "words.tsv.gz",
        (
            (w, n, counts.lower[w], counts.inside[w], counts.heads[w])
            for w, n in sorted(counts.words.items())
            if n >= MIN_WORD
        ),
    )
    write(
        "abbreviations.tsv.gz",
        (
            (short, long, count, sum(longs.values()), counts.as_words[short])
            for short, longs in sorted(counts.shorts.items())
            for long, count in [min(longs.items(), key=lambda item: (-item[1], item[0]))]
            if count >= MIN_ABBREVIATION
        ),
    )
    print(f"{counts.papers} papers, {len(keys)} terms")


if __name__ == "__main__":
    main(Path(sys.argv[1]), [Path(each) for each in sys.argv[2:]])
