"""What a person does with the page: search, click, filter, walk, go back; by mouse and by keyboard alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from visiting import Visit

HERON, TIDEMARK, EGRET, PRUNING, DRIFT, ALONE = (f"paper/paper-{n}" for n in range(6))


def test_all_papers_and_their_links_are_there_at_once(visit: Callable[..., Visit]) -> None:
    seen = visit()
    assert seen.shown() == {HERON, TIDEMARK, EGRET, PRUNING, DRIFT, ALONE}
    assert (HERON, EGRET) in seen.links()
    assert seen.page.title() == "Invented papers"
    assert "6 papers" in seen.page.locator("h1").inner_text()


def test_which_papers_use_a_data_set_and_in_which_sentence(visit: Callable[..., Visit]) -> None:
    """The question of the first visit, answered by typing: search, Enter, read."""
    seen = visit()
    seen.search("tidem")
    seen.page.keyboard.press("Enter")
    seen.page.get_by_role("heading", name="Tidemark", exact=True).wait_for()
    said = seen.details()
    assert "uses · 1 paper" in said
    assert "Heron is trained on Tidemark." in said
    assert "introduces · 1 paper" in said


def test_a_click_on_a_paper_shows_its_abstract_with_marks(visit: Callable[..., Visit]) -> None:
    seen = visit()
    seen.click_node(EGRET)
    seen.page.locator("#details h2", has_text="Egret Compared").wait_for()
    marks = seen.page.locator("#details .abstract .mark").all_inner_texts()
    assert marks == ["Egret", "Heron", "Tidemark", "language model"]
    assert "compares with" in seen.details()
    seen.page.locator("#details .abstract .mark", has_text="Heron").click()
    seen.page.get_by_role("heading", name="Heron", exact=True).wait_for()


def test_a_link_says_why_it_is_there(visit: Callable[..., Visit]) -> None:
    seen = visit(fragment=f"#chosen={HERON}&other={EGRET}")
    said = seen.details()
    assert said.index("in 2 papers") < said.index("Tidemark") < said.index("in 5 papers")
    assert "Egret is better than Heron on Tidemark, a language model feat." in said
    assert "Heron is trained on Tidemark." in said


def test_a_click_on_a_line_opens_the_link(visit: Callable[..., Visit]) -> None:
    seen = visit()
    ends = [seen.page.evaluate("a => kgPage.placeOf(a)", end) for end in (HERON, EGRET)]
    middle = {axis: sum(end[axis] for end in ends) / 2 for axis in ("x", "y")}
    seen.page.locator("#picture canvas").click(position=middle)
    seen.page.get_by_text("They share these concepts").wait_for()


def test_the_weight_of_a_link_is_that_of_the_graph(visit: Callable[..., Visit], graph_html: Path) -> None:
    from kg.graph import build
    from kg.store import Store

    with Store.open(graph_html.with_name("kg.sqlite"), readonly=True) as store:
        link = build(store).links_of("paper-0")[0]
    seen = visit(fragment=f"#chosen={HERON}&other=paper/{link.right}")
    assert f"weight {link.weight:.3f}" in seen.details()


def test_the_three_views_show_their_kinds(visit: Callable[..., Visit]) -> None:
    seen = visit()
    seen.page.get_by_role("button", name="Concepts", exact=True).click()
    assert {address.split("/")[0] for address in seen.shown()} == {"concept"}
    assert ("concept/dataset-tidemark", "concept/model-heron") in seen.links()
    seen.page.get_by_role("button", name="Both", exact=True).click()
    assert {address.split("/")[0] for address in seen.shown()} == {"paper", "concept"}
    assert (HERON, "concept/model-heron") in seen.links()


def test_the_legend_filters(visit: Callable[..., Visit]) -> None:
    seen = visit(fragment="#view=both")
    seen.page.get_by_label("data set").uncheck()
    assert not any("dataset" in address for address in seen.shown())
    assert "hidden=1" in seen.page.url
    seen.page.get_by_label("data set").check()
    assert "concept/dataset-tidemark" in seen.shown()


def test_filters_by_role_year_count_and_weight(visit: Callable[..., Visit]) -> None:
    seen = visit(fragment="#view=both")
    seen.page.locator("#filters summary").click()
    seen.page.get_by_label("mentions", exact=True).uncheck()
    assert "concept/model-language-model" not in seen.shown()
    seen.page.get_by_label("From year").fill("2022")
    seen.page.get_by_label("From year").press("Enter")
    assert {a for a in seen.shown() if a.startswith("paper")} == {PRUNING, DRIFT, ALONE}
    seen.page.get_by_role("button", name="Reset filters").click()
    seen.page.get_by_label("Concepts in at least").fill("3")
    seen.until("!kgPage.shown().includes('concept/model-egret')")
    assert "concept/dataset-tidemark" in seen.shown()
    seen.page.get_by_role("button", name="Papers", exact=True).click()
    before = len(seen.links())
    seen.page.get_by_label("Links at least this strong").fill("0.1")
    seen.until(f"kgPage.links().length < {before}")


def test_a_path_between_two_papers(visit: Callable[..., Visit]) -> None:
    seen = visit()
    seen.click_node(TIDEMARK)
    seen.page.get_by_role("button", name="Path to another paper").click()
    seen.page.locator("#list a", has_text="Pruning with Salt").click()
    seen.page.locator("#details .steps").wait_for()
    steps = seen.page.locator("#details .steps > li").all_inner_texts()
    assert len(steps) == 2
    assert "A language model reads it for tide forecasting." in steps[0]
    assert "salt pruning makes a language model small." in steps[1]
    assert (TIDEMARK, "concept/model-language-model") in seen.links()
    assert "walk=" in seen.page.url


def test_back_and_forward(visit: Callable[..., Visit]) -> None:
    seen = visit()
    seen.page.locator("#list a", has_text="Egret").click()
    seen.page.locator("#details h2", has_text="Egret").wait_for()
    seen.page.get_by_role("button", name="Both", exact=True).click()
    seen.page.go_back()
    assert seen.shown() == {HERON, TIDEMARK, EGRET, PRUNING, DRIFT, ALONE}
    seen.page.go_back()
    seen.page.locator("#details h2", has_text="What is here").wait_for()
    seen.page.go_forward()
    seen.page.locator("#details h2", has_text="Egret").wait_for()


def test_keyboard_alone(visit: Callable[..., Visit]) -> None:
    seen = visit()
    press = seen.page.keyboard.press
    seen.search("heron")
    press("ArrowDown")
    press("ArrowUp")
    press("Enter")
    seen.page.get_by_role("heading", name="Heron", exact=True).wait_for()
    press("Escape")
    seen.page.locator("#details h2", has_text="What is here").wait_for()
    seen.search("no such thing at all")
    press("Escape")
    assert seen.page.locator("#found").is_hidden()
    seen.page.locator("#tab-papers").focus()
    press("ArrowRight")
    press("Tab")
    press("Tab")
    press("Enter")
    seen.page.locator("#details .kind", has_text="paper").wait_for()
    assert "chosen=concept" in seen.page.url


def test_pointing_at_a_node_fades_what_is_not_linked_with_it(visit: Callable[..., Visit]) -> None:
    seen = visit(fragment="#view=both&least=1")
    assert seen.page.evaluate("kgPage.bright()") is None
    place = seen.page.evaluate("a => kgPage.placeOf(a)", DRIFT)
    seen.page.locator("#picture canvas").hover(position=place)
    seen.until("kgPage.bright() !== null")
    assert set(seen.page.evaluate("kgPage.bright()")) == {
        DRIFT,
        "concept/metric-drift",
        "concept/model-language-model",
    }


def test_around_shows_only_what_is_linked(visit: Callable[..., Visit]) -> None:
    seen = visit(fragment=f"#view=both&chosen={DRIFT}&only=1&least=1")
    assert seen.shown() == {DRIFT, "concept/metric-drift", "concept/model-language-model"}


def test_lists_hold_gaps_groups_and_years(visit: Callable[..., Visit]) -> None:
    seen = visit()
    seen.page.get_by_role("tab", name="Groups").click()
    seen.page.locator("#list button").first.click()
    assert "community=0" in seen.page.url
    assert ALONE not in seen.shown()
    seen.page.get_by_role("tab", name="Gaps").click()
    assert "never" in seen.page.locator("#list").inner_text()
    seen.page.get_by_role("tab", name="Time").click()
    assert "first seen 2019" in seen.page.locator("#list").inner_text()


def test_what_one_takes_along(visit: Callable[..., Visit], tmp_path: Path) -> None:
    seen = visit(fragment="#view=both", permissions=["clipboard-read", "clipboard-write"])
    seen.page.locator("#menu summary").click()
    for name, begins in (("Picture as PNG", b"\x89PNG"), ("Picture as SVG", b"<svg")):
        with seen.page.expect_download() as saved:
            seen.page.get_by_role("button", name=name).click()
        saved.value.save_as(tmp_path / "saved")
        assert (tmp_path / "saved").read_bytes().startswith(begins)
    assert "Tidemark" in (tmp_path / "saved").read_text(encoding="utf-8")
    seen.page.get_by_role("button", name="Copy papers as BibTeX").click()
    seen.page.get_by_text("is on the clipboard").wait_for()
    bibtex = seen.page.evaluate("navigator.clipboard.readText()")
    assert bibtex.count("@inproceedings{") == 6
    assert "author = {Ada Example}" in bibtex


def test_the_copied_query_answers(visit: Callable[..., Visit], graph_html: Path, tmp_path: Path) -> None:
    import pyoxigraph

    from kg.config import Config
    from kg.export import Source, exporter
    from kg.graph import build
    from kg.store import Store

    with Store.open(graph_html.with_name("kg.sqlite"), readonly=True) as store:
        exporter("kg.nt")(Source(store, build(store), Config()), tmp_path / "kg.nt")
    triples = pyoxigraph.Store()
    triples.load(path=tmp_path / "kg.nt", format=pyoxigraph.RdfFormat.N_TRIPLES)
    seen = visit(fragment="#from=2023", permissions=["clipboard-read", "clipboard-write"])
    seen.page.locator("#menu summary").click()
    seen.page.get_by_role("button", name="Copy query for SPARQL").click()
    seen.page.get_by_text("is on the clipboard").wait_for()
    query = seen.page.evaluate("navigator.clipboard.readText()")
    rows = [[term.value for term in row] for row in triples.query(query)]
    assert {row[0] for row in rows} == {"Drift and Its Discontents", "Alone on the Mudflat"}
    assert {row[2] for row in rows} == {"drift", "language model", "shared solitude"}


def test_dark_and_phone(visit: Callable[..., Visit]) -> None:
    seen = visit(viewport={"width": 390, "height": 844}, color_scheme="dark", has_touch=True)
    assert seen.page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= 390
    seen.click_node(EGRET)
    seen.page.locator("#details h2", has_text="Egret").wait_for()
    assert seen.page.locator("#details").is_visible()
    seen.page.get_by_role("button", name="Lists").click()
    seen.page.locator("#list a", has_text="Alone").click()
    seen.page.locator("#details h2", has_text="Alone").wait_for()
    seen.page.get_by_role("button", name="Picture", exact=True).click()
    assert seen.page.locator("#picture canvas").is_visible()


def test_an_unknown_address_is_no_fault(visit: Callable[..., Visit]) -> None:
    seen = visit(fragment="#chosen=paper/gone&view=nothing&least=x&tab=nowhere&walk=%3Cb%3E")
    assert "Not in this graph" in seen.details()
