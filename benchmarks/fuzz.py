"""What readers make of damaged and hostile input: `python benchmarks/fuzz.py --inputs 20000 [READER ...]`.

Small seeds are mutated, the same way in every run (bits flipped, parts cut, doubled and spliced, tokens put
in, nesting, long runs, odd characters, huge numbers), and given to each reader. A reader may take an input or
refuse it with an error of ours; anything else is a traceback, and the input is kept in the folder --keep. A
stall is an input that takes a second of CPU time more than ten times the median.
"""

from __future__ import annotations

import argparse
import gzip
import json
import lzma
import random
import resource
import statistics
import sys
import tempfile
import time
import traceback
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import zstandard
from mutate import TOKENS, mutated

from kg import config, evaluate
from kg.errors import PaperKgError
from kg.ingest import read_papers
from kg.link.curation import load_judgements
from kg.link.reading import read_entries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Read = Callable[[Path], object]

ROOT = Path(__file__).parent.parent
TOY = ROOT / "tests" / "toy"


@dataclass
class Target:
    """A reader: seeds, its tokens, the endings of its files, how it reads, how its input is packed."""

    seeds: list[bytes]
    tokens: list[str]
    endings: tuple[str, ...]
    read: Read
    pack: Callable[[bytes, random.Random], bytes] | None = None


@dataclass
class Tally:
    seconds: list[float] = field(default_factory=list)
    accepted: int = 0
    refused: int = 0
    tracebacks: list[str] = field(default_factory=list)
    slow: list[tuple[float, int]] = field(default_factory=list)


def targets() -> dict[str, Target]:
    papers = (TOY / "papers.jsonl").read_bytes()
    gold = (TOY / "gold.jsonl").read_bytes().splitlines(keepends=True)
    vocabulary = (TOY / "vocabulary.ttl").read_bytes()
    page = (ROOT / "data" / "eleutherai-papers.txt").read_bytes()
    entries = page.split(b"Read More\n")
    jsonl = [papers, *papers.splitlines(keepends=True)]
    return {
        "jsonl": Target(jsonl, TOKENS["json"], (".jsonl",), lambda path: read_papers([path], format="jsonl")),
        "page": Target(
            [(TOY / "page.txt").read_bytes(), *(entry + b"Read More\n" for entry in entries)],
            TOKENS["page"],
            (".txt",),
            lambda path: read_papers([path], format="page"),
        ),
        "packed": Target([papers], [], (".gz",), lambda path: read_papers([path], format="jsonl"), _packed),
        "curation": Target(
            [(ROOT / "data" / "curation.jsonl").read_bytes(), *_decisions()],
            TOKENS["json"],
            (".jsonl",),
            load_judgements,
        ),
        "toml": Target([(ROOT / "kg.toml").read_bytes(), TOML], TOKENS["toml"], (".toml",), config.load),
        "turtle": Target(
            [vocabulary, *_rdf(vocabulary, "TRIG", "N_TRIPLES")],
            TOKENS["turtle"],
            (".ttl", ".trig", ".n3", ".nt", ".nq"),
            read_entries,
        ),
        "jsonld": Target(
            [*_rdf(vocabulary, "JSON_LD"), JSON_LD],
            [*TOKENS["json"], '"@context":', '"@list":', '"@id":'],
            (".jsonld",),
            read_entries,
        ),
        "owl": Target(
            [*_rdf(vocabulary, "RDF_XML"), OWL], TOKENS["owl"], (".owl", ".rdf", ".xml"), read_entries
        ),
        "csv": Target([CSV], TOKENS["csv"], (".csv",), read_entries),
        "evaluate": Target(gold, TOKENS["json"], (".jsonl",), _evaluated),
        "sparql": Target(_queries(), TOKENS["sparql"], (".rq",), _asked),
    }


TOML = b"""sources = ["a.jsonl", "b.txt"]\noutput = "out"\ntitle = "Papers"\nbase_iri = "https://a.test/"
vocabularies = ["v.ttl"]\ncuration = "c.jsonl"\nexports = ["kg.ttl"]\nstrict = true\nmax_unpacked = "2GB"\n"""
CSV = b"""label,altLabels,broader,type,uri\nRoPE,"rotary embedding; ""rotary""|RPE",PE,method,https://v.test/rope
PE,,,,\n"a, b",x|y,RoPE|PE,Task,\n"""
OWL = b"""<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:owl="http://www.w3.org/2002/07/owl#"
 xmlns:rdfs="http://www.w3.org/2000/01/rdf-schema#" xmlns:a="urn:a:" xml:base="https://x.test/">
<owl:Class rdf:about="#A"><rdfs:label xml:lang="en">A &amp; B</rdfs:label>
<rdfs:subClassOf rdf:resource="#B"/></owl:Class>
<owl:Class rdf:about="#B"><rdfs:label><![CDATA[B]]></rdfs:label>
<a:b rdf:parseType="Collection"><a:A/></a:b></owl:Class>
</rdf:RDF>\n"""
JSON_LD = b"""{"@context": {"skos": "http://www.w3.org/2004/02/skos/core#",
"label": {"@id": "skos:prefLabel", "@language": "en"}},
"@graph": [{"@id": "https://v.test/a", "@type": "skos:Concept", "label": "A", "skos:broader": {"@id": "https://v.test/b",
"@type": "skos:Concept", "label": ["B"]}}, {"@id": "_:x", "skos:note": {"@list": [1, 2.5, true, null]}}]}"""


def _decisions() -> list[bytes]:
    said = [
        {"verdict": "same", "left": "GPT-NeoX-20B", "right": "GPT-NeoX", "by": "Ada", "at": "2026-02-01"},
        {"verdict": "block", "left": "results", "why": "no name"},
        {"verdict": "retype", "left": "Pile", "right": "Dataset"},
        {"verdict": "broader", "left": "YaRN", "right": "RoPE"},
    ]
    return ["".join(json.dumps(each) + "\n" for each in said).encode()]


def _rdf(turtle: bytes, *formats: str) -> list[bytes]:
    import pyoxigraph

    triples = [quad.triple for quad in pyoxigraph.parse(turtle, pyoxigraph.RdfFormat.TURTLE)]
    made = [pyoxigraph.serialize(triples, format=getattr(pyoxigraph.RdfFormat, name)) for name in formats]
    return [each for each in made if each]


def _queries() -> list[bytes]:
    named = sorted((ROOT / "kg" / "rdf").rglob("*.rq"))
    return [path.read_bytes() for path in named] + [
        b"SELECT ?s WHERE { ?s ?p $given . FILTER(?s != <a:b>) # x\n} LIMIT 3"
    ]


def _packed(data: bytes, chance: random.Random) -> bytes:
    packs = (gzip.compress, lzma.compress, zstandard.ZstdCompressor(write_checksum=True).compress)
    pack = chance.choice(packs)
    return (
        pack(data) if chance.random() < 0.7 else pack(data[: len(data) // 2]) + pack(data[len(data) // 2 :])
    )


def _evaluated(path: Path) -> object:
    gold = evaluate.read(TOY / "gold.jsonl")
    found = evaluate.read(path)
    return evaluate.evaluate(gold, found), evaluate.evaluate(found, gold), evaluate.evaluate(found, found)


def _asked(path: Path) -> object:
    """The query's check, its parameters' values, and the engine's complaints as one line; nothing is run: the
    engine has a process of its own, which deep nesting ends.
    """
    from kg.rdf import guard, named, parameters
    from kg.rdf.terms import Iri

    text = path.read_bytes().decode("utf-8", "replace")
    for kind in named.KINDS:
        with suppress(PaperKgError):
            parameters.prepare(f"ASK {{ ?s ?p ${kind} }}", {kind: text[-30:]}, lambda query: [Iri("urn:a")])
    guard.check(text, frozenset())
    known = {parameter.name: "2020" for parameter in named.read("the query", text).parameters}
    values = known | {"given": text[-200:]}
    bound = parameters.prepare(text, values, lambda query: [Iri("urn:a")])
    line, column = bound.count("\n", 0, len(bound) // 2) + 1, len(bound) % 90
    for said in (
        f"error at {line}:{column}: expected one of '.', \"}}\"",
        f"error at {line}:{column}: {text[-300:]}",
        text,
    ):
        _refused(guard.syntax_error(bound, said))
    return bound


def _refused(error: PaperKgError) -> None:
    if "\n" in str(error) or len(str(error)) > 2000:
        raise ValueError(f"a message of {len(str(error))} characters")


def run(name: str, target: Target, inputs: int, seed: int, keep: Path) -> Tally:
    tally = Tally()
    with tempfile.TemporaryDirectory() as folder:
        for number in range(inputs):
            chance = random.Random(f"{seed} {name} {number}")
            data = _input(target, chance)
            path = Path(folder) / f"input{chance.choice(target.endings)}"
            path.write_bytes(data)
            before = _cpu()
            _try(target.read, path, tally, number)
            tally.seconds.append(_cpu() - before)
            tally.slow.append((tally.seconds[-1], number))
            if tally.tracebacks and tally.tracebacks[-1].startswith(f"{number}: "):
                (keep / f"{name}-{number}{path.suffix}").write_bytes(data)
    return tally


def _input(target: Target, chance: random.Random) -> bytes:
    seed = chance.choice(target.seeds)
    if target.pack is None:
        return mutated(seed, target.tokens, chance)
    packed = target.pack(seed if chance.random() < 0.8 else mutated(seed, TOKENS["json"], chance), chance)
    return mutated(packed, target.tokens or ["\x1f\x8b"], chance)


def _cpu() -> float:
    """Seconds of CPU time of this process and of those that it started and that ended."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def _try(read: Read, path: Path, tally: Tally, number: int) -> None:
    try:
        read(path)
        tally.accepted += 1
    except PaperKgError as error:
        said = str(error)
        if "\n" in said or len(said) > 2000:
            tally.tracebacks.append(f"{number}: a message of {len(said)} characters: {said[:200]!r}")
        tally.refused += 1
    except BaseException as error:  # what is looked for
        if isinstance(error, KeyboardInterrupt):
            raise
        where = traceback.extract_tb(error.__traceback__)[-1]
        tally.tracebacks.append(
            f"{number}: {type(error).__name__}: {str(error)[:120]!r} at {where.filename}:{where.lineno}"
        )


def main(arguments: Iterable[str]) -> int:
    every = targets()
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("readers", nargs="*", choices=[[], *every], default=[], help="which; all by default")
    parser.add_argument("--inputs", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, default=Path("fuzz"), help="where failing inputs are kept")
    options = parser.parse_args([*arguments])
    options.keep.mkdir(parents=True, exist_ok=True)
    print("| reader | inputs | taken | refused | tracebacks | stalls | median ms | largest ms |")
    print("|---|---|---|---|---|---|---|---|")
    failures = 0
    for name in options.readers or every:
        tally = run(name, every[name], options.inputs, options.seed, options.keep)
        median, largest = statistics.median(tally.seconds), max(tally.seconds)
        stalls = [number for seconds, number in tally.slow if seconds > 10 * median + 1]
        figures = (options.inputs, tally.accepted, tally.refused, len(tally.tracebacks), len(stalls))
        print(
            f"| {name} | {' | '.join(map(str, figures))} | {median * 1e3:.2f} | {largest * 1e3:.0f} |",
            flush=True,
        )
        for line in [*tally.tracebacks[:20], *(f"stall: {number}" for number in stalls[:20])]:
            print(f"  {line}", file=sys.stderr, flush=True)
        failures += len(tally.tracebacks) + len(stalls)
    return min(failures, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
