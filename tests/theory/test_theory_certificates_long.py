"""A million starts inside certified cells, run with the exact rule: not one ends anywhere else."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import nashscape as ns
from nashscape.learning import box
from nashscape.learning.fields import field_at
from nashscape.proofs.certification.certifying import certify

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


def drawn_cells(found, number, seed):
    """Starts in decided cells, and the cell that each was drawn from.

    Half of them by area, half as often from every cell, so that most of those lie along the boundary of the basins;
    of either half, every other one is a corner of its cell.
    """
    random = np.random.default_rng(seed)
    cells = np.flatnonzero(found.label >= 0)
    share = found.shares[cells]
    cell = np.concatenate([random.choice(cells, number // 2, p=share / share.sum()), random.choice(cells, number // 2)])
    where = random.uniform(size=(number, found.low.shape[1]))
    where[::2] = np.rint(where[::2])
    return found.low[cell] + where * (found.high[cell] - found.low[cell]), cell


@pytest.mark.parametrize(("game", "rule", "targets", "options", "decided"), CASES.values(), ids=CASES.keys())
def test_a_million_starts_in_certified_cells_end_where_it_is_proved(game, rule, targets, options, decided):
    found = certify(game, rule, targets, **{"seconds": 120.0, **options})
    assert found.undecided < 1 - decided
    starts, cell = drawn_cells(found, MILLION, seed=5)
    label = found.label[cell]
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


def test_a_million_starts_of_the_memory_one_dilemma_are_in_their_traps_when_it_is_proved_and_stay():
    game = ns.games.repeated(ns.games.prisoners_dilemma(), discount=0.96)
    learners = ns.semantics.restricted(game, [[("start", "CC", "DC")], [("start", "CC", "CD")]], fixed=0.1)
    found = certify(learners, ns.pg(), "CC", step_size=0.05, steps=1000, resolution=1 / 128, seconds=600)
    assert found.targets == ("CC", "DD")
    assert found.undecided < 0.5
    starts, cell = drawn_cells(found, MILLION, seed=5)
    trap, own = found.trap[cell], found.steps[cell]
    assert 20 < own.max() < 100

    def wrong(at):
        inside = [(at @ one.rows.T >= one.least).all(axis=1) for one in found.traps]
        return int((~np.stack(inside)[trap, np.arange(len(at))]).sum())

    with jax.enable_x64(True):
        after = updated(learners, starts, own, int(own.max()))
        assert wrong(starts) > 100_000
        assert wrong(after) == 0
        some = slice(None, None, 20)
        later = updated(learners, after[some], np.full(MILLION // 20, 2000), 2000)
    towards = np.where(found.label[cell][some] == 0, 1.0, -1.0)
    assert (later * towards[:, None] > 5.0).all()


def updated(learners, starts, own, most):
    """Parameters after each start's own number of exact updates, none of which is more than `most`."""

    @jax.jit
    def all_of(starts, own):
        field = jax.vmap(lambda at: field_at(learners, ns.pg(), at))

        def some(part):
            def step(number, at):
                return jnp.where((number < part[1])[:, None], jnp.clip(at + 0.05 * field(at), -8.0, 8.0), at)

            return jax.lax.fori_loop(0, most, step, part[0])

        # in blocks: one batch of all would go to many threads, which may wait for one another for ever
        return jax.lax.map(some, (starts.reshape(-1, 500, 2), own.reshape(-1, 500))).reshape(-1, 2)

    return np.asarray(all_of(jnp.asarray(starts), jnp.asarray(own)))
