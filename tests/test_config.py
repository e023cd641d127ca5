"""kg.toml: read strictly, errors in one line."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg import config
from kg.errors import ConfigError


def test_paths_are_relative_to_the_file(tmp_path):
    (tmp_path / "kg.toml").write_text('sources = ["a.txt"]\noutput = "out"\ntitle = "T"\nstrict = true\n')
    found = config.find(tmp_path)
    assert found is not None
    assert found.sources == (tmp_path / "a.txt",)
    assert found.output == tmp_path / "out"
    assert (found.title, found.strict) == ("T", True)
    assert config.find(tmp_path / "none") is None


@pytest.mark.parametrize(
    ("text", "exports"), [("", ("all",)), ("exports = []", ("none",)), ('exports = ["kg.ttl"]', ("kg.ttl",))]
)
def test_exports_are_all_or_those_that_are_named(tmp_path, text, exports):
    (tmp_path / "kg.toml").write_text(text)
    assert config.load(tmp_path / "kg.toml").exports == exports


def test_the_bundled_settings_read_the_bundled_page(root):
    found = config.find(root)
    assert found is not None
    assert [path.name for path in found.sources] == ["eleutherai-papers.txt"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('source = ["a"]', "unknown setting 'source'"),
        ('sources = "a"', "list of file names"),
        ("sources = [1]", "list of file names"),
        ('exports = "kg.ttl"', 'list of file names, like ."graph.html".'),
        ("title = 3", "text in quotes"),
        ('strict = "yes"', "true or false"),
        ('base_iri = "x y"', "base_iri 'x y': a blank"),
        ('base_iri = "http://example.org"', "add a / at its end"),
        ('licence = "https://example.org/a b"', "licence .*a blank"),
        ('licence = "CC\\u0007"', "printable"),
        ('jobs = "2"', "jobs must be a whole number"),
        ("jobs = true", "jobs must be a whole number"),
        ("jobs = -1", "jobs -1: a whole number"),
        ('pipeline = ""', "pipeline must be text"),
        ('sources = ["a\\u0000b"]', "NUL"),
        ('output = "\\u0000"', "NUL"),
        ('curation = "\\u0000"', "NUL"),
        ('vocabularies = ["\\u0000"]', "NUL"),
        ('sources = [""]', "list of file names"),
        (f"jobs = {'9' * 5000}", "kg.toml"),
        (f"x = {'[' * 5000}{']' * 5000}", "kg.toml"),
        (f"'{'x' * 5000}' = 1", "unknown setting"),
        ("title = ", "kg.toml"),
        ('title = "\udcff"', "kg.toml"),
    ],
)
def test_a_wrong_setting_is_named_with_its_file(tmp_path, text, words):
    path = tmp_path / "kg.toml"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(ConfigError, match=words) as caught:
        config.load(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 600


def test_the_case_of_the_trial_is_refused(tmp_path):
    (tmp_path / "kg.toml").write_text(
        'sources = ["short.jsonl"]\nbase_iri = "http://example.org/a b<c>\\"/"\n'
    )
    with pytest.raises(ConfigError, match=r"base_iri .*a blank can't stand in it"):
        config.find(tmp_path)


def test_settings_that_are_a_folder_are_told(tmp_path):
    (tmp_path / "kg.toml").mkdir()
    with pytest.raises(ConfigError, match="can't be read"):
        config.find(tmp_path)


def test_the_library_is_held_to_the_same(tmp_path):
    for wrong in (
        {"base_iri": "not an iri"},
        {"licence": "http://a b"},
        {"jobs": -1},
        {"output": Path("\0")},
    ):
        with pytest.raises(ConfigError):
            config.Config(**wrong)
        with pytest.raises(ConfigError):
            config.Config().with_options(**wrong)


def test_a_licence_may_be_a_name():
    assert config.Config(licence="CC BY 4.0").licence == "CC BY 4.0"


def test_options_go_before_the_file():
    base = config.Config(sources=(Path("a"),), title="T")
    assert base.with_options(sources=(), title=None) == base
    assert base.with_options(sources=(Path("b"),), strict=True).sources == (Path("b"),)


@pytest.mark.parametrize(
    "text",
    [
        "x = " + "9" * 5000,
        "x = " + "[" * 100_000,
        '"\x1b[2J" = 1',
        "max_unpacked = 3",
        "a." * 50_000 + "b = 1",
        "x = {" + "'a' . " * 50_000 + "b = 1}",
        "#" * 2**21,
    ],
)
def test_what_cannot_be_read_is_one_line_of_printable_text(tmp_path, text):
    (tmp_path / "kg.toml").write_text(text)
    with pytest.raises(ConfigError, match=r"kg\.toml: ") as caught:
        config.load(tmp_path / "kg.toml")
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 500
