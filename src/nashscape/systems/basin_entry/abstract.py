"""What the abstract says, beside what is computed."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from nashscape import games
from nashscape.dynamics import starts
from nashscape.learning import lookahead, meta_mapg, unrolled_meta_mapg
from nashscape.selection import corrected_steps_needed, term_field
from nashscape.studies import Findings, one_estimate, one_number
from nashscape.systems.agreement import Row, Spread
from nashscape.systems.basin_entry import tables
from nashscape.systems.basin_entry.reproduction import Reproduction
from nashscape.systems.basin_entry.study import ALIGNED, CERTIFIED, RAISED
from nashscape.systems.statements import above, between, exactly, holds, more, near
from nashscape.theory import FixedPoints, fixed_points

INNER = 1e-3
"""Inner step at which an unroll is taken apart."""
CARRIED_ON = 200
"""Starts that are handed over to policy gradient."""
WARM_UP, STEPS = 100, 260
"""Updates with the corrections, and in all."""
STEP_EXPONENT, ANNEALING = 0.24, 0.7
"""Exponents of the published outer step size and annealing."""


def statements(found: Reproduction) -> tuple[Row, ...]:
    """Rows for the statements, of a whole reproduction."""
    return tuple(_rows(found))


def _rows(found: Reproduction) -> Iterator[Row]:
    proved = CERTIFIED.run()
    yield from _endings(proved)
    yield from _mechanism(found)
    yield from noise_slope(tables.NOISE_AGAIN.but(seed=found.provenance.seed or 0).run())
    yield from schedules(STEP_EXPONENT, ANNEALING)
    yield from _unrolled()
    yield from _aligned(found)
    yield from _certified(proved)
    yield from _shifted()


def _endings(proved: Findings) -> Iterator[Row]:
    """Policy gradient ends at either of the two strict equilibria, each from many starts."""
    for outcome in ("CC", "DD"):
        share = one_estimate(proved, rule="pg", quantity="certified", of=outcome)
        yield above("local-not-which", f"pg in Stag Hunt, share proved to end in {outcome}", 0.05, share)


def _mechanism(found: Reproduction) -> Iterator[Row]:
    """What each correction alone adds to the share of normal starts that enter, without noise."""
    share = {
        row.label.removesuffix(", normal starts"): row.ours for row in found.rows if row.label.endswith("normal starts")
    }
    claim, whole = "peer-is-the-mechanism", share["meta_mapg"] - share["pg"]
    yield near(claim, "own-learning alone, part of the gain", 0.0, (share["meta_pg"] - share["pg"]) / whole, 0.05)
    yield near(claim, "peer-learning alone, part of the gain", 1.0, (share["peer_only"] - share["pg"]) / whole, 0.05)
    entered = {name: one.at_step("CC") for name, one in found.ipd_entries.items()}
    label = "the repeated dilemma, entries of peer-learning alone above those of pg"
    yield more(claim, label, entered["peer_only"], entered["pg"])


def noise_slope(found: Findings) -> Iterator[Row]:
    """The slope of the logarithm of the variance against that of the batch, one of every seed."""
    rows = found.values(quantity="variance")
    seeds = np.unique(rows["replicate"])
    slopes = np.array([_slope(rows["estimator.batch"][own], rows["value"][own])
                       for own in (rows["replicate"] == seed for seed in seeds)])  # fmt: skip
    spread = Spread(float(slopes.mean()), float(slopes.std(ddof=1)), len(slopes))
    yield between("sampling-noise", f"slope of log variance against log batch, {len(slopes)} seeds", -1.0, spread, 0.1)


def _slope(batches: npt.NDArray[np.float64], variances: npt.NDArray[np.float64]) -> float:
    return float(np.polyfit(np.log(batches), np.log(variances), 1)[0])


def schedules(step_exponent: float, annealing: float) -> Iterator[Row]:
    """Schedules against what the theorem assumes: square-summable steps, and enough annealing for them.

    Args:
        step_exponent: of steps that fall as `t^−exponent`.
        annealing: exponent of the peer coefficient.
    """
    claim, least = "published-schedules", 1 - step_exponent
    yield holds(claim, f"sum of squared steps, exponent {step_exponent:g}: finite", 2 * step_exponent > 1, "finite")
    yield holds(claim, f"annealing exponent {annealing:g}: above {least:g}", annealing > least, "above")


def _unrolled() -> Iterator[Row]:
    """An unroll by one step taken apart, in an asymmetric game: coefficients of its terms, and what is left over."""
    game = games.random_game((2, 2), 3)
    parts = term_field(game, meta_mapg(own=1.0, peer=1.0, inner_lr=INNER), grid=5).velocities
    look = term_field(game, lookahead(inner_lr=INNER), grid=5).velocities["lookahead"]
    terms = np.stack([parts["own"].ravel(), parts["peer"].ravel(), look.ravel()], axis=1)
    rest = {h: _moves(h) - parts["base"] for h in (INNER, INNER / 2)}
    found = np.linalg.lstsq(terms, rest[INNER].ravel(), rcond=None)[0]
    for name, said, ours in zip(("own", "peer", "look-ahead"), (1.0, 1.0, 0.0), found, strict=True):
        yield near("decomposition", f"unroll by one step, coefficient of the {name} term", said, float(ours), 0.05)
    size = [_norm(rest[h] - h / INNER * (terms @ [2.0, 1.0, 1.0]).reshape(rest[h].shape)) for h in rest]
    yield near("unroll-bias", "what is left over: ratio when the inner step is halved", 4.0, size[0] / size[1], 0.2)


def _moves(inner: float) -> npt.NDArray[np.float64]:
    game = games.random_game((2, 2), 3)
    whole: npt.NDArray[np.float64] = term_field(game, unrolled_meta_mapg(inner_lr=inner), grid=5).velocities["total"]
    return whole


def _norm(values: npt.NDArray[np.float64]) -> float:
    return float(np.linalg.norm(values))


def _aligned(found: Reproduction) -> Iterator[Row]:
    """Where the condition holds, and whether entry rises: in Stag Hunt, and in the repeated dilemma."""
    verdicts = RAISED.run().values(quantity="peer_direction")["text"].tolist()
    yield holds(
        "alignment-stag-hunt", "the peer term raises both, at every profile", verdicts == ["raises", "raises"], "so"
    )
    entered = {name: one.at_step("CC") for name, one in found.entries.items()}
    yield more("alignment-stag-hunt", "and more starts enter", entered["meta_mapg"], entered["pg"])
    seen = ALIGNED.but(seed=found.provenance.seed or 0).run()
    for term, name in (("peer", "the peer term"), ("total", "the whole update")):
        label = f"{name} points to the target, share of starts"
        yield above("alignment-repeated-dilemma", label, 0.5, one_estimate(seen, quantity="positive", of=term))


def _certified(proved: Findings) -> Iterator[Row]:
    """Starts of which it is proved that they end in cooperation, with and without the corrections."""
    base = one_estimate(proved, rule="pg", quantity="certified", of="CC")
    yield above("certified-stag-hunt", "pg, share of [.05, .95]² that is proved", 0.2, base)
    escaping = one_number(proved, rule="pg", quantity="escaping", of="CC")
    more = exactly(one_number(proved, rule="meta_mapg", quantity="certified", of="CC") - (1 - escaping))
    yield above("certified-stag-hunt", "more is proved for meta_mapg than can be for pg, by", 0.0, more)


def _shifted() -> Iterator[Row]:
    """The mixed equilibrium of Stag Hunt is a zero of policy gradient; with the peer term the zero is elsewhere."""
    hunt = games.stag_hunt()
    # the methods in their one structure, so that one program does for both
    zero = {
        name: _middle(fixed_points(one, hunt)) for name, one in (("pg", tables.PG), ("peer_only", tables.PEER_ONLY))
    }
    yield near("zeros-shift", "pg, the zero between", 2 / 3, zero["pg"], 1e-6)
    shift = zero["pg"] - zero["peer_only"]
    yield above("zeros-shift", "peer_only, the zero is moved by", 0.1, exactly(shift))
    ends = corrected_steps_needed(
        hunt, meta_mapg(), starts.normal(std=1.35), n=CARRIED_ON, handoffs=[WARM_UP, STEPS], steps=STEPS
    ).reached[0]
    label = f"starts that meta_mapg enters are entered when pg goes on after {WARM_UP} updates"
    yield holds("annealing-recovers", label, ends[ends[:, 1], 0].tolist(), "all")


def _middle(found: FixedPoints) -> float:
    """The first player's probability of cooperation at the zero inside."""
    [point] = found.of_kind("interior")
    return float(point.strategies[0][0])
