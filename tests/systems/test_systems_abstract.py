"""The statements of the abstract of basin entry: what they are computed from, and that the card has them all."""

from types import SimpleNamespace

import numpy as np
import pytest

import nashscape as ns
from nashscape.core import wilson
from nashscape.systems.agreement import Row
from nashscape.systems.basin_entry import abstract
from nashscape.systems.basin_entry.table_rows import CLAIMS

SHARES = {"pg": 0.25, "meta_pg": 0.251, "peer_only": 0.42, "meta_mapg": 0.42}


def found(shares, entries):
    rows = [
        Row("noise-free shares", f"{name}, normal starts", 0, own, own, own, "", True) for name, own in shares.items()
    ]
    made = {name: SimpleNamespace(at_step=lambda _, own=own: own) for name, own in entries.items()}
    return SimpleNamespace(rows=rows, ipd_entries=made)


def agreeing(rows):
    return [row.agrees for row in rows]


def test_the_mechanism_is_what_each_correction_adds_alone():
    low, high = wilson(10, 200), wilson(60, 200)
    assert agreeing(abstract._mechanism(found(SHARES, {"pg": low, "peer_only": high}))) == [True, True, True]
    other = {**SHARES, "meta_pg": 0.30}
    assert agreeing(abstract._mechanism(found(other, {"pg": low, "peer_only": high}))) == [False, True, True]
    other = {**SHARES, "peer_only": 0.38}
    assert agreeing(abstract._mechanism(found(other, {"pg": low, "peer_only": low}))) == [True, False, False]


def variances(power, noise, seeds=8, batches=(48.0, 96.0, 192.0)):
    draws = np.random.default_rng(0)
    batch, replicate = np.tile(batches, seeds), np.repeat(np.arange(seeds), len(batches))
    values = 3 * batch**power * np.exp(noise * draws.normal(size=batch.size))
    rows = {"estimator.batch": batch, "replicate": replicate, "value": values}
    return SimpleNamespace(values=lambda quantity: rows)


@pytest.mark.parametrize(
    ("power", "noise", "agrees"), [(-1.0, 0.02, True), (-0.97, 0.02, True), (-0.5, 0.02, False), (-1.0, 0.6, False)]
)
def test_noise_is_controlled_where_its_variance_falls_with_the_batch_for_every_seed(power, noise, agrees):
    [row] = abstract.noise_slope(variances(power, noise))
    assert row.low < power < row.high
    assert row.runs == 8
    assert row.agrees == agrees


def test_published_steps_are_not_square_summable_and_others_would_be():
    """Against partial sums, which grow without end like those of t^−.48, and would not for steps of exponent .6."""

    def tail(exponent):
        return sum((0.9 / (t + 10) ** exponent) ** 2 for t in range(100_000, 200_000))

    assert tail(abstract.STEP_EXPONENT) > 100
    assert tail(0.6) < 1
    assert agreeing(abstract.schedules(abstract.STEP_EXPONENT, abstract.ANNEALING)) == [False, False]
    assert agreeing(abstract.schedules(0.6, abstract.ANNEALING)) == [True, True]
    assert agreeing(abstract.schedules(0.6, 0.3)) == [True, False]


@pytest.mark.long
def test_an_unroll_that_were_what_is_said_would_agree(monkeypatch):
    """Its terms with the published coefficients, so that what our expansion leaves over is of the first order."""
    game = ns.games.random_game((2, 2), 3)
    parts = ns.selection.term_field(game, ns.meta_mapg(own=1.0, peer=1.0, inner_lr=abstract.INNER), grid=5).velocities
    said = [True, True, True, False]
    assert agreeing(abstract._unrolled()) == [False, True, False, True]
    monkeypatch.setattr(
        abstract, "_moves", lambda h: parts["base"] + h / abstract.INNER * (parts["own"] + parts["peer"])
    )
    assert agreeing(abstract._unrolled()) == said


@pytest.mark.long
def test_zeros_that_stay_and_runs_that_are_lost_are_told(monkeypatch):
    monkeypatch.setattr(abstract.tables, "PEER_ONLY", abstract.tables.PG)
    monkeypatch.setattr(abstract, "WARM_UP", 1)
    assert agreeing(abstract._shifted()) == [True, False, False]


def test_every_figure_is_about_a_claim_of_the_card():
    card = ns.systems.card("basin-entry")
    for claim in CLAIMS.values():
        assert card.claim(claim).computed
    assert CLAIMS["peer sweep, mean first hit"] == "first-hits"


@pytest.mark.long
def test_the_whole_card_of_basin_entry_stands():
    whole = ns.systems.reproduce("basin-entry")
    assert whole.stands, whole
    assert all(one.figures for one in whole.verdicts if one.status in ("agrees", "disagrees"))
