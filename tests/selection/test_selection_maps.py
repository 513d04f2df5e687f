"""Basin maps: labels, shares, brackets, comparisons."""

import inspect
import re

import numpy as np
import pytest

import nashscape as ns
from nashscape.core import InputError, citations, target_code
from nashscape.core.question import ask
from nashscape.dynamics import cell_grid, choose_targets
from nashscape.selection import BasinMap

GAME = ns.games.stag_hunt()
RULES = [ns.pg(), ns.meta_mapg()]


@pytest.fixture(scope="module")
def maps():
    return ns.basin_map(GAME, RULES, grid=21)


@pytest.fixture(scope="module")
def sampled_map():
    return ns.basin_map(GAME, ns.pg(), grid=9, rollouts=6, estimator=ns.sampled(16), seed=2)


@pytest.mark.long
def test_every_cell_is_labelled_and_outcomes_add_up(maps):
    for one in maps.values():
        assert one.labels.shape == (1, 21, 21)
        assert sum(one.outcomes().values()) == one.cells == 441
        total = sum(one.fraction(name).value for name in one.outcomes())
        assert total == pytest.approx(1.0)


def test_known_shares(maps):
    # the true cooperative share of policy gradient is .2548
    share = maps["pg"].fraction("CC")
    assert share.value == pytest.approx(0.2562, abs=5e-5)
    assert share.low < 0.2548 < share.high
    ends = ns.basin_map(GAME, ns.pg(), grid=21, kind="endpoints")
    assert ends.fraction("CC").value == pytest.approx(0.2744, abs=5e-5)
    assert "biased" in ends.fraction("CC").method


@pytest.mark.long
def test_brackets_close_as_the_grid_is_refined(maps):
    coarse = maps["pg"].fraction("CC")
    fine = ns.basin_map(GAME, ns.pg(), grid=201).fraction("CC")
    assert coarse.low <= fine.low <= fine.value <= fine.high <= coarse.high
    assert fine.high - fine.low < (coarse.high - coarse.low) / 5


def test_bracket_counts_boundary_cells():
    labels = np.full((1, 4, 4), target_code(1), dtype=np.int8)
    labels[0, :2, :3] = target_code(0)  # 6 cells; (0,0), (0,1) touch no other, 6 others touch them
    one = BasinMap(
        game="g", rule="r", targets=("CC", "DD"), layout=cell_grid(2, 4), labels=labels,
        held=np.zeros((1, 4, 4), np.int8), first_hit=np.zeros((1, 4, 4)), exact=True, at_random=False, level=0.95,
        status=ns.Status.COMPLETE, provenance=None,
    )  # fmt: skip
    share = one.fraction("CC")
    assert (share.value, share.low, share.high) == (6 / 16, 2 / 16, 12 / 16)


def test_symmetric_games_have_symmetric_maps(maps):
    for one in maps.values():
        np.testing.assert_array_equal(one.labels[0], one.labels[0].T)
        np.testing.assert_array_equal(one.first_hit[0], one.first_hit[0].T)


def test_axes_are_players_in_order():
    # only player 1 has a reason to cooperate late: the map of an asymmetric game is not its transpose
    game = ns.games.bimatrix([[4, 0], [3, 2]], [[4, 1], [0, 2]])
    one = ns.basin_map(game, ns.pg(), grid=9, targets=["AA", "BB"])
    swapped = ns.basin_map(game.permute_players([1, 0]), ns.pg(), grid=9, targets=["AA", "BB"])
    assert (one.labels[0] != one.labels[0].T).any()
    np.testing.assert_array_equal(one.labels[0], swapped.labels[0].T)


@pytest.mark.long
def test_three_players():
    payoffs = np.zeros((3, 2, 2, 2))
    payoffs[:, 0, 0, 0] = 4.0
    payoffs[:, 1, 1, 1] = 2.0
    one = ns.basin_map(ns.games.dense(payoffs), [ns.pg(), ns.lola()], grid=7)["lola"]
    assert one.labels.shape == (1, 7, 7, 7)
    assert set(one.targets) == {"AAA", "BBB"}
    assert one.fraction("AAA").value > one.fraction("BBB").value > 0


@pytest.mark.long
def test_sampled_maps_vary_within_cells_and_carry_intervals(sampled_map):
    share = sampled_map.fraction("CC")
    assert share.level == 0.95
    assert share.low < share.value < share.high
    inside = sampled_map.reached("CC")
    assert (inside.any(axis=0) & ~inside.all(axis=0)).any()
    assert sampled_map.rollouts == 6
    with_one = ns.basin_map(GAME, ns.pg(), grid=9, rollouts=1, estimator=ns.sampled(16), seed=2)
    np.testing.assert_array_equal(with_one.labels[0], sampled_map.labels[0])


def test_sampled_rollouts_default_to_two():
    assert ns.basin_map(GAME, ns.pg(), grid=3, estimator=ns.sampled(16), steps=5).rollouts == 2


def test_comparison_counts_both_ways(maps):
    change = ns.compare(maps["meta_mapg"], maps["pg"])
    mine, theirs = maps["meta_mapg"].reached("CC"), maps["pg"].reached("CC")
    assert change.gained_share == (mine & ~theirs).mean() > 0
    assert change.lost_share == (theirs & ~mine).mean()
    assert change.difference.value == pytest.approx(mine.mean() - theirs.mean())
    assert change.test is None
    back = ns.compare(maps["pg"], maps["meta_mapg"])
    assert (back.gained_share, back.lost_share) == (change.lost_share, change.gained_share)
    assert ns.compare(maps["meta_mapg"], maps["pg"], "DD").difference.value < 0


@pytest.mark.long
def test_paired_comparison_of_sampled_entries():
    entries = ns.entry_probability(GAME, RULES, n=300, estimator=ns.sampled(64), steps=100)
    change = ns.compare(entries["meta_mapg"], entries["pg"])
    assert change.test.p_value < 1e-6
    assert change.difference.low > 0
    same = ns.compare(entries["pg"], entries["pg"])
    assert same.test.p_value == 1.0
    assert same.difference.value == 0


def test_entry_intervals():
    entry = ns.entry_probability(GAME, ns.pg(), n=300, steps=100)
    wilson, exact = entry.probability("CC"), entry.exact_interval("CC")
    assert wilson.trials == 300
    assert exact.low < wilson.value < exact.high
    assert entry.probability() == wilson


def test_given_starts_without_noise_are_no_sample():
    points = ns.starts.strategies([[0.9, 0.9], [0.8, 0.9], [0.1, 0.2]])
    entries = ns.entry_probability(GAME, RULES, starts=points)
    share = entries["pg"].probability("CC")
    assert (share.value, share.low, share.high, share.level) == (2 / 3, 2 / 3, 2 / 3, None)
    assert ns.compare(entries["meta_mapg"], entries["pg"]).test is None
    noisy = ns.entry_probability(GAME, ns.pg(), starts=points, estimator=ns.sampled(16))
    assert noisy.probability("CC").level == 0.95


def test_a_basin_smaller_than_a_cell_may_hide():
    tiny = ns.games.symmetric_2x2(4.0, -10.0, 3.0, 2.0)
    share = ns.basin_map(tiny, ns.pg(), grid=11, steps=400, targets=["CC", "DD"]).fraction("CC")
    assert (share.value, share.low, share.high) == (0.0, 0.0, 1 / 121)


def test_rules_say_what_to_cite_and_can_be_renamed():
    lola = ns.simulate(GAME, ns.lola(), [0.5, 0.5], steps=2)
    assert "Opponent-Learning Awareness" in lola.citation
    assert "Opponent-Learning Awareness" not in ns.simulate(GAME, ns.pg(), [0.5, 0.5], steps=2).citation
    both = ns.learning.per_player([ns.pg(), ns.lola()]).renamed("mixed")
    assert both.name == "mixed"
    assert citations.LOLA in both.sources


def test_targets_by_default_are_strict_pure_equilibria_best_first():
    assert [t.name for t in choose_targets(GAME, None)] == ["CC", "DD"]
    worse_first = GAME.relabel(0, [1, 0]).relabel(1, [1, 0])
    assert [t.name for t in choose_targets(worse_first, None)] == ["CC", "DD"]
    assert choose_targets(ns.games.matching_pennies(), None) == ()
    assert [t.name for t in choose_targets(GAME, "DD")] == ["DD"]
    assert [t.profile for t in choose_targets(GAME, ("C", "D"))] == [(0, 1)]
    assert [t.profile for t in choose_targets(GAME, ("CD", "DC"))] == [(0, 1), (1, 0)]


@pytest.mark.parametrize("empty", [[], ()])
def test_an_empty_list_of_targets_is_refused_wherever_one_is_measured(empty):
    calls = (
        lambda: ns.basin_map(GAME, ns.pg(), targets=empty),
        lambda: ns.entry_probability(GAME, ns.pg(), targets=empty),
        lambda: ns.restarts(GAME, ns.pg(), target=empty),
        lambda: ns.steer(GAME, "peer", empty),
        lambda: ns.sweep(GAME, lambda peer: ns.meta_mapg(peer=peer), [0.0, 1.0], targets=empty),
        lambda: ns.explain(GAME, ns.pg(), [0.4, 0.6], empty),
        lambda: ns.alignment(GAME, ns.pg(), empty),
        lambda: ns.selection.along(GAME, ns.pg(), [0.1, 0.1], [0.9, 0.9], empty),
    )
    for call in calls:
        with pytest.raises(InputError, match="empty list of targets leaves nothing to measure; name one of stag_hunt"):
            call()


def test_results_as_data(maps, tmp_path):
    data = maps["pg"].to_dict()
    assert data["provenance"]["question"]["asked"]["rule"]["name"] == "pg"
    assert data["provenance"]["question"]["key"] != maps["meta_mapg"].to_dict()["provenance"]["question"]["key"]
    assert data["provenance"]["version"] in maps["pg"].citation
    maps["pg"].to_json(tmp_path / "map.json")
    assert (tmp_path / "map.json").stat().st_size > 1000


def test_run_status():
    assert ns.basin_map(GAME, ns.pg(), grid=3, steps=1).status is ns.Status.UNRESOLVED


BAD = {
    "one cell": (lambda: ns.basin_map(GAME, ns.pg(), grid=1), "grid must be at least 2"),
    "no steps": (lambda: ns.basin_map(GAME, ns.pg(), steps=0), "steps must be at least 1"),
    "negative steps": (lambda: ns.entry_probability(GAME, ns.pg(), steps=-3), "steps must be at least 1"),
    "half a step": (lambda: ns.basin_map(GAME, ns.pg(), steps=1.5), "steps must be a whole number"),
    "no batch": (lambda: ns.sampled(0), "batch must be at least 1"),
    "batch of one, unbiased": (lambda: ns.sampled(1, form="unbiased"), "batch must be at least 2"),
    "unknown form": (lambda: ns.sampled(8, form="unbaised"), "did you mean 'unbiased'"),
    "batch above capacity": (lambda: ns.sampled(200, capacity=100), "capacity only 100"),
    "target": (lambda: ns.basin_map(GAME, ns.pg(), targets=["CX"]), "'CX' is not a profile of stag_hunt"),
    "target twice": (lambda: ns.basin_map(GAME, ns.pg(), targets=["CC", (0, 0)]), "named twice"),
    "unknown outcome": (lambda: ns.basin_map(GAME, ns.pg(), grid=3, steps=2).fraction("XX"), "'XX' is not an outcome"),
    "unknown rule": (lambda: ns.rule_by_name("meta_mapgg"), "did you mean 'meta_mapg'"),
    "rule not called": (lambda: ns.basin_map(GAME, ns.pg), "call it, as in"),
    "no rules": (lambda: ns.basin_map(GAME, []), "no rules given"),
    "two of a name": (lambda: ns.basin_map(GAME, [ns.pg(), ns.pg()]), "called the same"),
    "nan payoffs": (lambda: ns.games.symmetric_2x2(float("nan"), 0, 3, 2), "finite"),
    "infinite payoffs": (lambda: ns.games.bimatrix([[1, np.inf], [0, 1]]), "must be finite"),
    "payoffs of the wrong shape": (lambda: ns.games.dense(np.zeros((3, 2, 2))), "shape"),
    "no game": (lambda: ns.basin_map("stag_hunt", ns.pg()), "expected a game, got the text"),
    "three actions": (lambda: ns.basin_map(ns.games.shapley(), ns.pg()), "ns.entry_probability"),
    "rollouts without noise": (lambda: ns.basin_map(GAME, ns.pg(), rollouts=3), "all the same"),
    "unknown option": (lambda: ns.basin_map(GAME, ns.pg(), step=3), "unknown option of basin_map 'step'"),
    "estimator": (lambda: ns.basin_map(GAME, ns.pg(), estimator="exact"), "expected an estimator"),
    "step size": (lambda: ns.basin_map(GAME, ns.pg(), step_size=-0.1), "step_size at step 0 must be above 0"),
    "precision": (lambda: ns.basin_map(GAME, ns.pg(), precision="float16"), "precision"),
    "chunk": (lambda: ns.basin_map(GAME, ns.pg(), chunk=0), "chunk must be at least 1"),
    "seed": (lambda: ns.entry_probability(GAME, ns.pg(), seed=-1), "seed must be at least 0"),
    "large seed": (lambda: ns.entry_probability(GAME, ns.pg(), seed=2**64), "seed must be below"),
    "level": (lambda: ns.entry_probability(GAME, ns.pg(), level=2), "level must be"),
    "starts": (lambda: ns.entry_probability(GAME, ns.pg(), starts="normal"), "expected starts"),
    "more runs than starts": (
        lambda: ns.entry_probability(GAME, ns.pg(), starts=ns.starts.parameters([[0.0, 0.0]]), n=2),
        "only 1 starts",
    ),
    "start": (lambda: ns.simulate(GAME, ns.pg(), [0.5]), "needs 2 strategies"),
    "start outside": (lambda: ns.simulate(GAME, ns.pg(), [0.5, 1.2]), "at most 1"),
    "boundary start": (lambda: ns.simulate(GAME, ns.pg(), [0.5, 1.0]), "interior"),
    "rules per player": (
        lambda: ns.simulate(GAME, ns.learning.per_player([ns.pg()]), [0.5, 0.5]),
        "1 rules but 2 players",
    ),
    "compare": (
        lambda: ns.compare(ns.basin_map(GAME, ns.pg(), grid=3), ns.basin_map(GAME, ns.pg(), grid=4)),
        "not run alike",
    ),
    "compare protocols": (
        lambda: ns.compare(
            ns.basin_map(GAME, ns.meta_mapg(), grid=3, estimator=ns.sampled(8), rollouts=1),
            ns.basin_map(GAME, ns.pg(), grid=3),
        ),
        "estimator",
    ),
    "compare seeds": (
        lambda: ns.compare(*(ns.entry_probability(GAME, ns.pg(), n=5, steps=5, seed=seed) for seed in (0, 1))),
        "seed",
    ),
    "compare without targets": (
        lambda: ns.compare(*[ns.basin_map(ns.games.matching_pennies(), ns.pg(), grid=3)] * 2),
        "name the outcome",
    ),
    "target of another game": (
        lambda: ns.basin_map(GAME, ns.pg(), targets=[ns.dynamics.Target("ZZ", (3, 3))]),
        "not a profile of stag_hunt",
    ),
    "target that overlaps others": (
        lambda: ns.basin_map(GAME, ns.pg(), targets=[ns.dynamics.Target("low", (0, 0), 0.1)]),
        "threshold must be above 0.5",
    ),
    "falling step size": (
        lambda: ns.basin_map(GAME, ns.pg(), step_size=lambda t: 0.1 - 0.01 * t),
        "step_size at step .* must be at least 0",
    ),
    "one rule for all": (lambda: ns.learning.per_player(ns.pg()), "one rule for every player"),
    "box": (lambda: ns.box(-1.0), "a box needs"),
    "coefficient": (lambda: ns.meta_mapg(peer=float("inf")), "coefficient 'peer' must be a finite number"),
}


@pytest.mark.long
@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_one_clear_error(case, monkeypatch):
    make, said = BAD[case]
    if case not in ("unknown outcome", "compare", "compare protocols", "compare seeds", "compare without targets"):
        # refused before anything is compiled
        monkeypatch.setattr("nashscape.dynamics.batches.compiled", None)
    with pytest.raises(InputError, match=said) as caught:
        make()
    assert "\n" not in str(caught.value)


def test_shares_at_the_last_step_are_of_where_runs_stand():
    """Runs that circle stand in corners that none of them goes to."""
    how = {"targets": ["HH", "HT", "TH", "TT"], "step_size": 1.0}
    pennies = ns.games.matching_pennies()
    for found in (
        ns.basin_map(pennies, ns.pg(), grid=9, steps=260, **how),
        ns.entry_probability(pennies, ns.pg(), n=60, steps=260, **how),
    ):
        shares = [found.at_step(name).value for name in found.targets]
        assert shares == [float((found.held == k).mean()) for k in range(4)]
        assert sum(shares) > 0.3
        assert not any(found.reached(name).any() for name in found.targets)


UNEQUAL = ns.games.bimatrix([[3, 0], [1, 2], [0, 1]], [[2, 1], [0, 3], [1, 1]])
TYPED = ns.games.auction("second price", values=[1, 2], bids=[0, 1])  # two actions for each of two types


@pytest.mark.parametrize(
    ("game", "rules"),
    [(UNEQUAL, ns.pg()), (UNEQUAL, [ns.pg(), ns.meta_mapg(peer=2.0)]), (TYPED, ns.pg())],
    ids=["one", "two", "types"],
)
def test_a_game_without_a_map_is_told_a_call_that_runs(game, rules):
    with pytest.raises(InputError, match="a grid of starts needs players with two actions") as refused:
        ns.basin_map(game, rules)
    [call] = re.findall(r"ns\.entry_probability\(.*n=400\)", str(refused.value))
    called = inspect.signature(ns.entry_probability).bind
    bound = eval(call.replace("ns.entry_probability(", "called("), {"ns": ns, "game": game, "called": called})
    assert ask("any", **bound.arguments).key == ask("any", game=game, rules=rules, n=400).key is not None
