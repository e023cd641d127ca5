"""How well names are linked: hand-labelled pairs of surface forms, and clusters of the annotated concepts.

    python benchmarks/linking.py [--without-vocabulary] [--errors] [--shared FOLDER]

Pairs are decided as `kg explain` decides names that it hasn't seen: by vocabulary, tables and rules. Clusters
(B-cubed, Bagga and Baldwin 1998) compare the concepts that linking makes of train and dev, each concept of a
paper named by its longest form there, with the annotators' names across papers.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from kg.link import Vocabulary, link, load_vocabularies
from kg.link.explain import Explainer
from kg.link.skos import TYPES
from kg.text import spelling_key
from kg.types import Mention

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PAIRS = Path(__file__).with_name("linking_pairs.tsv")


class Pair(NamedTuple):
    """Two surface forms of the corpus, whether they are one concept, and the kind of pair: easy, hard, or
    taken by chance among those near the threshold: drawn (before linking was last mended) or fresh (after).
    """

    left: str
    right: str
    same: bool
    kind: str

    @property
    def hard(self) -> bool:
        """Whether it is hard to see what is right."""
        return self.kind != "easy"

    @property
    def drawn(self) -> bool:
        """Whether the pair was taken by chance, and labelled before anybody saw what linking says of it."""
        return self.kind in ("drawn", "fresh")

    @property
    def held_out(self) -> bool:
        """Whether the pair was kept back when the weights were set: half of them, by hash."""
        return hashlib.sha256(f"{self.left}\t{self.right}".encode()).digest()[-1] % 2 == 1


class Score(NamedTuple):
    """Precision and recall."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        return 2 * self.precision * self.recall / (self.precision + self.recall or 1)

    def __str__(self) -> str:
        return f"precision {self.precision:.3f}  recall {self.recall:.3f}  F1 {self.f1:.3f}"


def read_pairs() -> list[Pair]:
    """The labelled pairs."""
    with PAIRS.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [Pair(r["left"], r["right"], r["label"] == "same", r["kind"]) for r in rows]


def decide(pairs: Iterable[Pair], vocabulary: Vocabulary) -> Iterator[tuple[Pair, bool]]:
    """Each pair with linking's word on it."""
    asked = list(pairs)
    found = Explainer(vocabulary).explain((pair.left, pair.right) for pair in asked)
    return zip(asked, (each.same for each in found), strict=True)


def score(decided: Iterable[tuple[Pair, bool]]) -> Score:
    """Precision and recall of the pairs said to be one concept."""
    items = list(decided)
    hits = sum(pair.same and said for pair, said in items)
    return Score(
        hits / max(1, sum(said for _, said in items)), hits / max(1, sum(pair.same for pair, _ in items))
    )


def annotated(folder: Path) -> tuple[list[Mention], dict[str, str]]:
    """Mentions of the annotated concepts, and for one mention of each paper's concept its name."""
    mentions: list[Mention] = []
    names: dict[tuple[str, str], str] = {}
    for part in ("train", "dev"):
        for line in (folder / "annotation" / f"{part}.gold.jsonl").read_text(encoding="utf-8").splitlines():
            paper = json.loads(line)
            for concept in paper["concepts"]:
                name = max(concept["mentions"], key=lambda form: (len(form), form))
                for form in concept["mentions"]:
                    start = len(mentions)
                    made = Mention(
                        paper["id"], start, start + len(form), form, name, TYPES[concept["type"]], "gold"
                    )
                    mentions.append(made)
                    names.setdefault((paper["id"], spelling_key(concept["name"])), made.id)
    return mentions, {id_: key for (_, key), id_ in names.items()}


def b_cubed(found: dict[str, str], gold: dict[str, str]) -> Score:
    """B-cubed precision and recall of clusters (by item) against gold ones."""
    clusters: defaultdict[str, set[str]] = defaultdict(set)
    truth: defaultdict[str, set[str]] = defaultdict(set)
    for item, name in gold.items():
        clusters[found[item]].add(item)
        truth[name].add(item)
    both = {item: len(clusters[found[item]] & truth[name]) for item, name in gold.items()}
    return Score(
        sum(both[item] / len(clusters[found[item]]) for item in gold) / len(gold),
        sum(both[item] / len(truth[name]) for item, name in gold.items()) / len(gold),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--without-vocabulary", action="store_true")
    parser.add_argument("--errors", action="store_true", help="list the pairs decided wrongly")
    parser.add_argument("--shared", type=Path, default=PAIRS.parent.parent.parent / "shared")
    options = parser.parse_args()
    vocabulary = Vocabulary() if options.without_vocabulary else load_vocabularies()
    decided = list(decide(read_pairs(), vocabulary))
    chosen = [item for item in decided if not item[0].drawn]
    for title, part in (
        ("all", decided),
        ("chosen", chosen),
        ("hard", [item for item in decided if item[0].hard]),
        ("easy", [item for item in decided if not item[0].hard]),
        ("held out", [item for item in decided if item[0].held_out]),
        ("drawn", [item for item in decided if item[0].kind == "drawn"]),
        ("fresh", [item for item in decided if item[0].kind == "fresh"]),
    ):
        print(f"pairs, {title:9} {len(part):4}  {score(part)}")
    for pair, said in decided if options.errors else ():
        if pair.same != said:
            print(f"  {pair.left} / {pair.right}: said {'same' if said else 'different'}")
    if (options.shared / "annotation").is_dir():
        mentions, gold = annotated(options.shared)
        ids = {each.mention_id: each.concept_id for each in link(mentions, vocabulary).links}
        print(f"clusters, B-cubed {len(gold):6}  {b_cubed(ids, gold)}")
        keys = {each.id: spelling_key(each.name) for each in mentions}
        print(f"  by spelling alone       {b_cubed(keys, gold)}")


if __name__ == "__main__":
    main()
