"""`kg.toml`: which papers to read and how, read into one frozen `Config`."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, Final

from kg.addresses import SCHEMES, fault_of, fault_of_base
from kg.errors import ConfigError
from kg.size import bytes_of
from kg.text import shown
from kg.vocab import DEFAULT_BASE

FILE_NAME: Final = "kg.toml"
_LARGEST: Final = 2**20  # characters
# A name of a hundred parts (a.a.a...): tomllib takes time by the square of them
_DEEP = re.compile(r"""(?<![\w."'-])(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){100}""")
_LISTS: Final = {"sources": "papers.txt", "vocabularies": "terms.ttl", "exports": "graph.html"}
_OTHERS: Final[dict[str, tuple[type[Any], str]]] = {
    "strict": (bool, "true or false"),
    "triple_terms": (bool, "true or false"),
    "jobs": (int, "a whole number, 0 for as many as fit"),
}


@dataclass(frozen=True, slots=True)
class Config:
    """The settings of a build; paths are absolute or relative to the working folder.

    `sources` are files of papers, `output` the folder of the exports and the store, `base_iri` the head of
    every IRI made, `licence` the address of the data's licence, `triple_terms` whether kg.ttl is RDF 1.2,
    `pipeline` the extractor's name or a spaCy pipeline's path, `vocabularies` files besides the package's
    own, `curation` the file of people's decisions, `exports` the files to write, or `all`, or `none`, `jobs`
    the most processes that read papers, 0 for as many as processors and memory allow, `max_unpacked` the
    bytes that a packed source may unpack to, written like "2GB". Raises ConfigError for what can't be meant.
    """

    sources: tuple[Path, ...] = ()
    output: Path = Path("exports")
    title: str = "Papers"
    base_iri: str = DEFAULT_BASE
    licence: str = ""
    triple_terms: bool = False
    pipeline: str = "default"
    vocabularies: tuple[Path, ...] = ()
    curation: Path | None = None
    strict: bool = False
    exports: tuple[str, ...] = ("all",)
    jobs: int = 0
    max_unpacked: int | None = None

    def __post_init__(self) -> None:
        faults = {
            "base_iri": fault_of_base(self.base_iri),
            "licence": _fault_of_licence(self.licence),
            "jobs": "" if self.jobs >= 0 else "a whole number, 0 for as many as fit",
            "pipeline": "" if self.pipeline else "give default, rules, or a spaCy pipeline's folder",
        }
        for name, fault in faults.items():
            if fault:
                raise ConfigError(f"{name} {shown(repr(getattr(self, name)), 100)}: {fault}")
        paths = (*self.sources, self.output, *self.vocabularies, self.curation, self.pipeline)
        if wrong := next((str(path) for path in paths if "\0" in str(path)), ""):
            raise ConfigError(
                f"{shown(repr(wrong), 100)}: no file can be called so: take out the NUL character"
            )

    def with_options(self, **options: Any) -> Config:
        """A copy in which the options that are not None or empty replace the file's."""
        return replace(self, **{key: value for key, value in options.items() if value not in (None, ())})


def load(path: Path) -> Config:
    """Read a `kg.toml`; its paths are relative to its own folder.

    Raises ConfigError for a file that can't be read or parsed and for settings that are unknown, of a wrong
    type, or can't be meant.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ConfigError(f"{path}: can't be read ({error.strerror}): move it away or mend it") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: {error}: save it in UTF-8") from error
    if len(text) > _LARGEST or _DEEP.search(text):
        raise ConfigError(f"{path}: too large or too deep for settings: is it a {FILE_NAME}?")
    try:
        raw = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # tomllib's own, and of endless numbers
        raise ConfigError(
            f"{path}: {shown(error)}: mend the file or make a new one with `kg init`"
        ) from error
    try:
        return _checked(raw, path)
    except ConfigError as error:
        raise ConfigError(f"{path}: {error}") from error


def find(folder: Path) -> Config | None:
    """The Config of the folder's `kg.toml`, or None where there is none."""
    path = folder / FILE_NAME
    return load(path) if path.is_file() or path.is_dir() else None


def _checked(raw: dict[str, Any], path: Path) -> Config:
    known = {field.name for field in fields(Config)}
    if unknown := sorted(set(raw) - known):
        raise ConfigError(
            f"unknown setting {shown(repr(unknown[0]), 100)}: known are {', '.join(sorted(known))}"
        )
    return Config(**{key: _value(key, value, path.parent) for key, value in raw.items()})


def _value(key: str, value: Any, folder: Path) -> Any:
    if key in _LISTS:
        if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
            raise ConfigError(f'{key} must be a list of file names, like ["{_LISTS[key]}"]')
        if key == "exports":
            return tuple(value) or ("none",)
        return tuple(folder / item for item in value)
    wanted, words = _OTHERS.get(key, (str, "text in quotes"))
    if type(value) is not wanted or value == "":  # not isinstance: true is an int
        raise ConfigError(f"{key} must be {words}")
    if key == "max_unpacked":
        return _size(value)
    return folder / value if key in ("output", "curation") else value


def _size(value: str) -> int:
    try:
        return bytes_of(value)
    except ConfigError as error:
        raise ConfigError(f"max_unpacked = {error}") from error


def _fault_of_licence(licence: str) -> str:
    """What is wrong with an address of the web; a licence may be given by its name too."""
    if licence.startswith(SCHEMES) or "://" in licence:
        return fault_of(licence)
    return "" if licence.isprintable() else "give an address, or a name of printable characters"
