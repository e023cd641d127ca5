"""The command line as a user meets it: what is printed, exit codes, errors in one line."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
from pathlib import Path

import pytest
from annotated import Annotated
from click.testing import CliRunner

from kg import pipeline, reading
from kg.cli import COMMANDS, kg


@pytest.fixture(scope="module")
def built(tmp_path_factory, toy):
    """A folder with the toy corpus' kg.toml and exports."""
    folder = tmp_path_factory.mktemp("toy")
    (folder / "kg.toml").write_text(f"title = 'Toy'\nsources = ['{toy / 'papers.jsonl'}']\n")
    with pytest.MonkeyPatch.context() as patch:
        extractor = Annotated(toy / "gold.jsonl")
        patch.setattr(reading.extract, "load", lambda name: extractor)
        patch.setattr(reading.extract, "fingerprint", lambda name: extractor.fingerprint)
        patch.setattr(pipeline.link, "PACKAGED", toy / "vocabulary.ttl")
        patch.chdir(folder)
        result = CliRunner().invoke(kg, ["build"])
    assert result.exit_code == 0, result.output
    return folder, result.output


@pytest.fixture
def run(built, monkeypatch):
    monkeypatch.chdir(built[0])
    return lambda *arguments: CliRunner().invoke(kg, list(arguments))


def test_build_says_what_it_wrote_and_what_to_do_next(built):
    _, output = built
    assert "11 papers" in output
    for word in ("kg.ttl", "graph.html", "kg related", "kg query", "no abstract: A Note on Stirring"):
        assert word in output


@pytest.mark.parametrize(
    "name", ["brimstone-2021", "Brimstone: A Small Language Model for Recipes", "brimstone-20"]
)
def test_show_a_paper_by_id_title_or_beginning(run, name):
    shown = run("show", name)
    assert shown.exit_code == 0, shown.output
    assert "TOYCONF" in shown.output
    assert "introduces" in shown.output
    assert "We present Brimstone, a language model for recipe generation." in shown.output


def test_show_a_concept_by_alias_with_its_papers_and_sentences(run):
    about = json.loads(run("show", "SCA", "--json").output)
    assert (about["kind"], about["name"], about["type"]) == ("concept", "slow-cooked attention", "Method")
    assert about["definition"] == "An attention that takes its time."
    assert about["broader"] == ["attention"]
    roles = {paper["id"]: paper["role"] for paper in about["papers"]}
    assert roles == {
        "tallow-2019": "introduces", "brimstone-7b-2022": "uses", "garnish-2021": "uses", "sca-analysis-2022": "studies",
    }  # fmt: skip
    assert all(paper["quote"] in paper["sentence"] for paper in about["papers"])


def test_sizes_are_their_family_and_derived_models_are_not(run):
    about = json.loads(run("show", "Brimstone-7B", "--json").output)
    assert about["name"] == "Brimstone"
    assert {"code-brimstone-2023", "brimstone-7b-2022"} <= {paper["id"] for paper in about["papers"]}
    assert json.loads(run("show", "Code Brimstone", "--json").output)["name"] == "Code Brimstone"


def test_related_papers_with_shared_concepts_and_sentences(run):
    links = json.loads(run("related", "brimstone-2021", "--json").output)
    assert {"brimstone-7b-2022", "ladlebench-2020", "kitchenweb-2020"} <= {link["id"] for link in links}
    weights = [link["weight"] for link in links]
    assert weights == sorted(weights, reverse=True)
    shared = next(
        {share["name"]: share for share in link["shared"]}
        for link in links
        if link["id"] == "brimstone-7b-2022"
    )
    assert "KitchenWeb" in shared
    assert "Brimstone is trained on" in shared["KitchenWeb"]["sentences"]["brimstone-2021"]
    assert "Brimstone" in run("related", "brimstone-2021").output


def test_a_path_between_papers_goes_through_a_concept(run):
    steps = json.loads(run("path", "code-brimstone-2023", "kitchenweb-2020", "--json").output)
    assert steps[0]["paper"] == "code-brimstone-2023"
    assert steps[-1]["paper"] == "kitchenweb-2020"
    assert all(before["concept"] == after["concept"] or before["paper"] == after["paper"]
               for before, after in itertools.pairwise(steps))  # fmt: skip
    assert run("path", "brimstone-2021", "no-abstract-2018").output.startswith("Nothing joins them")


def test_stats_count_what_is_there(run):
    counts = json.loads(run("stats", "--json").output)
    assert counts["papers"] == 11
    assert counts["commonest"][0]["name"] in ("Brimstone", "LadleBench", "language model", "Tallow")
    assert "no abstract" in run("stats", "--issues").output


def test_a_named_query_answers(run):
    result = run("query", "--name", "shared-concepts", "--format", "csv")
    assert result.exit_code == 0, result.output
    assert len(result.output.splitlines()) > 1


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["show", "nothing at all"], 8, "no paper or concept is called 'nothing at all'"),
        (["show", "brims"], 8, "could be"),
        (["show", "Brimstonne"], 8, "no paper or concept"),
        (["related", "x", "-o", "nowhere"], 5, "nowhere: no graph here: run `kg build`"),
        (["build", "missing.jsonl"], 3, "missing.jsonl: no such file"),
        (["build", "."], 3, "a folder"),
        (["build", "--format", "bibtex", "kg.toml"], 8, "no reader for the format 'bibtex'"),
        (["build", "--pipeline", "no-such-pipeline"], 4, "no-such-pipeline"),
        (["query", "--name", "nonsense"], 8, "nonsense"),
        (["query", "SELECT ?x {"], 7, "line 1"),
    ],
)
def test_errors_are_one_line_with_an_exit_code(run, arguments, code, words):
    result = run(*arguments)
    assert result.exit_code == code, result.output
    assert words in result.output
    assert result.output.startswith("kg: ")
    assert result.output.count("\n") == 1


def test_a_folder_without_settings_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(kg, ["build"])
    assert (result.exit_code, "kg init" in result.output) == (2, True)


def test_init_writes_settings_that_build_reads_and_overwrites_none(tmp_path, monkeypatch, toy):
    from kg import config

    monkeypatch.chdir(tmp_path)
    assert (
        CliRunner().invoke(kg, ["init", str(toy / "papers.jsonl"), "--title", 'My "papers"']).exit_code == 0
    )
    assert config.load(Path("kg.toml")).title == 'My "papers"'
    again = CliRunner().invoke(kg, ["init"])
    assert (again.exit_code, "here already" in again.output) == (2, True)


def test_control_codes_of_a_title_never_reach_the_terminal(run):
    from kg.cli import console

    with console.console().capture() as caught:
        console.say("a\x1b[31mb\x07c [bold]d[/bold]\u202e")
    assert caught.get() == "a[31mbc [bold]d[/bold]\n"


def test_help_is_quick_because_it_imports_nothing_heavy():
    heavy = "spacy networkx pyvis rdflib pyoxigraph scipy numpy rich onnxruntime sqlite3"
    code = f"import sys; from kg.cli import kg; kg(['--help'], standalone_mode=False); print([m for m in '{heavy}'.split() if m in sys.modules])"
    output = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert output.splitlines()[-1] == "[]"


def test_every_command_has_help_and_is_listed():
    listed = CliRunner().invoke(kg, ["--help"]).output
    for name in COMMANDS:
        result = CliRunner().invoke(kg, [name, "--help"])
        assert result.exit_code == 0, result.output
        assert len(result.output.splitlines()) > 3
        assert name in listed


def test_shell_completion_knows_the_commands(monkeypatch):
    environment = {"_KG_COMPLETE": "bash_complete", "COMP_WORDS": "kg re", "COMP_CWORD": "1"}
    result = CliRunner().invoke(kg, [], env=environment, prog_name="kg")
    assert "plain,related" in result.output
