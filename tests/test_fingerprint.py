"""What a stage's result hangs on is what its modules import, and an edit of it is seen."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kg import fingerprint

ROOTS = {
    "ingest": ("kg.ingest",),
    "extract": ("kg.extract",),
    "link": ("kg.link", "kg.assemble"),
    "export": ("kg.export", "kg.soundness"),
}
NO_PART = {"kg.fingerprint"}  # says so of itself: how files are hashed is no result


def files_of(stage: str) -> set[Path]:
    whole = (fingerprint.PACKAGE / name for name in fingerprint.FILES[stage])
    return {file for path in whole for file in fingerprint._below(path)}


def imported(roots: tuple[str, ...], *, types: bool = False) -> set[Path]:
    """The files of all modules that some packages import, by way of others too; of `types` that they are given
    as well.
    """
    grimp = pytest.importorskip("grimp", reason="needs import-linter")
    graph = grimp.build_graph("kg", exclude_type_checking_imports=not types)
    modules = {name for root in roots for name in graph.find_upstream_modules(root, as_package=True)}
    modules |= {name for root in roots for name in ({root} | graph.find_descendants(root))}
    paths = {fingerprint.PACKAGE.joinpath(*name.split(".")[1:]) for name in modules - NO_PART}
    return {path / "__init__.py" if path.is_dir() else path.with_suffix(".py") for path in paths}


@pytest.mark.parametrize("stage", fingerprint.FILES)
def test_a_stage_hangs_on_all_that_it_imports(stage):
    missing = imported(ROOTS[stage]) - files_of(stage)
    assert sorted(str(path.relative_to(fingerprint.PACKAGE)) for path in missing) == []


@pytest.mark.parametrize("stage", fingerprint.FILES)
def test_a_stage_hangs_on_nothing_that_it_neither_imports_nor_is_given(stage):
    needed = {path.relative_to(fingerprint.PACKAGE).parts[0] for path in imported(ROOTS[stage], types=True)}
    assert {*fingerprint.FILES[stage]} <= needed


@pytest.fixture(scope="module")
def copy(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("package")
    leave = shutil.ignore_patterns("__pycache__", "model.onnx")
    return Path(shutil.copytree(fingerprint.PACKAGE, folder / "kg", ignore=leave))


@pytest.mark.parametrize(
    ("file", "stages"),
    [
        ("export/page/page.css", {"export"}),
        ("export/page/data.js", {"export"}),
        ("rdf/ontology.ttl", {"export"}),
        ("assemble.py", {"link"}),
        ("link/abbreviations.tsv", {"link", "export"}),
        ("ids.py", {"ingest", "extract", "link", "export"}),
        ("text.py", {"ingest", "extract", "link", "export"}),
        ("extract/model/heads.npz", {"extract"}),
        ("ingest/merge.py", {"ingest"}),
        ("cli/build.py", set()),
        ("web/app.py", set()),
    ],
)
def test_an_edit_is_seen_by_the_stages_that_it_concerns(copy, file, stages):
    before = {stage: fingerprint.of(stage, copy) for stage in fingerprint.FILES}
    with (copy / file).open("ab") as edited:
        edited.write(b"\n")
    assert {stage for stage, was in before.items() if fingerprint.of(stage, copy) != was} == stages


def test_a_new_version_reads_and_links_nothing_anew(copy):
    before = {stage: fingerprint.of(stage, copy) for stage in fingerprint.FILES}
    (copy / "version.py").write_text('VERSION = "9.9.9"\n')
    assert {stage for stage, was in before.items() if fingerprint.of(stage, copy) != was} == {"export"}
