"""Labels against what becomes of runs: every complete label of many cases, its orbit continued on the clock.

`pytest -s -m long tests/dynamics/test_dynamics_endings_truth.py` prints the table of cases and the counts.
"""

import collections
import functools

import jax.numpy as jnp
import numpy as np
import pytest

import nashscape as ns
from nashscape.core import Outcome, clopper_pearson, is_complete, label_names, target_code
from nashscape.dynamics import Settling, as_target, label_starts, make_setup
from nashscape.dynamics.endings.accounts import Ended, asked_once, moment_of, on_bounds, standing_of
from nashscape.dynamics.endings.continuing import HORIZON, continued
from nashscape.dynamics.endings.hurried_paths import begun
from nashscape.dynamics.endings.programs import looks_for, projected_move
from nashscape.learning.schedules import as_schedule

pytestmark = pytest.mark.long

WANDERED = 0.1
"""A run at rest was not, when its orbit goes farther than this in probability, twice what a path at rest may drift;
unless all play the same actions, with at least .82, all along."""

STAYED = 0.02
"""A label that claims nothing was needless, when no log-probability of the orbit moves by more than this."""


class Tally:
    """Counts of labels and of what became of them."""

    def __init__(self):
        self.complete, self.false, self.unfinished = (collections.Counter() for _ in range(3))
        self.open = self.needless = 0
        self.examples = []

    def add(self, case, made, targets, orbit, moved, seen):
        codes, inside = made.codes, made.held >= 0
        kinds = np.array(["reached" if name in names_of(targets) else name.split(" ")[0] for name in seen], object)
        kinds[np.isin(codes, (Outcome.OTHER_EQUILIBRIUM, Outcome.STATIONARY_UNKNOWN))] = "at rest"
        complete = is_complete(codes)
        gone = np.where(inside, ~orbit.path.stays, (orbit.path.drift > WANDERED) & ~orbit.path.pure)
        for kind in np.unique(kinds[complete]):
            which = complete & (kinds == kind)
            name = "within" if kind == "rest" else kind
            self.complete[name] += int(which.sum())
            self.false[name] += int((which & gone).sum())
            self.unfinished[name] += int((which & ~gone & ~orbit.finished).sum())
            if (which & gone).any():
                self.examples.append((case, name, int((which & gone).sum())))
        settled = ~complete & orbit.finished & orbit.path.stays & (orbit.path.drift <= STAYED) & (moved <= STAYED)
        self.open += int((~complete & (codes != Outcome.DIVERGED)).sum())
        self.needless += int(settled.sum())
        if settled.any():
            self.examples.append((case, "needless", dict(collections.Counter(np.array(seen)[settled]))))

    def lines(self):
        for kind, count in sorted(self.complete.items()):
            false = clopper_pearson(self.false[kind], count)
            yield (
                f"{kind}: {count:,} labels, {self.false[kind]} false [{false.low:.1e}, {false.high:.1e}], "
                f"{self.unfinished[kind]} not followed to the end"
            )
        yield f"open: {self.open:,}, needless {self.needless} ({self.needless / max(self.open, 1):.2%} of them)"


def names_of(targets):
    return tuple(target.name for target in targets)


def truth(setup, endings, made, targets, steps):
    """The orbit of every run continued on the clock, and how far its log-probabilities are in the end from where the
    run ended."""
    ended = Ended(setup=setup, asked=asked_once(setup, moment_of(setup, steps)), which=np.zeros(len(made.codes), int),
                  theta=endings.theta, strategies=endings.strategies, largest=endings.largest)  # fmt: skip
    _, lower, upper = standing_of(ended, targets)
    theta = on_bounds(setup.projection, ended.theta.astype(float))
    looks = looks_for(ended.asked, ended.which, begun(theta, lower, upper))
    move = functools.partial(projected_move, setup.projection)
    orbit = continued(looks, theta, lower, upper, move, np.full(len(theta), HORIZON / ended.asked.moments.scale[0]))
    after = looks.at(begun(orbit.path.theta.T, lower, upper), np.arange(len(theta)), first=True).played
    with np.errstate(all="ignore"):
        if setup.game.semantics.domain == "points":
            moved = np.abs(after - orbit.path.ending).max(axis=0)
        else:
            moved = np.nanmax(np.abs(np.log(after) - np.log(orbit.path.ending)), axis=0)
    return orbit, moved


def measured(tally, case, game, rule, source, targets, steps, n=225, settings=None, precision="float32"):
    """Label runs, continue all of them and count; gives shares of the labels in percent."""
    setup = make_setup(game, rule, **(settings or {}))
    goals = [as_target(setup.game.game, target) for target in targets]
    made, endings, _ = label_starts(setup, source, np.arange(n), goals, steps=steps, settling=Settling(),
                                    precision=precision, audit=False)  # fmt: skip
    names = label_names(names_of(goals))
    seen = [names[code] for code in made.codes]
    orbit, moved = truth(setup, endings, made, goals, steps)
    tally.add(case, made, goals, orbit, moved, seen)
    return {name: round(100 * count / n) for name, count in collections.Counter(seen).most_common()}


GRID = ns.starts.cell_grid(2, 15)
NORMAL = ns.starts.normal(std=1.35)
FADING = as_schedule(ns.schedules.power(0.9, offset=1, exponent=2), "step_size")


def ordinary():
    """Games with two targets each, and the updates of the shortest run."""
    seven = ns.games.random_game
    return {
        "stag hunt": (ns.games.stag_hunt(), ["CC", "DD"], 140),
        "prisoner's dilemma": (ns.games.prisoners_dilemma(), ["CC", "DD"], 140),
        "temptation 3.2": (ns.games.symmetric_2x2(3, 0, 3.2, 1), ["CC", "DD"], 260),
        "temptation 3.02": (ns.games.symmetric_2x2(3, 0, 3.02, 1), ["CC", "DD"], 260),
        "chicken": (ns.games.chicken(), [(0, 1), (1, 0)], 140),
        "battle of the sexes": (ns.games.battle_of_the_sexes(), [(0, 0), (1, 1)], 140),
        "matching pennies": (ns.games.matching_pennies(), [(0, 0), (1, 1)], 260),
        "weakly repelling": (ns.games.symmetric_2x2(3, 0, 3 + 1e-6, 1), ["CC", "DD"], 260),
        "weakly attracting": (ns.games.symmetric_2x2(3, 0, 3 - 1e-6, 1), ["CC", "DD"], 260),
        "continuum": (ns.games.symmetric_2x2(3, 0, 3, 1), ["CC", "DD"], 260),
        "indifferent": (ns.games.dense([[[1, 1], [1, 1]], [[2, 1], [2, 1]]]), [(0, 0), (1, 0)], 260),
        "shapley": (ns.games.shapley(), [(0, 0), (1, 1)], 260),
        "coordination": (ns.games.dense([np.diag([4.0, 3.0, 2.0])] * 2), [(0, 0), (1, 1)], 260),
        "2x3": (seven((2, 3), seed=3), [(0, 0), (1, 2)], 260),
        "3x2": (seven((3, 2), seed=4), [(0, 0), (2, 1)], 260),
        "4x3": (seven((4, 3), seed=5), [(0, 0), (3, 2)], 260),
        "2x2x2": (seven((2, 2, 2), seed=6), [(0, 0, 0), (1, 1, 1)], 260),
        "2x3x2": (seven((2, 3, 2), seed=7), [(0, 0, 0), (1, 2, 1)], 260),
        "volunteers": (ns.games.volunteers_dilemma(3), [(0, 0, 0), (1, 0, 0)], 260),
        "donation in a ring": (ns.games.graph_donation("ring:3", 3, 1), [(0, 0, 0), (1, 1, 1)], 260),
    }


RULES = {"pg": ns.pg, "lookahead": ns.lookahead, "lola": ns.lola, "meta_mapg": ns.meta_mapg}


def _ghost(points, epsilon):
    x, y = points
    return jnp.stack([epsilon * x[0] + x[0] ** 3 / 3, -(y[0] ** 2) / 2])


def ghost(epsilon):
    """A player with `ẋ = ε + x²`, who hardly moves near zero and rests at −√−ε where that is real, beside another."""
    return ns.games.differentiable(_ghost, (1, 1), coefficients=epsilon, bounds=(-2, 2))


def special():
    """Cases in which standing near a target, or moving slowly, tells nothing: game, rule, starts, targets, steps,
    settings, precision."""
    hunt, dilemma = ns.games.stag_hunt(), ns.games.prisoners_dilemma()
    saddle = np.full((225, 2), np.log(2.0)) + np.logspace(-14, -2, 225)[:, None] * np.array([1.0, 1.0])
    thousand = ns.games.dense([[[3, 1], [4, -1000]], [[3, 4], [1, -1000]]], actions=[["C", "D"]] * 2)
    donation = ns.games.donation(benefit=3, cost=1)
    critical = np.sqrt(1 / 3)
    free, eight, two = {"projection": ns.unbounded()}, {"projection": ns.box(8.0)}, {"projection": ns.box(2.0)}
    pennies, both = ns.games.matching_pennies(), ["CC", "DD"]
    made = {
        "box 2": (hunt, ns.pg(), GRID, both, 260, two, "float32"),
        "from the saddle": (hunt, ns.pg(), ns.starts.parameters(saddle), both, 140, {}, "float64"),
        "wide starts": (dilemma, ns.pg(), ns.starts.normal(std=3.0), both, 140, {}, "float32"),
        "3.2 from 7 to 8": (
            ns.games.symmetric_2x2(3, 0, 3.2, 1),
            ns.pg(),
            ns.starts.uniform(7, 8),
            both,
            260,
            {},
            "float32",
        ),
        "3.2 from 7 to 8, × 1e-6": (
            ns.games.symmetric_2x2(3, 0, 3.2, 1).affine(1e-6),
            ns.pg(),
            ns.starts.uniform(7, 8),
            both,
            260,
            {},
            "float32",
        ),
        "3.02 from 3 to 8": (
            ns.games.symmetric_2x2(3, 0, 3.02, 1),
            ns.pg(),
            ns.starts.uniform(3, 8),
            both,
            260,
            {},
            "float32",
        ),
        "3.02, DD alone": (
            ns.games.symmetric_2x2(3, 0, 3.02, 1),
            ns.pg(),
            ns.starts.uniform(3, 8),
            ["DD"],
            260,
            {},
            "float64",
        ),
        "minus 1000": (thousand, ns.pg(), NORMAL, both, 260, {"step_size": 0.01}, "float32"),
        "pennies, step 1": (pennies, ns.pg(), NORMAL, ["HH", "HT", "TH", "TT"], 260, {"step_size": 1.0}, "float32"),
        "pennies, centre": (pennies, ns.pg(), ns.starts.normal(std=0.1), ["HH"], 260, {}, "float64"),
        "slow focus": (pennies, ns.lookahead(), NORMAL, ["HH"], 260, {"step_size": 0.05}, "float32"),
        "fading hunt": (hunt, ns.pg(), GRID, both, 260, {"step_size": FADING}, "float32"),
        "fading dilemma": (dilemma, ns.pg(), ns.starts.normal(std=3.0), both, 260, {"step_size": FADING}, "float32"),
        "hunt × 1e-6": (hunt.affine(1e-6), ns.pg(), GRID, both, 260, {"step_size": 0.5}, "float32"),
        "mixture inside": (ns.open_source(dilemma, 0.3), ns.pg(), GRID, both, 2000, {}, "float32"),
        "mixture inside, free": (ns.open_source(dilemma, 0.3), ns.pg(), GRID, both, 2000, free, "float64"),
        "simplex": (
            ns.parametric(hunt, ns.semantics.simplex((2, 2))),
            ns.pg(),
            ns.starts.uniform_strategies(),
            both,
            140,
            {},
            "float64",
        ),
    }
    for name, kappa in (("below", critical - 1e-4), ("above", critical + 1e-4)):
        coupled = ns.open_source(donation, kappa)
        made[f"critical, {name}"] = (coupled, ns.pg(), GRID, both, 4000, eight, "float64")
    for kappa in np.linspace(0.22, 0.38, 12):
        made[f"mixture inside, κ = {kappa:.3g}"] = (
            ns.open_source(dilemma, kappa),
            ns.pg(),
            GRID,
            both,
            500,
            {},
            "float32",
        )
    for epsilon in (1e-6, 1e-8, 1e-11, 0.0, -0.01):
        made[f"ghost {epsilon:g}"] = (ghost(epsilon), ns.pg(), ns.starts.uniform(-1, -0.1), [], 2000, {}, "float64")
    for k in range(4):
        ring = ns.open_source(ns.games.random_game((2, 2, 2), seed=40 + k), 0.2 * k + 0.1)
        made[f"coupled three {k}"] = (ring, ns.pg(), NORMAL, [(0, 0, 0), (1, 1, 1)], 260, {}, "float32")
    return made


def show(name, rows):
    print(f"\n{name}")
    for times, row in rows:
        print(f"    {times}: " + ", ".join(f"{label} {share}" for label, share in row.items()))


def games_by_rules(tally, rule):
    for name, (game, targets, steps) in ordinary().items():
        rows = [
            (k, measured(tally, f"{name}, {rule}, {k} T", game, RULES[rule](), NORMAL, targets, k * steps))
            for k in (1, 4, 16)
        ]
        show(f"{name}, {rule}", rows)


def special_cases(tally):
    for name, (game, rule, source, targets, steps, settings, precision) in special().items():
        rows = [
            (k, measured(tally, f"{name}, {k} T", game, rule, source, targets, k * steps, 225, settings, precision))
            for k in (1, 4, 16)
        ]
        show(name, rows)


def fresh_random_games(tally):
    generator = np.random.default_rng(1)
    shapes = [(2, 2), (2, 3), (3, 3), (2, 2, 2), (4, 2), (2, 2, 3)]
    rules = [ns.pg(), ns.lookahead(), ns.lola(), ns.meta_mapg(peer=1.5), ns.peer_only()]
    for k in range(150):
        shape = shapes[k % len(shapes)]
        game = ns.games.random_game(shape, seed=1000 + k)
        if k % 3 == 0 and len(set(shape)) == 1:
            game = ns.open_source(game, generator.uniform(0.0, 0.9))
        targets = [tuple(generator.integers(0, a) for a in shape) for _ in range(2)]
        settings = {"step_size": float(generator.choice([0.1, 0.5, 1.0]))}
        if k % 2:
            settings["projection"] = ns.unbounded()
        steps = int(generator.choice([140, 560, 2240]))
        measured(tally, f"random {k}, {steps}", game, rules[k % len(rules)], NORMAL, dict.fromkeys(targets), steps,
                 128, settings, ("float32", "float64")[k % 2])  # fmt: skip


@pytest.mark.parametrize("rule", [ns.pg(), ns.meta_mapg(), ns.lookahead(), ns.peer_only()], ids=str)
def test_the_published_protocol_loses_no_run(rule):
    # 51² starts with end points, 140 updates: whoever stands in a target and stays there has reached it
    setup = make_setup(ns.games.stag_hunt(), rule)
    goals = [as_target(setup.game.game, name) for name in ("CC", "DD")]
    source = ns.starts.endpoint_grid(2, 51)
    made, endings, _ = label_starts(setup, source, np.arange(51**2), goals, steps=140, settling=Settling(), audit=False)
    orbit, _ = truth(setup, endings, made, goals, 140)
    keeps = (made.held >= 0) & orbit.path.stays & orbit.finished
    reached = is_complete(made.codes)
    others = [tuple(np.round(np.asarray(source.axis)[[k // 51, k % 51]], 3)) for k in np.flatnonzero(~reached)]
    print(f"\n{rule}: {reached.sum()} of {51**2} reached; the others start at {others}")
    assert keeps.sum() > 2500
    assert reached[keeps].all()
    np.testing.assert_array_equal(np.unique(made.codes[keeps]), [target_code(0), target_code(1)])


def test_what_was_said_is_true():
    # one test, since counts of all cases are judged together, and tests may run in processes of their own
    tally = Tally()
    for rule in RULES:
        games_by_rules(tally, rule)
    special_cases(tally)
    fresh_random_games(tally)
    for line in tally.lines():
        print(line)
    print(*tally.examples, sep="\n")
    assert sum(tally.complete.values()) > 1000
    for kind, count in tally.complete.items():
        assert tally.false[kind] * 3000 <= count or (count < 3000 and tally.false[kind] == 0)
    assert tally.needless <= 0.03 * tally.open
