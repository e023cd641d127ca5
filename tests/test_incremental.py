"""A build after any changes leaves the store that a build from nothing would: row for row, in every table."""

from __future__ import annotations

import itertools
import json
import sqlite3
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kg import pipeline, reading
from kg.config import Config
from kg.link import abbreviations, candidates, linker, proposals, senses
from kg.link.names import Names
from kg.output import ROOM
from kg.store import FILE_NAME, Store
from kg.types import Claim, Extraction, Mention
from kg.vocab import ConceptType

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from kg.types import Paper

TYPES = {str(each): each for each in ConceptType}

# surface form, name that the paper's text gives it, type: what papers are made of
ITEMS = (
    ("LLMs", "LLMs", "Model"),
    ("LLMs", "large language models", "Model"),
    ("LLM", "Large Language Model", "Model"),
    ("LLM", "legal learning machine", "Model"),
    ("large language models", "large language models", "Model"),
    ("LLM agents", "LLM agents", "Model"),
    ("large language model agents", "large language model agents", "Model"),
    ("AR", "AR", "Method"),
    ("AR", "augmented reality", "Topic"),
    ("AR", "autoregressive model", "Model"),
    ("augmented reality", "augmented reality", "Topic"),
    ("augmented realities", "augmented realities", "Task"),
    ("autoregressive model", "autoregressive model", "Model"),
    ("visual odometry", "visual odometry", "Task"),
    ("pixel decoder", "pixel decoder", "Method"),
    ("MATH", "MATH", "Dataset"),
    ("MATH", "MATH", "Topic"),
    ("math", "math", "Topic"),
    ("maths", "math", "Topic"),
    ("LLaMA", "LLaMA", "Model"),
    ("LLaMA-7B", "LLaMA-7B", "Model"),
    ("Llama 2", "Llama 2", "Model"),
    ("Code Llama", "Code Llama", "Model"),
    ("Adam", "Adam", "Method"),
    ("Adam optimizer", "Adam optimizer", "Method"),
    ("robot manipulation", "robot manipulation", "Task"),
    ("robotic manipulation", "robotic manipulation", "Task"),
    ("robotics manipulation", "robotics manipulation", "Task"),
    ("pre-training", "pre-training", "Method"),
    ("Pretraining", "Pretraining", "Task"),
    ("Transformer", "Transformer", "Model"),
    ("transformer", "transformer", "Topic"),
    ("transformers", "transformers", "Model"),
    ("transformer architecture", "transformer architecture", "Model"),
    ("vision transformer", "vision transformer", "Model"),
    ("attention", "attention", "Method"),
    ("results", "results", "Topic"),
    ("ZQX", "zonal query exchange", "Method"),
    ("ZQX", "Zonal Query Exchange", "Method"),
    ("ZQX", "zebra quota exam", "Task"),
    ("ZQX", "ZQX", "Method"),
    ("ZQX agents", "ZQX agents", "Model"),
    ("zonal query exchange agents", "zonal query exchange agents", "Model"),
    ("ZQXs agent", "ZQXs agent", "Model"),
)
VOCABULARY = """label,altLabels,broader,type,uri
neural network,ANN,,Model,https://example.org/nn
Transformer,transformer model,neural network,Model,https://example.org/transformer
transformer,,,Topic,https://example.org/coil
large language model,LLM,Transformer,Model,https://example.org/llm
attention mechanism,attention,,Method,https://example.org/attention
"""
DECISIONS = (
    {"verdict": "same", "left": "visual odometry", "right": "pixel decoder"},
    {"verdict": "different", "left": "Adam", "right": "Adam optimizer"},
    {"verdict": "rename", "left": "math", "right": "Mathematics"},
    {"verdict": "retype", "left": "AR", "right": "Task"},
    {"verdict": "broader", "left": "Adam", "right": "pre-training"},
    {"verdict": "block", "left": "results"},
    {"verdict": "block", "left": "robotics manipulation"},
)

Corpus = dict[str, tuple[int, ...]]


@dataclass
class Reader:
    """An extractor that finds what each line of an abstract says."""

    fingerprint: str = "invented"
    seen: list[str] = field(default_factory=list)

    def extract(self, papers: Iterable[Paper]) -> Iterator[Extraction]:
        for paper in papers:
            self.seen.append(paper.id)
            mentions, start = [], len(paper.title) + 1
            for line in paper.abstract.splitlines():
                form, name, type_, score = line.split("|")
                mentions.append(
                    Mention(paper.id, start, start + len(form), form, name, TYPES[type_], "r", float(score))
                )
                start += len(line) + 1
            ids = [each.id for each in mentions]
            claims = [Claim(paper.id, "", "uses", id_, 0, len(paper.title), "r", 0.8) for id_ in ids]
            claims += [Claim(paper.id, a, "part_of", b, 0, 3, "r", 0.7) for a, b in itertools.pairwise(ids)]
            yield Extraction(paper.id, tuple(mentions), tuple(claims))


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("incremental")
    (folder / "vocabulary.csv").write_text(VOCABULARY)
    lines = [json.dumps(each | {"by": "Ada", "at": "2026-01-01"}) for each in DECISIONS]
    (folder / "curation.jsonl").write_text("\n".join(lines))
    return folder


@contextmanager
def small_numbers(folder: Path) -> Iterator[Reader]:
    """With limits that a few papers reach."""
    reader = Reader()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading.extract, "load", lambda name: reader)
        patch.setattr(reading.extract, "fingerprint", lambda name: reader.fingerprint)
        patch.setattr(pipeline.link, "PACKAGED", folder / "vocabulary.csv")
        patch.setattr(candidates, "MAX_BLOCK", 3)
        patch.setattr(senses, "MIN_PAPERS", 1)
        patch.setattr(linker, "MIN_PAPERS", 1)
        patch.setattr(senses, "SURE", 0.4)
        patch.setattr(abbreviations, "DOMINANT", 0.8)
        yield reader


def build(folder: Path, output: str, corpus: Corpus, curated: bool) -> None:
    lines = []
    for id_, chosen in corpus.items():
        found = ["|".join((*ITEMS[i % len(ITEMS)], f"{1 - i / 1000:.3f}")) for i in chosen]
        lines.append(json.dumps({"id": id_, "title": f"Paper {id_}", "abstract": "\n".join(found)}))
    source = folder / "papers.jsonl"
    source.write_text("\n".join(lines))
    curation = folder / "curation.jsonl" if curated else None
    pipeline.build(Config(sources=(source,), output=folder / output, curation=curation, exports=("none",)))


def content(path: Path) -> dict[str, list[Any]]:
    """All rows of all tables, but for what says which files were written."""
    with Store.open(path, readonly=True) as store:
        names = [name for (name,) in store.query("SELECT name FROM sqlite_master WHERE type = 'table'")]
        tables = {name: list(store.query(f"SELECT * FROM {name}")) for name in names if "search_" not in name}
    tables["meta"] = [row for row in tables["meta"] if row[0] not in ("published", "files")]
    return {name: sorted(rows) for name, rows in tables.items()}


PAPERS = st.sampled_from([f"p{number}" for number in range(8)] + ["p1#char=0,3", "p 1"])
CHOSEN = st.lists(st.integers(0, len(ITEMS) - 1), max_size=8).map(tuple)
CORPORA = st.dictionaries(PAPERS, CHOSEN, min_size=1, max_size=10)
EDITS = st.lists(st.dictionaries(PAPERS, CHOSEN | st.none(), min_size=1, max_size=2), min_size=1, max_size=4)


# What `ZQX` nearly always stands for comes to be so, and no longer is, in papers that don't use the long names.
FLIP: Corpus = {"p0": (41,), "p1": (42,), "p2": (43,), "p3": (37,), "p4": (37,)}
FLIPS: list[dict[str, tuple[int, ...] | None]] = [
    {"p5": (37,), "p6": (38,)},
    {"p7": (37,), "p 1": (38,)},
    {"p5": (39,), "p6": (39,)},
]


@settings(max_examples=25)
@example(corpus=FLIP, edits=FLIPS[:1], curated=False)
@example(corpus=FLIP, edits=FLIPS[:2], curated=True)
@example(corpus=FLIP, edits=FLIPS, curated=False)
@given(corpus=CORPORA, edits=EDITS, curated=st.booleans())
def test_any_edits_end_as_a_build_from_nothing(folder, corpus, edits, curated):
    with small_numbers(folder):
        for output in ("grown", "whole"):
            (folder / output / FILE_NAME).unlink(missing_ok=True)
        build(folder, "grown", corpus, curated)
        for edit in edits:
            changed = corpus | edit
            corpus = {id_: chosen for id_, chosen in changed.items() if chosen is not None} or corpus
            build(folder, "grown", corpus, curated)
        build(folder, "whole", corpus, curated)
        grown, whole = content(folder / "grown" / FILE_NAME), content(folder / "whole" / FILE_NAME)
        assert grown.keys() == whole.keys()
        for name in whole:
            assert grown[name] == whole[name], name


SOME: Corpus = {
    "p0": (0, 4, 20),
    "p1": (1, 5),
    "p2": (8, 13),
    "p3": (13, 14),
    "p4": (21, 22, 19),
    "p5": (36, 30),
}


def log_writes(path: Path) -> None:
    """Let the store itself note which rows of what readers see are written."""
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE written (name, key)")
        for table, key in (("concepts", "id"), ("links", "mention_id"), ("statements", "paper_id")):
            for event, row in (("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD")):
                connection.execute(
                    f"CREATE TRIGGER {table}_{event} AFTER {event} ON {table}"
                    f" BEGIN INSERT INTO written VALUES ('{table}', {row}.{key}); END"
                )
    connection.close()


def test_only_what_a_new_paper_touches_is_written(folder):
    with small_numbers(folder) as reader:
        build(folder, "touched", SOME, curated=True)
        log_writes(folder / "touched" / FILE_NAME)
        (folder / "touched" / ROOM / "seal.json").unlink()  # it was changed by another program than ours
        reader.seen.clear()
        build(folder, "touched", SOME | {"p6": (13, 23)}, curated=True)
    with Store.open(folder / "touched" / FILE_NAME, readonly=True) as store:
        written = set(store.query("SELECT * FROM written"))
    assert reader.seen == ["p6"]
    assert {key for name, key in written if name == "concepts"} == {"method-adam"}
    assert {key.partition("#")[0] for name, key in written if name == "links"} == {"p6"}
    assert {key for name, key in written if name == "statements"} == {"p6"}


@pytest.mark.parametrize("step", ["recount", "propose", "write_links", "_assemble"])
def test_a_build_stopped_while_linking_is_made_good_by_the_next(folder, monkeypatch, step):
    grown = SOME | {"p1": (2, 9), "p6": (3, 15, 31)}
    with small_numbers(folder):
        for output in ("stopped", "straight"):
            (folder / output / FILE_NAME).unlink(missing_ok=True)
        build(folder, "stopped", SOME, curated=True)
        owner = {"recount": Names, "propose": proposals, "write_links": linker, "_assemble": pipeline}[step]
        done = getattr(owner, step)

        def stop(*arguments: Any, **options: Any) -> None:
            done(*arguments, **options)
            raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr(owner, step, stop)
            with pytest.raises(KeyboardInterrupt):
                build(folder, "stopped", grown, curated=True)
        build(folder, "stopped", grown, curated=True)
        build(folder, "straight", grown, curated=True)
    assert content(folder / "stopped" / FILE_NAME) == content(folder / "straight" / FILE_NAME)


def test_ambiguous_abbreviations_are_decided_paper_by_paper_in_these_tests(folder):
    corpus = {f"p{n}": (8, 13) for n in range(4)} | {f"q{n}": (9, 14) for n in range(4)} | {"r": (7, 13)}
    with small_numbers(folder):
        build(folder, "ambiguous", corpus, curated=False)
    with Store.open(folder / "ambiguous" / FILE_NAME, readonly=True) as store:
        assert {row[:2] for row in store.query("SELECT * FROM link_senses")} == {("r", "AR")}
