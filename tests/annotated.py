"""An extractor that knows the answers: the annotations of a toy corpus as mentions and claims.

So that what comes after extraction is tested byte for byte, whatever becomes of the trained model.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from kg.types import Claim, Extraction, Mention
from kg.vocab import ConceptType

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from kg.types import Paper


class Annotated:
    """Reads papers by their annotations (a file in the format of `kg extract`); others have no concept."""

    fingerprint = "annotated"

    def __init__(self, gold: Path) -> None:
        lines = gold.read_text(encoding="utf-8").splitlines()
        self.records = {record["id"]: record for record in map(json.loads, lines)}
        self.seen: list[str] = []

    def extract(self, papers: Iterable[Paper], batch_size: int = 64) -> Iterator[Extraction]:
        for paper in papers:
            self.seen.append(paper.id)
            yield extraction(paper, self.records.get(paper.id, {"concepts": [], "relations": []}))


def extraction(paper: Paper, record: dict[str, Any]) -> Extraction:
    mentions = {concept["name"]: list(_mentions(paper, concept)) for concept in record["concepts"]}
    claims = [
        Claim(paper.id, "", concept["role"], mentions[concept["name"]][0].id,
              *sentence(paper.text, mentions[concept["name"]][0].start), "annotated", 0.9)
        for concept in record["concepts"]
    ]  # fmt: skip
    claims += [
        Claim(paper.id, mentions[left][0].id, relation, mentions[right][0].id,
              *sentence(paper.text, mentions[right][0].start), "annotated", 0.8)
        for left, relation, right in record["relations"]
    ]  # fmt: skip
    flat = sorted((m for group in mentions.values() for m in group), key=lambda m: (m.start, m.end))
    return Extraction(paper.id, tuple(flat), tuple(claims))


def _mentions(paper: Paper, concept: dict[str, Any]) -> Iterator[Mention]:
    taken: list[tuple[int, int]] = []
    for form in sorted(concept["mentions"], key=lambda form: (-len(form), form)):
        for match in re.finditer(rf"(?<!\w){re.escape(form)}(?!\w)", paper.text):
            if not any(start < match.end() and match.start() < end for start, end in taken):
                taken.append(match.span())
    # the abstract's mentions first: their sentences say what the paper does
    for start, end in sorted(taken, key=lambda span: (span[0] <= len(paper.title), span)):
        type_ = ConceptType(concept["type"])
        yield Mention(paper.id, start, end, paper.text[start:end], concept["name"], type_, "annotated", 0.9)


def sentence(text: str, at: int) -> tuple[int, int]:
    start = max(text.rfind(". ", 0, at) + 2 if ". " in text[:at] else 0, text.rfind("\n", 0, at) + 1)
    end = re.compile(r"\.(?=\s|$)|\n|$").search(text, at)
    assert end is not None
    return start, end.end()
