"""Several results by rule in one figure: each is drawn as it would be alone, under its own name."""

import numpy as np
import pytest

import nashscape as ns
from nashscape.core import InputError
from nashscape.learning import ByRule

HUNT = ns.games.stag_hunt()


def curves(axes):
    return [line.get_xydata().tolist() for line in axes.lines]


def test_thresholds_stand_side_by_side_and_say_whose_they_are():
    found = ns.threshold(HUNT, 0.0, 4.0, dial="peer", rule=[ns.meta_mapg(), ns.peer_only(inner_lr=0.3)], samples=5)
    figure = found.plot()
    assert len(figure.subfigs) == len(figure.axes) == 2
    for part, (name, one) in zip(figure.subfigs, found.items(), strict=True):
        above = f"grows above {one.brackets[0].middle:.4g} (peer coefficient λ)"
        assert " ".join(part.get_suptitle().split()) == f"{name}: CC in stag_hunt: {above}"
        (alone,) = one.plot().axes
        assert curves(part.axes[0]) == curves(alone)
        np.testing.assert_array_equal(part.axes[0].lines[1].get_ydata(), one.index)
        assert part.axes[0].get_xlabel() == "peer coefficient λ"
    size = found["meta_mapg"].plot().get_size_inches()
    np.testing.assert_allclose(figure.get_size_inches(), [2 * size[0], size[1]])
    # afterwards every picture is a figure of its own again
    assert not found["meta_mapg"].plot().subfigs


def test_options_are_those_of_one_picture_and_names_are_said_once():
    found = ns.selection.along(
        HUNT, [ns.pg(), ns.meta_mapg()], [0.1, 0.1], [0.9, 0.9], scan=9, tolerance=0.01, steps=60
    )
    parts = found.plot().subfigs
    for part, (name, one) in zip(parts, found.items(), strict=True):
        at = (one.inner[0] + one.outer[0]) / 2
        assert part.axes[0].get_title() == f"{name} on stag_hunt: switches at {at:.3g} of the way"
    assert [part.get_suptitle() for part in parts] == ["", ""]
    thresholds = ns.threshold(HUNT, 0.0, 4.0, dial="peer", rule=[ns.meta_mapg()], samples=5)
    ours = thresholds.plot(title="ours")
    assert ours.get_suptitle() == "ours"
    assert ours.subfigs[0].get_suptitle().startswith("meta_mapg: CC in stag_hunt")


def test_none_and_others_are_refused():
    from nashscape.figures import threshold_figure

    with pytest.raises(InputError, match="there are no results to draw"):
        threshold_figure({})
    with pytest.raises(InputError, match="expected a Threshold"):
        threshold_figure({"pg": 3})
    with pytest.raises(InputError, match="there are no results to draw"):
        ByRule().plot()
