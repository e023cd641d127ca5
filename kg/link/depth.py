"""How deep a vocabulary file is nested, told before it is parsed: parsers take time and memory by the square
of the depth, or end the whole process.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from xml.parsers import expat

from kg.errors import VocabularyError

if TYPE_CHECKING:
    from collections.abc import Iterable

XML: Final = (".owl", ".rdf", ".xml")
MAX_DEPTH: Final = 100  # brackets; a hierarchy written as nested objects has ten or twenty
MAX_ELEMENTS: Final = 1000  # elements of RDF/XML, where a list may be written as a chain of elements
_JSON = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[\[{]|[\]}]', re.DOTALL)
_TURTLE = re.compile(
    r'#[^\n]*|"""(?:[^"\\]++|\\.|"(?!""))*+(?:""")?|\'\'\'(?:[^\'\\]++|\\.|\'(?!\'\'))*+(?:\'\'\')?'
    r'|"(?:[^"\\\n]++|\\.)*+"?|\'(?:[^\'\\\n]++|\\.)*+\'?|\\.|<[^\s<>"{}|^`\\]*+>|<<|>>|[\[({]|[\])}]',
    re.DOTALL,
)
_OPEN: Final = frozenset({"[", "(", "{", "<<"})
_CLOSE: Final = frozenset({"]", ")", "}", ">>"})


def refuse_depth(text: str, suffix: str, where: str) -> None:
    """Raise VocabularyError where a document is nested too deep to be parsed."""
    if suffix in XML:
        _refuse_elements(text, where)
    elif max(map(text.count, _OPEN)) * len(_OPEN) > MAX_DEPTH:
        tokens = (match[0] for match in (_JSON if suffix == ".jsonld" else _TURTLE).finditer(text))
        if _deepest(tokens) > MAX_DEPTH:
            raise VocabularyError(f"{where}: brackets nested over {MAX_DEPTH} deep: write it flat")


def _deepest(tokens: Iterable[str]) -> int:
    """The most brackets that are open at once, up to just over the limit."""
    depth = deepest = 0
    for token in tokens:
        if token in _OPEN:
            depth += 1
            deepest = max(deepest, depth)
            if deepest > MAX_DEPTH:
                break
        elif token in _CLOSE:
            depth = max(0, depth - 1)
    return deepest


def _refuse_elements(text: str, where: str) -> None:
    """Step through the elements with expat, which is given no document type and opens nothing."""
    depth = 0

    def begin(name: str, attributes: object) -> None:
        nonlocal depth
        depth += 1
        if depth > MAX_ELEMENTS:
            raise VocabularyError(f"{where}: elements nested over {MAX_ELEMENTS} deep: write it flat")

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1

    def refuse(*_: object) -> None:
        raise VocabularyError(f"{where}: has a DOCTYPE, which is refused: save it as Turtle (.ttl)")

    parser = expat.ParserCreate("utf-8")
    parser.StartElementHandler, parser.EndElementHandler = begin, end
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(text.encode(), True)
    except expat.ExpatError as error:
        reason = expat.ErrorString(error.code)
        raise VocabularyError(f"{where}:{error.lineno}: no XML ({reason}): mend it there") from error
