"""Numbers of the trained models become terms by name, whatever the order in which the vocabulary lists them."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kg.errors import ExtractError
from kg.extract import labels, weights

# A package of which one file was edited, put before ours; what it reads in a text, as JSON.
READ = """
import json, sys
sys.path.insert(0, sys.argv[1])
from kg.errors import ExtractError
from kg.extract import load
from kg.extract.output import to_record
from kg.types import Paper
paper = Paper("p", "Brimstone: a language model", "We use BERT on GLUE. Brimstone outperforms GPT-2 on WikiText.")
try:
    record = to_record(paper, next(load(sys.argv[2]).extract([paper])))
    print(json.dumps([[[c["name"], c["type"], c["role"]] for c in record["concepts"]], record["relations"]]))
except ExtractError as error:
    print(json.dumps(str(error)))
"""


def edited(folder: Path, root: Path, old: str, new: str) -> Path:
    """A copy of the package with an edit in its vocabulary."""
    shutil.copytree(root / "kg", folder / "kg", ignore=shutil.ignore_patterns("__pycache__"))
    vocabulary = folder / "kg" / "vocab.py"
    text = vocabulary.read_text(encoding="utf-8")
    assert old in text
    vocabulary.write_text(text.replace(old, new), encoding="utf-8")
    return folder


def read(package: Path, pipeline: str) -> object:
    done = subprocess.run(
        [sys.executable, "-c", READ, str(package), pipeline], capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


USES = '    USES = ("uses", "uses", "The paper applies the concept as a means.")\n'
STUDIES = '    STUDIES = ("studies", "studies", "The concept is what the paper is about or investigates.")\n'


@pytest.mark.slow
@pytest.mark.parametrize("pipeline", ["default", "rules"])
def test_the_order_of_the_vocabulary_changes_nothing(root, tmp_path, pipeline):
    swapped = edited(tmp_path, root, USES + STUDIES, STUDIES + USES)
    found = read(swapped, pipeline)
    assert found == read(root, pipeline)
    assert len(found[0]) > 2


@pytest.mark.slow
@pytest.mark.parametrize(
    ("before", "term", "message"),
    [
        (
            "    OUTPERFORMS = (",
            '    INHIBITS = ("inhibits", "inhibits", "Slows.")\n',
            "know no Relation 'inhibits'",
        ),
        ("    TOPIC = (", '    GENE = ("Gene", "gene", "A gene.")\n', "know no ConceptType 'Gene'"),
    ],
)
def test_a_term_that_the_weights_don_t_know_is_an_error_of_one_line(root, tmp_path, before, term, message):
    package = edited(tmp_path, root, before, term + before)
    for pipeline in ("default", "rules"):
        told = read(package, pipeline)
        assert message in told
        assert "\n" not in told


def test_weights_name_the_labels_that_they_were_trained_on():
    named = json.loads((labels.MODEL_FOLDER / labels.CONFIG).read_text(encoding="utf-8"))
    assert labels.agreed(named, Path("x")) == labels.labels()
    with pytest.raises(ExtractError, match="the vocabulary knows no Role 'admires'"):
        labels.agreed(named | {"roles": [*named["roles"], "admires"]}, Path("x"))
    with pytest.raises(ExtractError, match="the weights know no Role"):
        labels.agreed({"types": named["types"]}, Path("x"))
    with pytest.raises(ExtractError, match="labels in another order"):
        labels.refuse_others(named | {"roles": named["roles"][::-1]}, Path("x"))


def test_weights_without_labels_are_refused(tmp_path):
    import numpy as np

    with np.load(weights.FOLDER / "rules.npz") as arrays:
        rest = {name: arrays[name] for name in arrays.files if name != "roles"}
    np.savez(tmp_path / "old.npz", **rest)
    with pytest.raises(ExtractError, match="the weights know no Role"):
        weights.read(tmp_path / "old.npz")
