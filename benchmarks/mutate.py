"""Changes of bytes, the same for the same chance: bits flipped, parts cut, doubled, moved, tokens put in,
runs, nesting.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random

LARGEST = 2**19  # bytes of an input: a stall is then more than work for its length
ODD = [
    "\u0000",
    "\ufeff",
    "\u2028",
    "\u202e",
    "\u0301" * 40,
    "\ud7ff",
    "\U0010ffff",
    "\u200d",
    "ß",
    "İ",
    "ﬀ",
    "\x1b[2J",
    "\x85",
]
NUMBERS = [
    "NaN",
    "-Infinity",
    "1e999",
    "9" * 5000,
    "-0",
    "1e-400",
    "0x10",
    "2020.0",
    "1" * 400,
    "1_000",
    "true",
    "null",
]
RUNS = [
    *"([{<\"'`-:,. \n\t\r#@=+\\/|;&%*0Aa",
    "this https URL ",
    "``",
    "''",
    "[1, ",
    "A ",
    "A. ",
    "in ",
    '\\"',
    "\\u0041",
    "\\ud800",
    '"""',
]
NESTS = [
    ("[", "]"),
    ("{", "}"),
    ('{"a":', "}"),
    ('{"@list":', "}"),
    ('{"http://a/b":', "}"),
    ("<<( <a:b> <a:c> ", " )>>"),
    ("[ <a:b> ", "]"),
]
NESTS += [
    ("( ", ")"),
    ("<a:A><a:b>", "</a:b></a:A>"),
    ("{ ", " }"),
    ("(", ")"),
    ("!", ""),
    ("x = [", "]"),
    ("[a.", "]"),
]
TOKENS = {
    "json": [
        '"title":',
        '"id":',
        '"year":',
        '"abstract":',
        '"concepts":',
        '"mentions":',
        "{}",
        "[]",
        '""',
        ",",
        ":",
        "\n",
    ],
    "page": [
        "Read More\n",
        "\n\n",
        "NeurIPS Ada Marrow NeurIPS Ada Marrow\n",
        "arXiv:2210.14986 ",
        '"Title." Where, 2022.',
        "(2022). ",
    ],
    "toml": [
        "[",
        "]",
        "sources = ",
        'base_iri = "',
        "'''",
        '"""',
        "= ",
        "1979-05-27T07:32:00Z",
        "max_unpacked = ",
        "inf",
        "\n",
    ],
    "turtle": [
        "@prefix ",
        "a ",
        "<",
        ">",
        '"',
        "'''",
        "^^",
        "@en",
        " .",
        ";",
        "<<",
        ">>",
        "_:b ",
        "{",
        "}",
        "skos:broader ",
    ],
    "owl": [
        "<!DOCTYPE x>",
        "<![CDATA[",
        "]]>",
        "<!--",
        "&#0;",
        "&lt;",
        "&x;",
        ' xml:lang="',
        ' rdf:about="',
        "</",
        "/>",
        "<?xml?>",
    ],
    "csv": [",", '"', "\n", "\r", "label", "type", "broader", '""', "|", "\r\n"],
    "sparql": [
        "SELECT ",
        "SERVICE ",
        "{",
        "}",
        "FILTER(",
        "$name ",
        "?x ",
        "UNION ",
        "\\u0053",
        "'''",
        "#",
        "<",
        "VALUES ",
        "BIND(",
    ],
}


def mutated(seed: bytes, tokens: list[str], chance: random.Random) -> bytes:
    """A seed with one to eight changes, of at most LARGEST bytes."""
    data = seed
    for _ in range(chance.choice((1, 1, 2, 3, 8))):
        data = chance.choice(CHANGES)(data, tokens, chance)[:LARGEST]
    return data


def _cut(data: bytes, chance: random.Random) -> tuple[int, int]:
    begin = chance.randint(0, len(data))
    return begin, min(len(data), begin + chance.choice((0, 1, 4, 30, len(data))))


def _flip(data: bytes, tokens: list[str], chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 8)) if data else 0):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _drop(data: bytes, tokens: list[str], chance: random.Random) -> bytes:
    begin, end = _cut(data, chance)
    return data[:begin] + data[end:]


def _double(data: bytes, tokens: list[str], chance: random.Random) -> bytes:
    begin, end = _cut(data, chance)
    return data[:end] + data[begin:end] * chance.choice((1, 2, 20)) + data[end:]


def _move(data: bytes, tokens: list[str], chance: random.Random) -> bytes:
    begin, end = _cut(data, chance)
    place = chance.randint(0, len(data))
    return data[:place] + data[begin:end] + data[place:]


def _token(data: bytes, tokens: list[str], chance: random.Random) -> bytes:
    begin, end = _cut(data, chance)
    piece = chance.choice(chance.choice((tokens, ODD, NUMBERS)))
    return data[:begin] + piece.encode("utf-8", "surrogatepass") + data[chance.choice((begin, end)) :]


def _run(data: bytes, tokens: list[str], chance: random.Random) -> bytes:
    begin, _ = _cut(data, chance)
    piece = chance.choice((*RUNS, *tokens, *ODD)) + chance.choice(("", "", *RUNS))
    length = chance.choice((100, 3000, 32_000))
    return data[:begin] + (piece * (length // len(piece) + 1)).encode("utf-8", "surrogatepass") + data[begin:]


def _nest(data: bytes, tokens: list[str], chance: random.Random) -> bytes:
    begin, end = _cut(data, chance)
    opening, closing = chance.choice(NESTS)
    depth = chance.choice((3, 99, 101, 1001, 20_000))
    closed = chance.choice((depth, depth, 0))
    return data[:begin] + opening.encode() * depth + data[begin:end] + closing.encode() * closed + data[end:]


CHANGES = (_flip, _flip, _drop, _double, _move, _token, _token, _run, _nest)
