import itertools
import sys

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from nashscape import InputError, figures
from nashscape.core import Outcome, label_names
from nashscape.figures.style import OUTCOMES, TARGETS, contrast, look, looks, percent

# Viénot, Brettel and Mollon (1999), on linear RGB: what people without green, without red cones see
DEUTERANOPIA = np.array([[0.29275, 0.70725, 0.0], [0.29275, 0.70725, 0.0], [-0.02234, 0.02234, 1.0]])
PROTANOPIA = np.array([[0.11238, 0.88762, 0.0], [0.11238, 0.88762, 0.0], [0.00401, -0.00401, 1.0]])
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])


def lab(colour, vision):
    rgb = np.array(to_rgb(colour))
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    seen = np.clip(vision @ linear, 0.0, 1.0)
    ratio = TO_XYZ @ seen / (TO_XYZ @ np.ones(3))
    f = np.where(ratio > 0.008856, np.cbrt(ratio), 7.787 * ratio + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("vision", [np.eye(3), DEUTERANOPIA, PROTANOPIA], ids=["usual", "deutan", "protan"])
def test_the_first_targets_stay_apart_whatever_the_eyes(vision):
    for one, other in itertools.combinations(TARGETS[:4], 2):
        assert np.linalg.norm(lab(one, vision) - lab(other, vision)) > 15, (one, other)


def test_no_two_outcomes_look_the_same():
    targets = [f"t{k}" for k in range(20)]
    seen = {(style.colour, style.hatch, style.ink) for style in looks(targets).values()}
    assert len(seen) == len(label_names(targets))
    hatches = [style.hatch for style in OUTCOMES.values()]
    assert all(hatches)
    assert len(set(hatches)) == len(hatches)


def test_a_target_looks_the_same_in_every_figure():
    assert look(int(Outcome.TARGET)) == looks(["CC"])["CC"] == looks(["CC", "DD"])["CC"]


def test_shares_are_not_rounded_to_nothing():
    assert [percent(x) for x in (0, 0.0001, 0.5, 0.9999, 1)] == ["0.0 %", "<0.1 %", "50.0 %", ">99.9 %", "100.0 %"]


def test_words_on_colours_can_be_read():
    assert contrast("#000000") == "#FFFFFF"
    assert contrast("#FFFFFF") == contrast("#F0E442") == "#000000"


@pytest.mark.long
@pytest.mark.parametrize("ending", ["png", "svg", "pdf"])
def test_figures_are_saved_by_ending_without_a_warning(run, tmp_path, ending):
    path = figures.save(run.plot(), tmp_path / f"run.{ending}")
    assert path.stat().st_size > 1000


def test_other_endings_are_refused(run, tmp_path):
    with pytest.raises(InputError, match=r"\.png, \.svg or \.pdf"):
        figures.save(run.plot(), tmp_path / "run.bmp")


@pytest.mark.long
def test_the_same_figure_has_the_same_bytes(run):
    assert figures.to_svg(run.plot()) == figures.to_svg(run.plot())
    assert figures.to_png_bytes(run.plot()) == figures.to_png_bytes(run.plot())


def test_global_state_of_matplotlib_is_not_loaded(run):
    figures.to_png_bytes(run.plot())
    assert "matplotlib.pyplot" not in sys.modules
