"""Speed of the extraction: python benchmarks/extraction_speed.py CORPUS.jsonl[.xz] [--papers 500].

Prints a Markdown table with one row a system: abstracts a CPU-second and a wall second, and the share of the
author keywords that its ten best terms hold, on the first papers that have some. Beside our pipelines stand
yake, rake-nltk, pytextrank and keybert where they are installed; one that isn't has a row that says so. One
process, one thread; loading is not counted, the first ten papers warm up.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import lzma
import os
import time
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from kg import extract
from kg.offline import stay_offline
from kg.text import normal_form
from kg.types import Paper

if TYPE_CHECKING:
    from collections.abc import Callable

    System = Callable[[Paper], list[str]]

BEST = 10
WARM = 10


def first(corpus: Path, number: int) -> list[Paper]:
    """The first papers of a file of JSON lines that have author keywords and an abstract."""
    opened = lzma.open if corpus.suffix == ".xz" else open
    with opened(corpus, "rt", encoding="utf-8") as lines:
        records = (
            record for record in map(json.loads, lines) if record["abstract"] and record.get("keywords")
        )
        return [
            Paper(each["id"], each["title"], each["abstract"], keywords=tuple(each["keywords"]))
            for each in islice(records, number)
        ]


def ours(pipeline: str) -> System:
    """Our concepts, the surest first."""
    extractor = extract.load(pipeline)

    def run(paper: Paper) -> list[str]:
        (found,) = extractor.extract([paper])
        return list(dict.fromkeys(m.name for m in sorted(found.mentions, key=lambda m: -m.score)))

    return run


def yake() -> System:
    import yake

    model = yake.KeywordExtractor(top=BEST)
    return lambda paper: [term for term, _ in model.extract_keywords(paper.text)]


def rake_nltk() -> System:
    from rake_nltk import Rake

    model = Rake()

    def run(paper: Paper) -> list[str]:
        model.extract_keywords_from_text(paper.text)
        return list(model.get_ranked_phrases())

    return run


def pytextrank() -> System:
    import pytextrank  # noqa: F401
    import spacy

    nlp = spacy.load("en_core_web_sm")
    nlp.add_pipe("textrank")
    return lambda paper: [phrase.text for phrase in nlp(paper.text)._.phrases]


def keybert() -> System:
    from keybert import KeyBERT

    model = KeyBERT()
    return lambda paper: [
        term for term, _ in model.extract_keywords(paper.text, keyphrase_ngram_range=(1, 3))
    ]


OTHERS: dict[str, Callable[[], System]] = {
    "yake": yake, "rake_nltk": rake_nltk, "pytextrank": pytextrank, "keybert": keybert,
}  # fmt: skip


def measure(system: System, papers: list[Paper]) -> tuple[float, float, float]:
    """Abstracts a CPU-second, abstracts a wall second, author keywords recovered at ten."""
    for paper in papers[:WARM]:
        system(paper)
    cpu, wall = time.process_time(), time.perf_counter()
    found = [system(paper) for paper in papers]
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    hits = total = 0
    for paper, terms in zip(papers, found, strict=True):
        wanted = {normal_form(keyword) for keyword in paper.keywords}
        hits += len(wanted & {normal_form(term) for term in terms[:BEST]})
        total += len(wanted)
    return len(papers) / cpu, len(papers) / wall, hits / total if total else 0.0


def row(name: str, make: Callable[[], System], papers: list[Paper]) -> str:
    try:
        figures = measure(make(), papers)
    except (ImportError, OSError, LookupError) as error:  # a system whose data or model isn't here
        return f"| {name} | not run: {type(error).__name__} | | |"
    return "| {} | {:.1f} | {:.1f} | {:.3f} |".format(name, *figures)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--papers", type=int, default=500)
    parser.add_argument("--systems", nargs="*", default=["default", "rules", *OTHERS])
    options = parser.parse_args()
    stay_offline()
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    papers = first(options.corpus, options.papers)
    print("| system | abstracts a CPU-second | a wall second | author keywords at ten |\n|---|---|---|---|")
    for name in options.systems:
        if name in OTHERS and importlib.util.find_spec(name) is None:
            print(f"| {name} | not installed | | |")
            continue
        print(row(name, OTHERS.get(name, lambda name=name: ours(name)), papers), flush=True)


if __name__ == "__main__":
    main()
