import base64
import importlib
import re
from html.parser import HTMLParser

import pytest

from nashscape import InputError, basin_map, figures, games, pg
from nashscape.core import citations, record
from nashscape.report import Figure, Section, Table, page
from nashscape.report.look import STYLE
from nashscape.report.pieces import Cell, Mosaic

VOID = {"meta", "img", "br", "link", "input"}
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
SVG = '<svg xmlns="http://www.w3.org/2000/svg"></svg>'


class Reader(HTMLParser):
    """Collects tags and what they load, and checks that they nest."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.loads, self.open, self.words = [], [], [], []
        self.inside = {}  # by tag the class of what each of them stands in directly
        self.classes = []
        self.feed(text)
        self.close()
        assert not self.open, f"never closed: {self.open}"

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        self.loads += [value for name, value in attributes if name in ("src", "srcset", "data", "poster")]
        self.loads += [dict(attributes).get("href") for _ in [0] if tag in ("link", "base", "image", "use")]
        self.inside.setdefault(tag, []).append(self.classes[-1] if self.classes else None)
        if tag not in VOID:
            self.open.append(tag)
            self.classes.append(dict(attributes).get("class"))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag
        self.classes.pop()

    def handle_data(self, data):
        self.words.append(data)

    def named(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture(scope="module")
def basin():
    return basin_map(games.stag_hunt(), pg(), grid=5)


def example(basin):
    figure = Figure(basin.plot(), "Basins of `pg`.", "A map with two areas")
    table = Table(["rule", "share"], [["pg", "0.2562"]], "Shares")
    return page("Stag Hunt", [Section("Result", "One.\n\nTwo.", [figure], [table])], provenance=[basin.provenance])


def test_a_page_loads_nothing_from_anywhere(basin):
    text = example(basin)
    reader = Reader(text)
    assert all(address.startswith("data:") for address in reader.loads)
    assert not {"script", "link", "iframe", "object", "embed"} & {tag for tag, _ in reader.tags}
    style = text.partition("<style>")[2].partition("</style>")[0]
    assert "url(" not in style
    assert "@import" not in style
    assert "prefers-color-scheme: dark" in style
    assert "default-src 'none'" in text


def test_a_page_says_what_it_shows_and_where_it_comes_from(basin):
    text = example(basin)
    reader = Reader(text)
    (image,) = reader.named("img")
    assert image["alt"] == "A map with two areas"
    assert "<p>One.</p>\n<p>Two.</p>" in text
    assert "<code>pg</code>" in text
    words = " ".join(reader.words)
    cited = ("The nashscape developers", "UAI 2000")
    for part in (basin.question.key, basin.provenance.version, "numpy", *cited, "float32"):
        assert part in words
    assert len(text) < 3_000_000


def test_the_sources_of_all_results_are_to_be_cited_once():
    both = [
        record("map", {}, sources=[citations.OPEN_SOURCE, citations.LOLA]),
        record("entry", {}, sources=[citations.LOLA, citations.SOS]),
    ]
    words = "".join(Reader(page("Two", [], provenance=both)).words)
    for source in (citations.OPEN_SOURCE, citations.LOLA, citations.SOS):
        assert words.count(source.text) == 1


def test_everything_written_is_escaped():
    bad = "<script>alert('\"&')</script>"
    figure = Figure(PNG, bad, bad)
    sections = [Section(bad, bad, [figure], [Table([bad], [[bad]], bad)])] * 3
    reader = Reader(page(bad, sections, lead=bad, provenance=[record("test", {}, sources=[citations.WILSON])]))
    assert not reader.named("script")
    assert reader.named("img")[0]["alt"] == bad
    assert bad in reader.words


def test_images_are_embedded_whatever_they_are(basin):
    small = figures.draw(basin)
    kinds = [
        image["src"]
        for image in Reader(page("t", [Section("s", figures=[Figure(x, "c", "a") for x in (small, PNG, SVG)])])).named(
            "img"
        )
    ]
    assert [re.match(r"data:image/([a-z+]+);base64,", kind)[1] for kind in kinds] == ["svg+xml", "png", "svg+xml"]
    assert base64.b64decode(kinds[1].partition(",")[2]) == PNG
    assert base64.b64decode(kinds[2].partition(",")[2]).decode() == SVG


def test_big_drawings_become_pictures(basin, monkeypatch):
    monkeypatch.setattr(importlib.import_module("nashscape.report.pages"), "MOST_SVG", 10)
    text = page("t", [Section("s", figures=[Figure(basin.plot(), "c", "a")])])
    assert "data:image/png" in text


def test_numbers_are_aligned_and_tables_scroll():
    rows = [["pg", "0.25 [0.20, 0.30]", 3], ["lola", "1e-05", -4.5]]
    reader = Reader(page("t", [Section("s", tables=[Table(["rule", "share", "n"], rows)])]))
    classes = [cell.get("class") for cell in reader.named("td")]
    assert classes == [None, "number", "number"] * 2
    assert any(box.get("class") == "scroll" and box.get("tabindex") == "0" for box in reader.named("div"))


def test_nothing_but_boxes_that_scroll_is_wider_than_a_small_window():
    rows = [["x" * 30, "y " * 60, 1]] * 2
    mosaic = Mosaic(["a"] * 12, [("row", [Cell("cell")] * 12)], "map")
    tables = [Table(["short", "long", "n"], rows, "z" * 200), Table(["a"], [[1]], "folded", folded=True)]
    source = record("test", {}, sources=[citations.WILSON])
    reader = Reader(page("t", [Section("s", tables=tables, pieces=[mosaic])], provenance=[source]))
    assert len(reader.named("table")) == 4
    assert reader.inside["table"] == ["scroll"] * 4
    # what is long breaks into lines: links anywhere, entries of a column between words
    style = rules_of(STYLE)
    assert style["body"]["overflow-wrap"] == "anywhere"
    assert style[".scroll"]["overflow-x"] == "auto"
    assert style["td.text"]["white-space"] == "normal"
    assert [cell.get("class") for cell in reader.named("td")][13:16] == [None, "text", "number"]


def rules_of(style):
    """Declarations by selector, outside of media queries."""
    found = {}
    for selectors, body in re.findall(
        r"([^{}]+)\{([^{}]*)\}", re.sub(r"@media[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", "", style)
    ):
        for selector in selectors.split(","):
            told = dict(part.split(":", 1) for part in body.split(";") if ":" in part)
            found.setdefault(selector.strip(), {}).update({k.strip(): v.strip() for k, v in told.items()})
    return found


def test_a_contents_list_appears_with_several_sections():
    assert not Reader(page("t", [Section("a")])).named("nav")
    reader = Reader(page("t", [Section("a"), Section("b"), Section("c")]))
    targets = [link["href"] for link in reader.named("a")]
    assert targets == [f"#{section['id']}" for section in reader.named("section")]


@pytest.mark.parametrize("image", [3, b"GIF89a", "plain text", None])
def test_what_is_no_image_is_refused(image):
    with pytest.raises(InputError, match="an image is"):
        page("t", [Section("s", figures=[Figure(image, "c", "a")])])


def test_rows_that_do_not_fit_their_headings_are_refused():
    with pytest.raises(InputError, match="row 1 of a table has 1"):
        Table(["a", "b"], [[1, 2], [3]])
