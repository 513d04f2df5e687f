"""A million starts inside certified cells, run with the exact rule: not one ends anywhere else."""

import numpy as np
import pytest

import nashscape as ns
from nashscape.learning import box
from nashscape.theory.certifying import certify

pytestmark = pytest.mark.long

MILLION = 1_000_000

COUPLED = {"region": (0.0, 2.0), "projection": box(2.0), "resolution": 1 / 64, "steps": 800}
CASES = {
    "stag hunt, pg": (ns.games.stag_hunt(), ns.pg(), ["CC"], {}, 0.997),
    "stag hunt, meta_mapg": (ns.games.stag_hunt(), ns.meta_mapg(peer=1.5, own=0.35), ["CC"], {}, 0.997),
    "chicken, pg": (ns.games.chicken(), ns.pg(), ["CD", "DC"], {}, 0.997),
    # in most of this square runs turn towards exploitation and come to rest on edges of the box
    "coupled dilemma, pg": (ns.open_source(ns.games.prisoners_dilemma(), 0.75), ns.pg(), ["CC"], COUPLED, 0.2),
}


def drawn(found, number, seed):
    """Starts in decided cells, and the label of the cell each was drawn from.

    Half of them by area, half as often from every cell, so that most of those lie along the boundary of the basins;
    of either half, every other one is a corner of its cell.
    """
    random = np.random.default_rng(seed)
    cells = np.flatnonzero(found.label >= 0)
    share = found.shares[cells]
    cell = np.concatenate([random.choice(cells, number // 2, p=share / share.sum()), random.choice(cells, number // 2)])
    where = random.uniform(size=(number, found.low.shape[1]))
    where[::2] = np.rint(where[::2])
    return found.low[cell] + where * (found.high[cell] - found.low[cell]), found.label[cell]


@pytest.mark.parametrize(("game", "rule", "targets", "options", "decided"), CASES.values(), ids=CASES.keys())
def test_a_million_starts_in_certified_cells_end_where_it_is_proved(game, rule, targets, options, decided):
    found = certify(game, rule, targets, **{"seconds": 120.0, **options})
    assert found.undecided < 1 - decided
    starts, label = drawn(found, MILLION, seed=5)
    if found.coordinates == "strategies":
        starts = np.log(starts) - np.log1p(-starts)
    # places of rest that are no corners come last, and cannot be named as targets of a run
    corners = [name for name in found.targets if name in ("CC", "CD", "DC", "DD")]
    assert tuple(corners) == found.targets[: len(corners)]
    # more updates than any cell was given, so that runs have arrived
    runs = ns.entry_probability(
        game, rule, starts=ns.starts.parameters(starts), targets=corners, precision="float64",
        steps=300 + options.get("steps", 400), projection=options.get("projection"),
    )  # fmt: skip
    reached = np.stack([runs.reached(name) for name in corners])
    assert reached.shape == (len(corners), MILLION)
    # of each label there are many; where a corner was proved it is reached, and where not none is
    assert np.bincount(label)[: len(corners)].min() > 100_000
    for number in range(len(found.targets)):
        for k in range(len(corners)):
            assert (reached[k, label == number] == (k == number)).all()
