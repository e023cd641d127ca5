"""Queries whose strings don't end: they took minutes when every quote was tried as a beginning."""

from __future__ import annotations

import subprocess
import sys

import pytest

from kg.rdf.guard import syntax_error
from kg.rdf.parameters import bind

CODE = (
    "import sys; from kg.rdf import guard, parameters\n"
    "for sign in ('\\\\\\'', '\\\\\"', '\\\\\"\"\"', \"\\\\'''\", '\"\"\"', '\" ', \"' \"):\n"
    "    text = 'SELECT * { ?s ?p ' + sign * (600_000 // len(sign))\n"
    "    guard.check(text, frozenset()); parameters.bind(text, {'x': 'y'})\n"
)


def test_open_strings_are_stepped_over_once():
    subprocess.run([sys.executable, "-c", CODE], timeout=60, check=True)


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("""'$x' $x "$x" ""\"a $x "b" ""\" $x""", """'$x' <a:b> "$x" ""\"a $x "b" ""\" <a:b>"""),
        ("'''$x ' '' ''' $x # $x\n$x <a#$x> $x", "'''$x ' '' ''' <a:b> # $x\n<a:b> <a#$x> <a:b>"),
        ("""\"\\\"$x\" $x '\\'$x' $x""", """\"\\\"$x\" <a:b> '\\'$x' <a:b>"""),
    ],
)
def test_a_parameter_within_a_string_is_text(text, bound):
    assert bind(text, {"x": "<a:b>"}) == bound


def test_complaints_are_short():
    assert len(str(syntax_error("SEL" + "9" * 5000, "x"))) < 200
    assert str(syntax_error("SELECT", "\x1b[2J" * 1000)).isprintable()
