"""The runs whose bits are compared: of the published reproduction, of the README, and short ones of all sorts."""

from collections.abc import Callable
from typing import Any


def configurations() -> dict[str, tuple[Callable[[], Any], int]]:
    """What runs, by name, and how many of its batches count: the first of those whose number hangs on labels."""
    return {**_published(), **_of_the_readme(), **_of_all_sorts()}


def rule(own: float, peer: float, *, warm_up: float = 0.0, exponent: float = 0.0, decay_steps: float = 1.0) -> Any:
    """A published rule in one structure, of public names: what is inside of the library may be called otherwise."""
    import nashscape as ns

    coefficient = ns.learning.two_phase(peer, warm_up=warm_up, exponent=exponent, decay_steps=decay_steps)
    return ns.meta_mapg(own=own, peer=coefficient)


def _published() -> dict[str, tuple[Callable[[], Any], int]]:
    import nashscape as ns
    from nashscape.dynamics import starts

    game, ipd, four = ns.games.stag_hunt(), ns.games.iterated_prisoners_dilemma(), 4
    goals: Any = {"targets": ["CC", "DD"]}
    normal, wide = starts.normal(std=1.35), starts.uniform(-3.0, 3.0)
    sweep = [rule(0.35, peer).renamed(f"peer {peer}") for peer in (0.0, 0.5, 1.0, 2.0, 3.0, 5.0)]
    annealed = [
        rule(0.0, 0.0).renamed("pg"),
        rule(0.35, 1.5).renamed("constant"),
        rule(0.35, 1.5, warm_up=100, exponent=0.7, decay_steps=30).renamed("two-phase"),
    ]

    def methods() -> list[Any]:
        named = {"pg": (0.0, 0.0), "meta_pg": (0.35, 0.0), "peer_only": (0.0, 1.5), "meta_mapg": (0.35, 1.5)}
        return [rule(*own).renamed(name) for name, own in named.items()]

    def batch(plays: int) -> Any:
        return ns.sampled(plays, capacity=768)

    return {
        "grid 21": (lambda: ns.basin_map(game, methods(), grid=21, kind="endpoints", **goals), four),
        "grid 51": (lambda: ns.basin_map(game, methods(), grid=51, kind="endpoints", **goals), four),
        "cells 101": (lambda: ns.basin_map(game, methods(), grid=101, **goals), four),
        "normal starts": (
            lambda: ns.entry_probability(game, methods(), n=50_000, starts=normal, steps=260, **goals), four,
        ),
        "uniform starts": (
            lambda: ns.entry_probability(game, methods(), n=50_000, starts=wide, steps=120, **goals), four,
        ),
        "ablation": (
            lambda: ns.entry_probability(game, methods(), n=512, steps=260, estimator=batch(384), **goals), four,
        ),
        "sampled maps": (
            lambda: ns.basin_map(
                game, methods(), grid=21, kind="endpoints", estimator=batch(192), rollouts=2, **goals
            ),
            four,
        ),
        "peer sweep": (
            lambda: ns.basin_map(game, sweep, grid=11, kind="endpoints", estimator=batch(192), rollouts=2, **goals),
            len(sweep),
        ),
        "peer sweep, noise-free": (
            lambda: ns.basin_map(game, sweep, grid=11, kind="endpoints", **goals), len(sweep),
        ),
        "annealing": (
            lambda: ns.entry_probability(
                game, annealed, n=128, starts=normal, steps=2000, estimator=batch(256), **goals
            ),
            len(annealed),
        ),
        "iterated, ablation": (
            lambda: ns.entry_probability(
                ipd, methods(), n=128, steps=260, starts=normal, targets="CC", estimator=ns.episodes(384)
            ),
            four,
        ),
        "restarts, first wave": (
            lambda: ns.restarts(game, methods()[3], budget=13, runs=512, steps=120, target="CC", estimator=batch(384)),
            1,
        ),
        "iterated, restarts, first wave": (
            lambda: ns.restarts(
                ipd, methods()[3], budget=13, runs=128, steps=120, target="CC", estimator=ns.episodes(384)
            ),
            1,
        ),
    }  # fmt: skip


def _of_the_readme() -> dict[str, tuple[Callable[[], Any], int]]:
    import nashscape as ns

    game, ipd = ns.games.stag_hunt(), ns.games.iterated_prisoners_dilemma()
    donation = ns.games.donation(benefit=3, cost=1)
    return {
        "README, maps": (lambda: ns.basin_map(game, [ns.pg(), ns.meta_mapg(peer=1.5, own=0.35)], grid=101), 2),
        "README, entry": (lambda: ns.entry_probability(game, ns.pg(), n=1000, estimator=ns.sampled(batch=384)), 1),
        "README, steer": (lambda: ns.steer(game, "peer", "CC", at_least=0.6, grid=21, tolerance=0.01), 2),
        "README, restarts": (
            lambda: ns.restarts(ipd, ns.meta_mapg(), runs=50, estimator=ns.episodes(batch=384), target="CC"), 0,
        ),
        "README, open source": (
            lambda: ns.entry_probability(
                ns.open_source(donation, 0.7), ns.pg(), n=200, steps=6000, step_size=0.3, targets=["CC", "DD"],
                projection=ns.unbounded(),
            ),
            1,
        ),
    }  # fmt: skip


def _of_all_sorts() -> dict[str, tuple[Callable[[], Any], int]]:
    """Every kind of rule, game, semantics and estimator once or twice, where all are asymmetric that can be."""
    import nashscape as ns

    uneven, three = ns.games.random_game((2, 3), seed=1), ns.games.random_game((2, 2, 3), seed=2)
    square, hunt = ns.games.random_game((2, 2), seed=3), ns.games.stag_hunt()
    ipd = ns.games.iterated_prisoners_dilemma()
    fading = ns.schedules.power(0.5, offset=2, exponent=0.6)
    normal: Any = ns.starts.normal(std=1.35)

    def entry(game: Any, rule: Any, **how: Any) -> tuple[Callable[[], Any], int]:
        settings = {"n": 300, "steps": 60, "starts": normal, "audit": False, **how}
        return lambda: ns.entry_probability(game, rule, **settings), 1

    made = {
        "uneven, meta_mapg": entry(uneven, ns.meta_mapg(peer=1.5)),
        "three, lola, double": entry(three, ns.lola(), precision="float64"),
        "uneven, lookahead, fading": entry(uneven, ns.lookahead(), step_size=fading),
        "square, sos": entry(square, ns.sos()),
        "square, sga": entry(square, ns.learning.sga()),
        "square, consensus": entry(square, ns.learning.consensus()),
        "square, cgd": entry(square, ns.learning.cgd()),
        "square, extragradient": entry(square, ns.learning.extragradient()),
        "uneven, exact lola": entry(uneven, ns.learning.exact_lola(inner_lr=0.5)),
        "uneven, natural gradient, free": entry(uneven, ns.learning.natural_gradient(), projection=ns.unbounded()),
        "hunt, unrolled": entry(hunt, ns.learning.unrolled_meta_mapg()),
        "hunt, one each": entry(hunt, ns.learning.per_player([ns.pg(), ns.lola()])),
        "uneven, sampled": entry(uneven, ns.meta_mapg(), estimator=ns.sampled(batch=32)),
        "three, sampled, seed 5": entry(three, ns.pg(), estimator=ns.sampled(batch=8), seed=5),
        "iterated, exact": entry(ipd, ns.pg()),
        "iterated, episodes": entry(ipd, ns.pg(), estimator=ns.episodes(batch=32)),
        "coupled, asymmetric": entry(ns.open_source(square, [[0, 0.7], [0.2, 0]]), ns.peer_only()),
        "restricted": entry(ns.semantics.restricted(ipd, [[("start", "CC")], [("start", "DD")]], fixed=0.2), ns.pg()),
        "simplex": entry(
            ns.parametric(uneven, ns.semantics.simplex((2, 3))), ns.pg(), starts=ns.starts.uniform_strategies()
        ),
        "softmaxes": entry(ns.parametric(hunt, ns.semantics.independent((2, 2), "softmax")), ns.meta_mapg()),
        "many players": entry(ns.games.graph_donation("ring:9", benefit=3, cost=1), ns.pg()),
        "points": entry(ns.games.tandem(), ns.lookahead(), starts=ns.starts.normal(std=0.5)),
    }  # fmt: skip
    return {f"sorts: {name}": one for name, one in made.items()}
