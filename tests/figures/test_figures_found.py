"""Every result has a picture, which the name on its class finds; strangers' results as well."""

import importlib
import pkgutil
import sys
from dataclasses import dataclass
from types import ModuleType
from typing import ClassVar

import pytest
from matplotlib.figure import Figure

import nashscape
from nashscape import InputError, Status, figures
from nashscape.core import Provenance, Result, record
from nashscape.core.pictures import picture_of

BASES = {"LabelledCells", "Runs"}


def kinds():
    for module in pkgutil.walk_packages(nashscape.__path__, "nashscape."):
        importlib.import_module(module.name)
    found, ahead = [], [Result]
    while ahead:
        below = ahead.pop().__subclasses__()
        ahead += below
        found += [kind for kind in below if kind.__module__.startswith("nashscape.") and kind.__name__ not in BASES]
    return found


def test_every_result_has_a_picture_that_refuses_what_is_no_such_result():
    found = kinds()
    assert len(found) >= 39
    for kind in found:
        function = picture_of(kind)
        assert function.__module__ == kind.picture.partition(":")[0], kind
        with pytest.raises(InputError, match="expected"):
            function(object())


@dataclass(frozen=True)
class Share(Result):
    picture: ClassVar[str] = "strange_pictures:share_figure"
    value: float
    status: Status
    provenance: Provenance


def test_a_strangers_result_is_drawn_by_its_own_function(monkeypatch):
    def share_figure(found, *, title="none"):
        shares = found.values() if isinstance(found, dict) else [found]
        figure = Figure()
        figure.subplots().bar(range(len(shares)), [one.value for one in shares])
        figure.suptitle(title)
        return figure

    module = ModuleType("strange_pictures")
    module.share_figure = share_figure
    monkeypatch.setitem(sys.modules, "strange_pictures", module)
    one = Share(0.25, Status.COMPLETE, record("test", {}))
    assert one.plot(title="shares").get_suptitle() == "shares"
    assert [bar.get_height() for bar in figures.draw({"a": one, "b": one}).axes[0].patches] == [0.25, 0.25]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "no picture of a Share; the class of a result names one"),
        ("no_such_module:figure", "'no_such_module:figure', which cannot be loaded: No module"),
        ("nashscape.figures.grids:nothing", "which cannot be loaded: .*nothing"),
        (":figure", "which cannot be loaded"),
    ],
)
def test_names_without_a_picture_are_refused(monkeypatch, name, said):
    monkeypatch.setattr(Share, "picture", name)
    with pytest.raises(InputError, match=said):
        Share(0.25, Status.COMPLETE, record("test", {})).plot()
    with pytest.raises(InputError, match="no picture of a int"):
        figures.draw(3)
