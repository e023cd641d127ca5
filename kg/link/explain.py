"""Why two names are one concept, or why not."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from kg.link.abbreviations import count
from kg.link.anchors import label_names
from kg.link.candidates import blocks
from kg.link.contexts import Contexts
from kg.link.features import FEATURES, Evidence
from kg.link.known import Known, look_up
from kg.link.likeness import likeness
from kg.link.scoring import THRESHOLD, Comparison, compare
from kg.link.sets import Sets
from kg.link.usage import Name, name_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kg.link.vocabulary import Vocabulary
    from kg.store import Store
    from kg.types import Judgement

_SHOWN: Final = 5  # papers named in an explanation
_TABLES: Final = "SELECT 1 FROM sqlite_master WHERE name = 'link_uses'"
_READ_SO: Final = "SELECT paper_id, key, head FROM link_senses WHERE key IN (?, ?) AND head IN (?, ?)"


@dataclass(frozen=True, slots=True)
class Explanation:
    """Whether two names are one concept, who or what says so, and what speaks for and against it.

    `decided_by` is "graph" (the concepts that the built graph has for them), "curation", "vocabulary" or
    "features"; `papers` those in which one stands for the other, by its own words or (`by_context`) by its
    other concepts; `company` how alike the concepts beside the two are, 0 to 1, and `beside` which these are,
    with the papers that have them with the left and with the right name.
    """

    left: str
    right: str
    same: bool
    score: float
    decided_by: str
    detail: str
    features: dict[str, float] = field(default_factory=dict)
    papers: tuple[str, ...] = ()
    by_context: tuple[str, ...] = ()
    company: float = 0.0
    beside: tuple[tuple[str, int, int], ...] = ()

    def describe(self) -> list[tuple[str, float, str]]:
        """(feature, value, what it means) of each feature that applies."""
        documented = {
            name: (FEATURES[name].__doc__ or "").split(".\n")[0].removesuffix(".") for name in self.features
        }
        return [(name, value, " ".join(documented[name].split())) for name, value in self.features.items()]


class Explainer:
    """Explains pairs of names by a built graph, where there is one, and by vocabularies and rules."""

    def __init__(
        self, vocabulary: Vocabulary, judgements: Sequence[Judgement] = (), store: Store | None = None
    ) -> None:
        self._vocabulary = vocabulary
        self._judgements = judgements
        self._store = store

    def explain(self, pairs: Iterable[tuple[str, str]]) -> list[Explanation]:
        """An explanation for each pair of names."""
        asked = list(pairs)
        known = look_up(self._store, {name for pair in asked for name in pair}) if self._store else Known()
        evidence = Evidence(count(known.names, self._vocabulary), self._vocabulary)
        return [self._explain(left, right, known, evidence) for left, right in asked]

    def _explain(self, left: str, right: str, known: Known, evidence: Evidence) -> Explanation:
        first, second = (known.names.get(name_key(text)) or _unseen(text) for text in (left, right))
        compared = compare(first, second, evidence)
        same, by, detail = self._decide(left, right, known, compared, evidence)
        keys = name_key(left), name_key(right)
        papers = sorted({*known.papers.get(keys, ()), *known.papers.get(keys[::-1], ())})
        shown = tuple(papers[:_SHOWN])
        made = Explanation(left, right, same, compared.score, by, detail, compared.features, shown)
        return replace(made, **self._company(*keys)) if self._is_linked else made

    @cached_property
    def _is_linked(self) -> bool:
        """Whether there is a graph that linking has made, so that its tables can be asked."""
        return self._store is not None and any(self._store.query(_TABLES))

    def _company(self, left: str, right: str) -> dict[str, Any]:
        """What the other concepts of the names' papers say."""
        assert self._store
        contexts = Contexts(self._store, Sets(self._store))
        found = likeness(left, right, contexts)
        rows = self._store.query(_READ_SO, (left, right, contexts.find(left), contexts.find(right)))
        papers = tuple(sorted({paper for paper, key, head in rows if head != contexts.find(key)}))
        beside = tuple((self._name(each.key), each.left, each.right) for each in found.beside)
        return {"company": found.value, "beside": beside, "by_context": papers[:_SHOWN]}

    def _name(self, head: str) -> str:
        """What the graph calls a set of names."""
        assert self._store
        row = next(self._store.query("SELECT name FROM link_groups WHERE head = ?", (head,)), None)
        return str(row[0]) if row else head

    def _decide(
        self, left: str, right: str, known: Known, compared: Comparison, evidence: Evidence
    ) -> tuple[bool, str, str]:
        """(same, decided by, detail): the graph's word where it has both, else what a build would say."""
        concepts = known.concept(left), known.concept(right)
        if all(concepts):
            same = concepts[0] == concepts[1]
            return same, "graph", concepts[0] if same else " and ".join(concepts)
        keys = {name_key(left), name_key(right)}
        for item in self._judgements:
            about_both = item.verdict in ("same", "different")
            if about_both and {name_key(item.left), name_key(item.right)} == keys:
                return item.verdict == "same", "curation", f"line {item.line}, by {item.by}".strip()
        entries = self._entry(left, evidence), self._entry(right, evidence)
        if all(entries) and name_key(left) != name_key(right):
            labels = [self._vocabulary.entries[iri].label for iri in entries]
            return entries[0] == entries[1], "vocabulary", " and ".join(dict.fromkeys(labels))
        return compared.same, "features", f"score {compared.score:.2f}, one concept from {THRESHOLD}"

    def _entry(self, text: str, evidence: Evidence) -> str:
        """The vocabulary's concept for a name: the only one with this label, or with a label that is surely
        the same; the empty string where there is none.
        """
        iris = self._vocabulary.names.get(name_key(text), ())
        if iris:
            return iris[0] if len({self._vocabulary.entries[iri].label for iri in iris}) == 1 else ""
        name = _unseen(text)
        near = {key for block in blocks(name, evidence) for key in self._index(evidence).get(block, ())}
        scored = [(compare(name, self._labels[key], evidence).score, key) for key in near]
        best = max(scored, key=lambda pair: (pair[0], pair[1]), default=(0.0, ""))
        found = self._vocabulary.names.get(best[1], ()) if best[0] >= THRESHOLD else ()
        return found[0] if len(found) == 1 else ""

    @cached_property
    def _labels(self) -> dict[str, Name]:
        return label_names(self._vocabulary)

    def _index(self, evidence: Evidence) -> dict[str, list[str]]:
        """The labels of the vocabulary by block, made once."""
        if not self._blocks:
            for key, name in self._labels.items():
                for block in blocks(name, evidence):
                    self._blocks.setdefault(block, []).append(key)
        return self._blocks

    @cached_property
    def _blocks(self) -> dict[str, list[str]]:
        return {}


def _unseen(text: str) -> Name:
    """A name that no paper has."""
    name = Name(name_key(text))
    name.spellings[text] += 1
    return name


def as_record(item: Explanation) -> dict[str, Any]:
    """An explanation as plain data."""
    return {
        "left": item.left,
        "right": item.right,
        "same": item.same,
        "score": item.score,
        "decided_by": item.decided_by,
        "detail": item.detail,
        "features": item.features,
        "papers": list(item.papers),
        "by_context": list(item.by_context),
        "company": item.company,
        "beside": [dict(zip(("name", "left", "right"), each, strict=True)) for each in item.beside],
    }


def read_pairs(text: str) -> list[tuple[str, str]]:
    """The first two columns of a table with tabs, without a heading `left right`; empty lines are skipped.

    Raises ValueError that names the first line with fewer columns.
    """
    pairs = []
    for number, line in enumerate(text.splitlines(), 1):
        columns = [column.strip() for column in line.split("\t")]
        if len(columns) < 2 or not all(columns[:2]):
            if line.strip():
                raise ValueError(f"line {number}: needs two names with a tab between them")
        elif number > 1 or columns[:2] != ["left", "right"]:
            pairs.append((columns[0], columns[1]))
    return pairs
