"""The exports as an Oxigraph store on disk, so that a query needn't parse them.

The store lies in `kg.oxigraph/`, a folder for each state of the exports, named after that state: it is
made beside and moved into place, so that a reader finds a whole one or none. The data is the default graph;
the ontology and what is known of earlier states (`kg:firstSeen`) are graphs of their own.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from kg.errors import QueryError
from kg.ids import digest
from kg.rdf.terms import term
from kg.vocab import ONTOLOGY

if TYPE_CHECKING:
    from collections.abc import Iterable

FOLDER: Final = "kg.oxigraph"
ONTOLOGY_GRAPH: Final = ONTOLOGY.rstrip("#")
BUILDS_GRAPH: Final = f"{ONTOLOGY_GRAPH}/builds"
_FORMATS: Final = {"kg.nt": ox.RdfFormat.N_TRIPLES, "kg.ttl": ox.RdfFormat.TURTLE}
PART: Final = 32_000_000  # bytes of N-Triples loaded at once
_LAYOUT: Final = 1  # of this store; a change of it makes the stores of others stale
_A: Final = ox.NamedNode(term("rdf:type"))
_BUILD: Final = ox.NamedNode(term("kg:Build"))
_NUMBER: Final = ox.NamedNode(term("kg:buildNumber"))
_SEEN: Final = ox.NamedNode(term("kg:firstSeen"))
_BUILDS: Final = ox.NamedNode(BUILDS_GRAPH)
_MEMBERS: Final = tuple(ox.NamedNode(term(name)) for name in ("fabio:ResearchPaper", "skos:Concept"))


def export_file(folder: Path) -> Path:
    """The file that is loaded: N-Triples where it is there, else Turtle. Raises QueryError without either."""
    for name in _FORMATS:
        if (folder / name).is_file():
            return folder / name
    raise QueryError(
        f"{folder}: no kg.nt or kg.ttl here: run `kg build` with one of them among its exports,"
        " or name its folder with -o"
    )


def state(folder: Path) -> str:
    """A name for the present state of the exports; changes when they are written anew."""
    file = export_file(folder)
    facts = file.stat()
    return digest(_LAYOUT, ox.__version__, file.name, facts.st_size, facts.st_mtime_ns, _ontology())


def open_store(folder: Path) -> ox.Store:
    """The store of the present exports, made first where there is none; never written to.

    In a folder that can't be written, it is made in memory. Raises QueryError for exports that can't be read.
    """
    wanted = folder / FOLDER / state(folder)
    if not wanted.is_dir():
        try:
            _make(folder, wanted)
        except PermissionError:
            return _load(ox.Store(), folder, None)
    return ox.Store.read_only(str(wanted))


def _make(folder: Path, wanted: Path) -> None:
    wanted.parent.mkdir(exist_ok=True)
    earlier = _latest(wanted.parent)
    new = Path(tempfile.mkdtemp(prefix=".new-", dir=wanted.parent))
    try:
        store = _load(ox.Store(str(new)), folder, earlier)
        store.flush()
        del store
        with contextlib.suppress(FileExistsError, NotADirectoryError):
            _move(new, wanted)
    finally:
        shutil.rmtree(new, ignore_errors=True)
    _forget(wanted.parent, keep={wanted, earlier})


def _move(new: Path, wanted: Path) -> None:
    """Into place, unless another process was first: a folder isn't replaced by a rename."""
    try:
        new.rename(wanted)
    except OSError as error:
        if not wanted.is_dir():
            raise QueryError(f"{wanted}: {error.strerror}: make room or move the exports") from error


def _latest(parent: Path) -> Path | None:
    found = [entry for entry in parent.iterdir() if entry.is_dir() and not entry.name.startswith(".")]
    return max(found, key=lambda entry: (entry.stat().st_mtime_ns, entry.name), default=None)


def _forget(parent: Path, keep: set[Path | None]) -> None:
    """Remove what is neither the present state nor the last, which a running server may still read."""
    for entry in parent.iterdir():
        if entry not in keep and not entry.name.startswith("."):
            shutil.rmtree(entry, ignore_errors=True)


def _load(store: ox.Store, folder: Path, earlier: Path | None) -> ox.Store:
    file = export_file(folder)
    try:
        _load_file(store, file)
    except (SyntaxError, ValueError, OSError) as error:
        raise QueryError(f"{file}: {' '.join(str(error).split())}: run `kg build` again") from error
    graph = ox.NamedNode(ONTOLOGY_GRAPH)
    store.bulk_load(input=_ontology(), format=ox.RdfFormat.TURTLE, to_graph=graph)
    store.bulk_extend(_builds(store, ox.Store.read_only(str(earlier)) if earlier else None, state(folder)))
    return store


def _load_file(store: ox.Store, file: Path) -> None:
    """Load in parts where lines are triples: until its end, a load keeps a kilobyte a triple in memory."""
    if file.name != "kg.nt":
        store.bulk_load(path=os.fspath(file), format=_FORMATS[file.name], lenient=True)
        return
    with file.open("rb") as lines:
        while part := lines.readlines(PART):
            store.bulk_load(input=b"".join(part), format=_FORMATS[file.name], lenient=True)
    if file.stat().st_size > PART:
        store.optimize()  # each part left sorted files of its own


def _builds(store: ox.Store, earlier: ox.Store | None, name: str) -> Iterable[ox.Quad]:
    """What was known of earlier builds, this one, and what is in it for the first time."""
    known = list(earlier.quads_for_pattern(None, None, None, _BUILDS)) if earlier else []
    build = ox.NamedNode(f"{ONTOLOGY_GRAPH}/build/{name}")
    number = 1 + sum(quad.predicate == _NUMBER for quad in known)
    yield from known
    yield ox.Quad(build, _A, _BUILD, _BUILDS)
    yield ox.Quad(build, _NUMBER, ox.Literal(number), _BUILDS)
    if earlier is None:
        return
    noted = {quad.subject for quad in known if quad.predicate == _SEEN}
    for kind in _MEMBERS:
        for quad in store.quads_for_pattern(None, _A, kind, ox.DefaultGraph()):
            if quad.subject not in noted and ox.Quad(quad.subject, _A, kind) not in earlier:
                yield ox.Quad(quad.subject, _SEEN, build, _BUILDS)


def _ontology() -> str:
    return files("kg.rdf").joinpath("ontology.ttl").read_text(encoding="utf-8")
