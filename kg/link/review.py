"""Which pairs of names most need a person's decision, and which were put off."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kg.errors import CurationError
from kg.link.abbreviations import count
from kg.link.candidates import pairs
from kg.link.features import Evidence
from kg.link.scoring import THRESHOLD, compare
from kg.link.usage import collect, name_key

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from kg.link.vocabulary import Vocabulary
    from kg.types import Judgement, Mention

_NEAR: Final = 0.3  # how far from the threshold a score may be for a pair to be doubtful
SKIPPED: Final = "review.jsonl"


@dataclass(frozen=True, slots=True)
class Question:
    """Are these two names one concept? With the score, the papers of each, and what speaks for it."""

    left: str
    right: str
    score: float
    papers: tuple[int, int]
    features: dict[str, float]

    @property
    def value(self) -> float:
        """What an answer is worth: the papers that it may move, more the nearer the score is to the
        threshold.
        """
        return min(self.papers) * (1 - abs(self.score - THRESHOLD) / _NEAR)


def questions(
    mentions: Iterable[Mention],
    vocabulary: Vocabulary,
    judgements: Iterable[Judgement],
    skipped: Iterable[tuple[str, str]] = (),
) -> list[Question]:
    """The doubtful pairs that nobody has decided or put off, the most valuable first."""
    usage = collect(mentions)
    evidence = Evidence(count(usage.names, vocabulary), vocabulary)
    settled = {_pair(left, right) for left, right in skipped}
    for item in judgements:
        settled.add(_pair(item.left, item.right or item.left))
        if item.verdict == "block":
            settled.add(_pair(item.left, item.left))
    blocked = {left for left, right in settled if left == right}
    found = []
    for left, right in pairs(usage.names, evidence):
        compared = compare(left, right, evidence)
        doubtful = abs(compared.score - THRESHOLD) < _NEAR
        if doubtful and (left.key, right.key) not in settled and not blocked & {left.key, right.key}:
            papers = left.papers, right.papers
            found.append(Question(left.spelling, right.spelling, compared.score, papers, compared.features))
    return sorted(found, key=lambda item: (-item.value, item.left, item.right))


def _pair(left: str, right: str) -> tuple[str, str]:
    first, second = sorted((name_key(left), name_key(right)))
    return first, second


def load_skipped(path: Path) -> list[tuple[str, str]]:
    """The pairs put off before, by the file that `skip` writes; none where there is no file."""
    try:
        lines = path.read_text(encoding="utf-8").split("\n") if path.is_file() else []
        told = [json.loads(line) for line in lines if line.strip()]
        return [(str(left), str(right)) for left, right in told]
    except (OSError, ValueError, TypeError, RecursionError) as error:
        raise CurationError(f"{path}: not a list of pairs: delete it to be asked again") from error


def skip(path: Path, question: Question) -> None:
    """Put a question off: it is not asked again."""
    try:
        with path.open("a", encoding="utf-8") as file:
            file.write(json.dumps([question.left, question.right], ensure_ascii=False) + "\n")
    except OSError as error:
        raise CurationError(f"{path}: can't be written ({error.strerror})") from error
