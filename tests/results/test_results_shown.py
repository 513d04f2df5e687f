"""Pictures that are saved, and what notebooks show: data of files and bundles, without pyplot."""

import dataclasses
import importlib
import inspect
import re
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import ClassVar

import pytest
from matplotlib.figure import Figure

import nashscape as ns
from nashscape.core import InputError, Provenance, Result, Status, record
from nashscape.core.files.kinds import OURS
from nashscape.core.notebooks import showing_itself
from nashscape.core.pictures import picture_of
from nashscape.learning.by_rule import ByRule

HEADS = {"png": b"\x89PNG\r\n", "svg": b"<?xml", "pdf": b"%PDF-"}
DOCS = Path(__file__).parents[2] / "docs"


def bars(found, *, title="shares", width=3.0):
    """A bar for each.

    Args:
        title: above it.
        width: in inches.
    """
    every = found.values() if isinstance(found, dict) else [found]
    figure = Figure(figsize=(width, 2.0))
    figure.subplots().bar(range(len(every)), [one.value for one in every])
    figure.suptitle(title)
    return figure


def broken(found):
    raise RuntimeError("no <ink> left")


@dataclasses.dataclass(frozen=True)
class Share(Result):
    picture: ClassVar[str] = f"{__name__}:bars"
    value: float
    status: Status
    provenance: Provenance


def share(value=0.25):
    return Share(value, Status.COMPLETE, record("share", {}))


@pytest.fixture(autouse=True)
def no_pyplot(monkeypatch):
    """Whoever imports it fails."""
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", None)


@pytest.mark.parametrize("ending", HEADS)
def test_a_picture_is_saved_by_its_ending_and_given_back(ending, tmp_path):
    for found in (share(), ByRule(a=share(), b=share(0.5))):
        path = tmp_path / f"picture.{ending}"
        figure = found.plot(path, title="κ")
        assert figure.get_suptitle() == "κ"
        assert path.read_bytes().startswith(HEADS[ending])
        again = tmp_path / f"again.{ending}"
        ns.figures.save(figure, again)
        assert again.read_bytes() == path.read_bytes()


def test_what_cannot_be_saved_or_drawn_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"a figure is saved as .png, .svg or .pdf; got .*picture.gif"):
        share().plot(tmp_path / "picture.gif")
    assert list(tmp_path.iterdir()) == []
    for found in (share(), ByRule(a=share())):
        with pytest.raises(
            InputError, match=r"unknown option of bars 'titel'; did you mean 'title'\? Known: title, width"
        ):
            found.plot(titel="κ")
    with pytest.raises(InputError, match="there are no results to draw"):
        ByRule().plot()


def png_size(image):
    """Pixels, from the header of the file."""
    return int.from_bytes(image[16:20], "big"), int.from_bytes(image[20:24], "big")


@pytest.mark.parametrize(
    "found", [share(), ByRule(a=share(), b=share(0.5)), bars(share())], ids=["one", "many", "figure"]
)
def test_a_notebook_shows_the_picture_sharply(found):
    shown = showing_itself(found) if isinstance(found, Figure) else found
    data, how = shown._repr_mimebundle_(include=None, exclude=None)
    assert list(data) == ["text/plain", "image/png"]
    assert data["text/plain"] == repr(found)
    assert data["image/png"].startswith(HEADS["png"])
    assert how == {"image/png": {"width": 288, "height": 192}}  # 3 by 2 inches
    assert png_size(data["image/png"]) == (450, 300)


def test_what_plot_gives_shows_itself():
    data, _ = share().plot(width=4.0)._repr_mimebundle_()
    assert png_size(data["image/png"]) == (600, 300)


def test_where_nothing_can_be_drawn_the_table_is_shown_and_says_why(monkeypatch):
    monkeypatch.setattr(Share, "picture", f"{__name__}:broken")
    found = share()
    for one in (found, ByRule(a=found)):
        data, how = one._repr_mimebundle_()
        assert (list(data), how) == (["text/plain", "text/html"], {})
        assert data["text/html"] == f"{one.table()._repr_html_()}<p>No picture: no &lt;ink&gt; left</p>"
    monkeypatch.setattr(Share, "picture", "")
    assert found._repr_mimebundle_()[0]["text/html"] == found.table()._repr_html_()
    assert ByRule()._repr_mimebundle_() == ({"text/plain": "{}"}, {})


def test_nothing_is_drawn_for_a_terminal(monkeypatch):
    drawn = []
    monkeypatch.setattr("nashscape.core.notebooks._with_image", lambda text, figure: drawn.append(figure) or (text, {}))
    for types, count in ((["text/plain"], 0), (["text/plain", "image/png"], 2)):
        shell = SimpleNamespace(display_formatter=SimpleNamespace(active_types=types))
        monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda shell=shell: shell))
        assert list(share()._repr_mimebundle_()[0]) == ["text/plain"]
        share().plot()._repr_mimebundle_()
        assert len(drawn) == count


def test_the_formatter_of_notebooks_takes_it():
    formatters = pytest.importorskip("IPython.core.formatters", reason="IPython is not installed")
    data, how = formatters.DisplayFormatter().format(share())
    assert data["image/png"].startswith(HEADS["png"])
    assert how["image/png"]["width"] == 288


HANDED_ON = {"comparison_figure": ("gain_loss", ["columns"]), "reproduction_figure": ("published_figure", ["xlabel"])}
"""Pictures that hand options on to others, and which of these."""


OF_ALL = ("title", "paper")
"""What every picture takes; the page tells it once."""


def options_of(function):
    """The options of a picture beside those of all, with their types, and the words about them."""
    if function.__name__ in HANDED_ON:
        name, some = HANDED_ON[function.__name__]
        options, words = options_of(getattr(ns.figures, name))
        return {own: options[own] for own in some}, words
    parameters = list(inspect.signature(function).parameters.values())[1:]
    own = {one.name: one.annotation for one in parameters if one.name not in OF_ALL}
    return own, function.__doc__


def test_the_page_lists_the_options_of_every_picture():
    page = (DOCS / "results.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ((?:`\w+`,? ?)+) \| ((?:`\w+`,? ?)+) \|", page, re.M)
    told = {name: set(re.findall(r"\w+", own)) for names, own in rows for name in re.findall(r"\w+", names)}
    seen = set()
    for name in OURS.values():
        module, _, kind = name.partition(":")
        found = getattr(importlib.import_module(f"nashscape.{module}"), kind)
        if not found.picture:
            continue
        options, words = options_of(picture_of(found))
        seen.add(kind)
        assert told.get(kind, set()) == {*options}, kind
        assert inspect.Parameter.empty not in options.values(), kind
        assert all(f"{option}:" in words for option in options), kind
    assert {*told} <= seen
