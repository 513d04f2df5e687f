"""The conformance kits: our own parts pass them, and each thing that they claim can fail."""

import dataclasses
from dataclasses import dataclass, field
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import nashscape as ns
from nashscape import games, schedules
from nashscape.core import InputError
from nashscape.learning import RULES, Exact, Terms
from nashscape.semantics import per_row
from nashscape.testing import check_estimator, check_game, check_rule, check_schedule, check_semantics

UNEQUAL = games.dense(np.random.default_rng(2).normal(size=(3, 2, 3, 2)))
PAIR = games.dense(np.random.default_rng(3).normal(size=(2, 2, 3)))


def static(**attributes):
    return jax.tree_util.register_static(type("Own", attributes.pop("bases", (object,)), attributes))()


GAMES = {
    "three unequal players": UNEQUAL,
    "iterated dilemma": games.iterated_prisoners_dilemma(),
    "anonymous": games.volunteers_dilemma(4),
    "polymatrix": games.graph_donation("ring:5", benefit=3, cost=1),
    "points": games.tandem(),
    "bounded points": games.cournot(),
}


@pytest.mark.long
@pytest.mark.parametrize("name", GAMES)
def test_our_games_pass(name):
    check_game(GAMES[name])


def contest(**changed):
    """Two players, `u_i = σ_i(0) − σ_j(0)²`, some of whose answers may be others."""
    own: dict[str, Any] = {
        "offers": frozenset({"pays", "normal"}),
        "name": "contest",
        "players": ("row", "column"),
        "actions": (("a", "b"), ("a", "b")),
        "strategy_shapes": ((2,), (2,)),
        "payoff_range": 2.0,
        "expected_payoffs": lambda self, s: jnp.stack([s[0][0] - s[1][0] ** 2, s[1][0] - s[0][0] ** 2]),
        "regrets": lambda self, s: jnp.stack([1.0 - s[0][0], 1.0 - s[1][0]]),
        "action_values": lambda self, s: tuple(jnp.array([1.0, 0.0]) - own[0] ** 2 for own in s[::-1]),
    }
    return static(**(own | changed))


def test_a_strangers_game_passes():
    check_game(contest())


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"payoff_range": 0.0}, "payoff_range is 0.0"),
        ({"payoff_range": 0.1}, "beyond payoff_range"),
        ({"players": ("a", "b", "c")}, "3 players and 2 shapes"),
        ({"actions": (("a",), ("a", "b"))}, "actions are"),
        ({"expected_payoffs": lambda self, s: s[0]}, "is not what it is paid|not the derivatives"),
        ({"expected_payoffs": lambda self, s: s[0][:1]}, r"gives \(1,\) for 2 players"),
        ({"expected_payoffs": lambda self, s: s[0] * jnp.nan}, "expected_payoffs gives"),
        ({"regrets": lambda self, s: jnp.zeros(2)}, "more than its regret"),
        ({"regrets": lambda self, s: jnp.full(2, -1.0)}, "never negative"),
        ({"regrets": lambda self, s: jnp.full(2, 2.0)}, "not the best gain"),
        ({"regrets": lambda self, s: jnp.zeros(3)}, "regrets gives"),
        ({"regrets": lambda self, s: float(s[0][0])}, "regrets fails with .*Concretization.*: .*jnp.where"),
        ({"action_values": lambda self, s: (jnp.zeros(3),) * 2}, r"action_values has shapes \[\(3,\), \(3,\)\], one"),
        ({"action_values": lambda self, s: (jnp.array([1.0, 0.0]),) * 2}, "is not what it is paid"),
        ({"offers": frozenset({"pays", "normal", "table"}), "to_dense": lambda self: games.stag_hunt()}, "differ at"),
        ({"offers": frozenset({"pays", "rows"}), "rows": (("x",), ("y",))}, "rows"),
    ],
)
def test_games_that_are_wrong_do_not_pass(changed, said):
    with pytest.raises(AssertionError, match=said):
        check_game(contest(**changed))


SEMANTICS = {
    "independent": ns.semantics.independent((2, 3, 4), ["sigmoid", "softmax", "softmax"]),
    "coupled": ns.semantics.coupled((3, 3), 0.4),
    "per row": per_row((2, 3), (2, 4)),
    "network": ns.semantics.networked((2, 2), lambda own, others: own + jnp.tanh(others[0])),
    "points": ns.semantics.points((1, 2)),
    "simplex": ns.semantics.simplex((2, 3)),
    "imperfect": ns.semantics.imperfect(ns.semantics.coupled((2, 2), 0.4), noise=0.5),
}


@pytest.mark.long
@pytest.mark.parametrize("name", SEMANTICS)
def test_our_semantics_pass(name):
    check_semantics(SEMANTICS[name])


def test_semantics_that_play_only_some_profiles_pass_without_inversion():
    learners = ns.semantics.restricted(games.iterated_prisoners_dilemma(), [[("start", "CC")], [("start", "CC")]])
    check_semantics(learners.semantics, inverts=False)


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Odd(ns.semantics.Semantics):
    """Two sigmoids, of which something may be wrong."""

    wrong: str = field(metadata={"static": True}, default="")
    sizes = (1, 1)

    @property
    def reads_others(self):
        return False

    @property
    def strategy_shapes(self):
        return ((2,), (3,)) if self.wrong == "shapes" else ((2,), (2,))

    def strategies(self, theta):
        p = jax.nn.sigmoid(theta + (0.5 * theta[::-1] if self.wrong == "reads" else 0.0))
        rest = {"sum": 0.9 - p, "negative": 1.0 - 3.0 * p}.get(self.wrong, 1 - p)
        first = 3.0 * p if self.wrong == "negative" else p
        return tuple(jnp.stack([a, b]) for a, b in zip(first, rest, strict=True))

    def log_strategies(self, theta):
        exact = tuple(jnp.log(own) for own in self.strategies(theta))
        return tuple(own[::-1] for own in exact) if self.wrong == "logs" else exact

    def log_weights(self, theta):
        return (
            tuple(2 * own for own in self.log_strategies(theta))
            if self.wrong == "weights"
            else super().log_weights(theta)
        )

    def parameters(self, strategies):
        z = jnp.stack([jnp.log(own[0]) - jnp.log(own[1]) for own in strategies])
        return z[::-1] if self.wrong == "inverse" else z


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("shapes", "strategy_shapes are others"),
        ("sum", "do not add up"),
        ("negative", "negative"),
        ("logs", "are not the logarithms"),
        ("weights", "log_weights of player 1 are not"),
        ("inverse", "parameters of strategies give others"),
        ("reads", "player 1 reads the parameters of others, and reads_others is false"),
    ],
)
def test_semantics_that_are_wrong_do_not_pass(wrong, said):
    check_semantics(Odd())
    with pytest.raises(AssertionError, match=said):
        check_semantics(Odd(wrong), inverts=wrong == "inverse")
    with pytest.raises(InputError, match=r"derives from nashscape.semantics.Semantics"):
        check_semantics(3)


@pytest.mark.long
@pytest.mark.parametrize("name", [name for name in RULES if name != "pola"])
def test_our_rules_pass(name):
    check_rule(RULES[name](), PAIR)


@pytest.mark.long
def test_rules_made_of_others_pass():
    check_rule(ns.learning.per_player([ns.pg(), ns.lola(), ns.learning.sga()]), UNEQUAL)
    check_rule(ns.learning.delayed(ns.pg(), steps=2), ns.open_source(games.stag_hunt(), 0.3))


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Wayward(ns.learning.Rule):
    """Policy gradient, of which something may be wrong."""

    wrong: str = field(metadata={"static": True}, default="")
    name: str = field(metadata={"static": True}, default="wayward")

    @property
    def sources(self):
        return ("nobody",) if self.wrong == "sources" else ()

    def renamed(self, name):
        return self if self.wrong == "renamed" else dataclasses.replace(self, name=name)

    def init(self, theta):
        return jnp.zeros_like(theta)

    def update(self, oracle, state, step):
        base = oracle.terms().base
        moved = {
            "shape": lambda: base[:2],
            "type": lambda: base.astype("float16"),
            "nan": lambda: base * jnp.nan,
            "more": lambda: base + oracle.terms().peer,
            "whole": lambda: base + (1.0 if oracle.wanted is None else 0.0),
        }.get(self.wrong, lambda: base)()
        after = {"structure": (state,), "state": jnp.zeros(3)}.get(self.wrong, state)
        return moved, after


WRONG_RULES = [
    ("shape", AssertionError, "the direction has shape"),
    ("type", AssertionError, "the direction is float16"),
    ("nan", AssertionError, "the direction is"),
    ("more", InputError, "no term peer here"),
    ("whole", AssertionError, "the rule goes elsewhere"),
    ("structure", AssertionError, "structure of the state"),
    ("state", AssertionError, "shapes or types in the state"),
    ("sources", InputError, "a source is nashscape.core.Source"),
    ("renamed", AssertionError, "renamed must change the name"),
    ("", AssertionError, "no part of the structure"),
]


@pytest.mark.parametrize(("wrong", "kind", "said"), WRONG_RULES)
def test_rules_that_are_wrong_do_not_pass(wrong, kind, said):
    with pytest.raises(kind, match=said):
        # the name is static here, so that rules of other names would be compiled again: nothing else is looked at
        check_rule(Named(wrong) if wrong else Wayward(), PAIR)


@dataclass(frozen=True)
class Named(Wayward):
    """The same with a name that is no part of the structure."""


jax.tree_util.register_dataclass(Named, [], ["wrong"], drop_fields=["name"])


def test_a_rule_that_is_right_passes():
    check_rule(Named(), PAIR)


ESTIMATORS = {
    "exact": (ns.exact(), UNEQUAL),
    "unbiased": (ns.sampled(64, form="unbiased", baseline="leave-one-out"), games.battle_of_the_sexes()),
    "published": (ns.sampled(64), UNEQUAL),
    "episodes": (ns.episodes(8), games.repeated(games.prisoners_dilemma(), horizon=2, discount=1.0)),
}


@pytest.mark.long
@pytest.mark.parametrize("name", ESTIMATORS)
def test_our_estimators_pass(name):
    check_estimator(*ESTIMATORS[name], draws=400)


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Noisy(ns.learning.Estimator):
    """Exact base and noise, of which something may be wrong."""

    wrong: str = field(metadata={"static": True}, default="")
    exact = False

    @property
    def gives(self):
        return frozenset({"base", "own"} if self.wrong == "less" else set() if self.wrong == "nothing" else {"base"})

    @property
    def unbiased(self):
        return True

    def estimate(self, game, theta, key, wanted=None):
        base = Exact().estimate(game, theta, key, frozenset({"base"})).base
        named = jax.random.key(0)
        words = (key.seed_low, key.seed_high, key.start, key.step, key.question)
        for word in words[: 4 if self.wrong == "words" else 5]:
            named = jax.random.fold_in(named, word)
        noise = jax.random.normal(named, base.shape)
        shift = {"biased": 0.3, "wanted": 0.0 if wanted is None else 1.0}.get(self.wrong, 0.0)
        made = base + (0.0 if self.wrong == "still" else 0.5 * noise) + shift
        return Terms((1, 1) if self.wrong == "sizes" else game.sizes, base=made[:2] if self.wrong == "shape" else made)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("less", r"it says that it gives \['base', 'own'\], and gives \['base'\]"),
        ("nothing", "base at least"),
        ("sizes", "players of sizes"),
        ("shape", "base has shape"),
        ("wanted", "base alone is another"),
        ("still", "keys that differ in seed_low have one answer"),
        ("words", "keys that differ in question have one answer"),
        ("biased", "standard errors from the exact one"),
    ],
)
def test_estimators_that_are_wrong_do_not_pass(wrong, said):
    with pytest.raises(AssertionError, match=said):
        check_estimator(Noisy(wrong), PAIR, draws=300)


def test_an_estimator_that_is_right_passes():
    check_estimator(Noisy(), PAIR, draws=300)


@dataclass(frozen=True)
class Crooked(Exact):
    """Exact terms, one of which is none."""

    def estimate(self, game, theta, key, wanted=None):
        return super().estimate(game, theta, key).changed(peer=7.0 * jnp.ones_like(theta))


def test_every_term_of_an_exact_estimator_is_looked_at():
    made = jax.tree_util.register_static(Crooked)()
    with pytest.raises(AssertionError, match="exact peer is another"):
        check_estimator(made, PAIR)


def test_few_draws_say_nothing():
    with pytest.raises(InputError, match="draws must be"):
        check_estimator(Noisy(), PAIR, draws=20)


def test_rules_that_say_too_little_beside_others_that_they_say_are_told():
    @dataclass(frozen=True)
    class Sly(Named):
        needs = frozenset({"base", "peer"})

        def update(self, oracle, state, step):
            terms = oracle.terms()
            return terms.base + terms.peer + terms.lookahead, state

    jax.tree_util.register_dataclass(Sly, [], ["wrong"], drop_fields=["name"])
    with pytest.raises(InputError, match="no term lookahead here"):
        check_rule(Sly(), PAIR)


@pytest.mark.parametrize("bounds", [(10, 20), (5, np.inf), (-np.inf, -5), None])
def test_points_anywhere_are_looked_at_within_their_bounds(bounds):
    def paid(points, coefficients):
        x, y = points
        return jnp.stack([-(x**2).sum() + y.sum(), x.sum()])

    check_game(games.differentiable(paid, (1, 2), bounds=bounds))


def test_values_that_hang_on_the_own_strategy_are_none():
    """`√(p q)` to both has the derivatives that its values say, and is no mixture of pure profiles."""

    def values(self, s):
        p, q = s[0][0], s[1][0]
        return tuple(jnp.stack([jnp.sqrt(b / a) / 2, jnp.sqrt(a * b) * 0]) for a, b in ((p, q), (q, p)))

    def both(self, s):
        return jnp.stack([s[0][0] * values(self, s)[0][0], s[1][0] * values(self, s)[1][0]])

    def regrets(self, s):
        return jnp.stack([jnp.max(v) for v in values(self, s)]) - both(self, s)

    with pytest.raises(AssertionError, match="hang on its own strategy"):
        check_game(contest(expected_payoffs=both, action_values=values, regrets=regrets))


@pytest.mark.parametrize(
    "semantics", [ns.semantics.coupled((2, 2), 8.0), ns.semantics.coupled((2,) * 10, 2.0)], ids=["strong", "ten"]
)
def test_semantics_of_large_logits_pass(semantics):
    check_semantics(semantics)


def test_a_bias_that_is_known_may_be_allowed():
    check_estimator(Noisy("biased"), PAIR, draws=300, bias=10.0)


SCHEDULES = [
    schedules.constant(0.5),
    schedules.power(0.9, offset=10, exponent=0.24),
    schedules.power(0.9, offset=3, exponent=1.5),
    schedules.two_phase(1.5, warm_up=40, exponent=2.0, decay_steps=30),
    schedules.handoff(1.5, at=100),
    lambda step: 1.0 / (1.0 + step),
    0.3,
]


@pytest.mark.long
@pytest.mark.parametrize("schedule", SCHEDULES)
def test_our_schedules_pass(schedule):
    check_schedule(schedule)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"sum_from": lambda self, step: 50.0 if step < 100 else 0.0}, "not the sum"),
        ({"steady": True, "value": 3.0}, "other values than its value"),
        ({"falls_as": 0.5}, "another power"),
        ({"written": lambda self, factor=1.0: "0.7"}, "another schedule"),
        ({"__call__": lambda self, step: jnp.nan * step + 1.0}, "values are"),
    ],
)
def test_schedules_that_are_wrong_do_not_pass(changed, said, monkeypatch):
    attributes = {"__call__": lambda self, step: 1.0 / (1.0 + jnp.asarray(step, float))} | changed
    made = type("Mine", (), attributes)()
    monkeypatch.setattr("nashscape.testing.schedules.as_schedule", lambda value, name: value)
    with pytest.raises(AssertionError, match=said):
        check_schedule(made)


def test_parts_that_jax_does_not_know_do_not_pass():
    class Loose(Odd):
        pass

    with pytest.raises(InputError, match="not known to JAX"):
        check_semantics(Loose())
    with pytest.raises(InputError, match="not known to JAX"):
        check_rule(type("Loose", (Wayward,), {})(), UNEQUAL)
