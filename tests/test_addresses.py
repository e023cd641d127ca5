"""The head of all IRIs: what is taken can be read back from RDF, what is refused says why."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.addresses import fault_of, fault_of_base


@pytest.mark.parametrize(
    "base",
    [
        "http://example.org/", "https://example.org/papers/", "https://example.org:8080/a%20b/", "urn:papers:",
        "http://localhost/x#", "http://[::1]:80/", "https://ex.org/data?id=", "https://m\u00fcnchen.example/\u77e5/",
        "http://user@example.org/",
    ],
)  # fmt: skip
def test_addresses_that_may_stand_at_the_head(base):
    assert fault_of_base(base) == ""


@pytest.mark.parametrize(
    ("base", "words"),
    [
        ("", "must begin with http"), ("not an iri", "a blank"), ("papers/", "must begin with"), ("ftp://example.org/", "must begin"),
        ('http://example.org/a b<c>"/', "a blank"), ("http://example.org/\n", "'\\n'"), ("http://example.org/\t", "'\\t'"),
        ("http://example.org/\u202e", "u202e"), ("http://example.org/\u00a0", "xa0"), ("http://example.org/\udcff", "udcff"),
        ("http://example.org/%", "% in it"), ("http://example.org/%zz/", "% in it"), ("http://", "a host"), ("http:///x/", "a host"),
        ("http://ex ample.org/", "a blank"), ("http://example.org:port/", "a host"), ("http://example.org", "a / at its end"),
        ("http://example.org/a[1]/", "a host"), ("http://a#b#c", "a host"), ("urn:", "urn:NAME"), ("urn:papers", "urn:NAME"), ("urn:x y:", "a blank"),
        *((f"http://example.org/{c}", repr(c)[1:-1]) for c in "<>{}|^`\"'"), ("http://example.org/\\", "\\\\"),
    ],
)  # fmt: skip
def test_what_is_refused_says_why(base, words):
    assert words in fault_of_base(base)


@given(st.one_of(
    st.text().map("http://example.org/{}".format), st.text().map("urn:x:{}".format), st.text().map("https://{}/".format),
    st.text(alphabet="ab:/?#[]@%2f.\u00e9\u202e ").map("https://{}".format),
))  # fmt: skip
def test_whatever_is_taken_is_an_iri_to_a_strict_parser(base):
    if not fault_of_base(base):
        for end in ("paper/x", "concept/y%20z", "#"[: "#" not in base]):
            ox.NamedNode(base + end)
            assert (
                next(ox.parse(f"<{base}{end}> a <{base}> .", ox.RdfFormat.TURTLE)).subject.value == base + end
            )


def test_a_licence_is_an_address_without_an_end():
    assert fault_of("https://creativecommons.org/licenses/by/4.0") == ""
    assert fault_of("https://example.org") == ""
