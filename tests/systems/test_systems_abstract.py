"""The statements of the abstract of basin entry: what they are computed from, and that the card has them all."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

import nashscape as ns
from nashscape.core import wilson
from nashscape.systems.agreement import Row
from nashscape.systems.basin_entry import abstract
from nashscape.systems.basin_entry.claims import APART, BY_TABLE, claim_of

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


@pytest.mark.parametrize(("power", "agrees"), [(-1.0, True), (-0.95, True), (-0.5, False)])
def test_noise_is_controlled_where_its_variance_falls_with_the_batch(power, agrees):
    batches = (48, 96, 192)
    rows = [Row("estimator variance", f"batch {b}", 0, 3 * b**power, 0, 0, "", True) for b in batches]
    [row] = abstract._variance(SimpleNamespace(rows=rows))
    assert row.ours == pytest.approx(power)
    assert row.agrees == agrees


def test_published_steps_are_not_square_summable():
    """Against partial sums, which grow without end like those of t^−.48, and would not for steps of exponent .6."""

    def tail(exponent):
        return sum((0.9 / (t + 10) ** exponent) ** 2 for t in range(100_000, 200_000))

    assert tail(abstract.STEP_EXPONENT) > 100
    assert tail(0.6) < 1
    assert agreeing(abstract._schedules()) == [False, False]


def test_every_figure_is_about_a_claim_of_the_card():
    card = ns.systems.card("basin-entry")
    for claim in (*BY_TABLE.values(), *APART.values()):
        assert card.claim(claim).computed
    row = Row("peer sweep, mean first hit", "peer 5", 20.03, 21.3, 20.2, 22.6, "", False)
    assert claim_of(row) == "first-hit-at-five"
    assert claim_of(replace(row, label="peer 3")) == "first-hits"


@pytest.mark.long
def test_the_whole_card_of_basin_entry_stands():
    whole = ns.systems.reproduce("basin-entry")
    assert whole.stands, whole
    assert all(one.figures for one in whole.verdicts if one.status in ("agrees", "disagrees"))
