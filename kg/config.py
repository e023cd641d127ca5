"""`kg.toml`: which papers to read and how, read into one frozen `Config`."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, Final

from kg.errors import ConfigError
from kg.size import bytes_of
from kg.text import shown
from kg.vocab import DEFAULT_BASE

FILE_NAME: Final = "kg.toml"
_LARGEST: Final = 2**20  # characters
# A name of a hundred parts (a.a.a...): tomllib takes time by the square of them
_DEEP = re.compile(r"""(?<![\w."'-])(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){100}""")
_LISTS: Final = {"sources": "papers.txt", "vocabularies": "terms.ttl", "exports": "graph.html"}


@dataclass(frozen=True, slots=True)
class Config:
    """The settings of a build; paths are absolute or relative to the working folder.

    `sources` are files of papers, `output` the folder of the exports and the store, `base_iri` the head of
    every IRI made, `licence` the address of the data's licence, `triple_terms` whether kg.ttl is RDF 1.2,
    `pipeline` the extractor's name or a spaCy pipeline's path, `vocabularies` files besides the package's
    own, `curation` the file of people's decisions, `exports` the files to write, or `all`, or `none`,
    `max_unpacked` the bytes that a packed source may unpack to, written like "2GB".
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
    max_unpacked: int | None = None

    def with_options(self, **options: Any) -> Config:
        """A copy in which the options that are not None or empty replace the file's."""
        return replace(self, **{key: value for key, value in options.items() if value not in (None, ())})


def load(path: Path) -> Config:
    """Read a `kg.toml`; its paths are relative to its own folder.

    Raises ConfigError for a file that can't be read or parsed and for settings that are unknown or of a wrong
    type.
    """
    try:
        text = path.read_text(encoding="utf-8")
        if len(text) > _LARGEST or _DEEP.search(text):
            raise ConfigError(f"{path}: too large or too deep for settings: is it a {FILE_NAME}?")
        raw = tomllib.loads(text)
    except (
        OSError,
        ValueError,
        RecursionError,
    ) as error:  # ValueError: also a number too long, a NUL in a name
        raise ConfigError(
            f"{path}: {shown(error)}: mend the file or make a new one with `kg init`"
        ) from error
    return _checked(raw, path)


def find(folder: Path) -> Config | None:
    """The Config of the folder's `kg.toml`, or None where there is none."""
    path = folder / FILE_NAME
    return load(path) if path.is_file() else None


def _checked(raw: dict[str, Any], path: Path) -> Config:
    known = {field.name for field in fields(Config)}
    if unknown := sorted(set(raw) - known):
        raise ConfigError(
            f"{path}: unknown setting {shown(unknown[0], 40)!r}: known are {', '.join(sorted(known))}"
        )
    return Config(**{key: _value(key, value, path) for key, value in raw.items()})


def _value(key: str, value: Any, path: Path) -> Any:
    if key in _LISTS:
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise ConfigError(f'{path}: {key} must be a list of file names, like ["{_LISTS[key]}"]')
        if key == "exports":
            return tuple(value) or ("none",)
        return tuple(path.parent / item for item in value)
    wanted: type[Any] = bool if key in ("strict", "triple_terms") else str
    if not isinstance(value, wanted) or value == "":
        raise ConfigError(
            f"{path}: {key} must be a {'true or false' if wanted is bool else 'text in quotes'}"
        )
    if key == "base_iri" and not value.startswith(("http://", "https://", "urn:")):
        raise ConfigError(f"{path}: base_iri must begin with http://, https:// or urn:")
    if key == "max_unpacked":
        try:
            return bytes_of(value)
        except ConfigError as error:
            raise ConfigError(f"{path}: max_unpacked = {error}") from error
    return path.parent / value if key in ("output", "curation") else value
