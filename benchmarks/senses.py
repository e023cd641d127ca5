"""How well the other concepts of a paper tell what an abbreviation of several senses stands for.

    python benchmarks/senses.py FOLDER

FOLDER holds a built store. Papers that define such an abbreviation themselves are asked as if they did not:
the paper is left out of the counts, and the concept that it defines out of the paper. Printed: how many of
these are decided, the share of right ones, and that of always saying the commonest sense.
"""

from __future__ import annotations

import argparse
import json
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from kg.link import anchors, load_vocabularies
from kg.link.abbreviations import Abbreviations, base
from kg.link.contexts import Contexts
from kg.link.names import Names
from kg.link.senses import SURE, ambiguous, likeliest, speaks_for
from kg.link.sets import Sets
from kg.link.usage import name_key
from kg.store import FILE_NAME, Store
from kg.text import is_acronym

if TYPE_CHECKING:
    from collections.abc import Iterator


class Without(Contexts):
    """Contexts as they are without one paper."""

    left_out = ""

    def papers(self, head: str) -> frozenset[str]:
        return super().papers(head) - {self.left_out}


def defined(store: Store) -> Iterator[tuple[str, str, str]]:
    """(paper, key of the abbreviation, key of the name that the paper says it stands for)."""
    for paper, key, forms in store.query("SELECT paper_id, key, forms FROM link_uses"):
        for short in sorted({name_key(form) for form in json.loads(forms) if is_acronym(form)} - {key}):
            yield paper, short, key


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    with Store.open(parser.parse_args().folder / FILE_NAME, readonly=True) as store:
        vocabulary = load_vocabularies()
        names = Names(store, anchors.label_names(vocabulary))
        known = Abbreviations(names, base(vocabulary))
        contexts = Without(store, Sets(store))
        asked = decided = right = commonest = 0
        for paper, short, long in defined(store):
            contexts.left_out = ""
            options = ambiguous([short], known, vocabulary, contexts).get(short, {})
            priors = {contexts.find(option): weight for option, weight in options.items()}
            if len(priors) < 2:
                continue
            truth, contexts.left_out = contexts.find(long), paper
            others = contexts.speaks(paper) - {truth, contexts.find(short)}
            known_others = sorted(other for other in others if contexts.papers(other))
            sense = likeliest(priors, known_others, partial(speaks_for, contexts=contexts))
            asked += 1
            commonest += max(priors, key=lambda head: (priors[head], head)) == truth
            if sense and sense.score >= SURE:
                decided += 1
                right += sense.key == truth
    print(f"asked {asked}, decided {decided}, of these right {right / max(1, decided):.3f}")
    print(f"the commonest sense is right in {commonest / max(1, asked):.3f}")


if __name__ == "__main__":
    main()
