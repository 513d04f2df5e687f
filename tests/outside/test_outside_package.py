"""A package of somebody else goes through all that this library does, without a line of it being changed.

`beacon` brings a signalling game, trembling hands, a rule that remembers and its source, an estimator that only plays,
and a result with its picture. It is installed beside this library: see `make test`.
"""

import json
from importlib import metadata

import beacon
import numpy as np
import pytest
from beacon.rules import POLYAK
from typer.testing import CliRunner

import nashscape as ns
from nashscape import figures
from nashscape.cli.app import app
from nashscape.core import InputError
from nashscape.learning.from_texts import estimator_from_text
from nashscape.semantics.from_texts import semantics_from_text
from nashscape.testing import check_estimator, check_game, check_package, check_result, check_rule, check_semantics

GAME = beacon.lewis()
SHAPES = ((2, 2), (2, 2))
STRAIGHT, CROSSED = TARGETS = ["m0 m1/a0 a1", "m1 m0/a1 a0"]
HANDS = ns.parametric(GAME, beacon.Trembling(SHAPES, 0.05))
LEANING = [[[0.6, 0.4], [0.3, 0.7]], [[0.6, 0.4], [0.3, 0.7]]]


def test_the_game_pays_what_its_definition_says():
    """Against all plays written out, with unequal numbers of types, messages and answers."""
    game = beacon.lewis((0.2, 0.5, 0.3), messages=2)
    random = np.random.default_rng(0)
    sender, receiver = random.dirichlet(np.ones(2), 3), random.dirichlet(np.ones(3), 2)
    paid = sum(
        game.prior[t] * sender[t, m] * receiver[m, a] * (t == a) for t in range(3) for m in range(2) for a in range(3)
    )
    np.testing.assert_allclose(game.expected_payoffs([sender, receiver]), [paid, paid], rtol=1e-6)
    answers = [np.eye(3)[list(own)] for own in np.ndindex(3, 3)]
    best = max(float(game.expected_payoffs([sender, own])[1]) for own in answers)
    np.testing.assert_allclose(game.regrets([sender, receiver])[1], best - paid, atol=1e-6)
    learners = ns.parametric(game)
    assert learners.sizes == (3, 6)


@pytest.mark.long
def test_its_parts_pass_the_conformance_kits():
    check_game(GAME)
    check_game(beacon.lewis((0.2, 0.5, 0.3), messages=2))
    check_semantics(beacon.Trembling(((2, 3), (3, 2)), 0.2))
    check_rule(beacon.HeavyBall(), GAME)
    check_estimator(beacon.Shaken(), HANDS, draws=400, bias=0.02)


@pytest.mark.long
def test_entry_shares_of_both_understandings_are_alike_and_all_there_is():
    found = ns.entry_probability(HANDS, [ns.pg(), beacon.HeavyBall()], n=200, steps=400, targets=TARGETS)
    for entry in found.values():
        one, other = (entry.probability(name) for name in TARGETS)
        # within 3.3 standard errors of what symmetry says, less those that are still on their way
        assert max(abs(one.value - 0.5), abs(other.value - 0.5)) < 3.3 * np.sqrt(0.25 / 200)
        assert one.value + other.value > 0.9
    assert str(POLYAK) in found["heavy_ball"].citation.splitlines()
    assert str(POLYAK) not in found["pg"].citation
    assert figures.draw(found).axes


@pytest.mark.long
def test_a_run_goes_on_by_what_it_remembers_and_is_drawn_by_the_names_of_the_game():
    run = ns.simulate(HANDS, beacon.HeavyBall(), LEANING, steps=200, targets=TARGETS)
    assert run.outcome == STRAIGHT
    slow = ns.simulate(HANDS, ns.pg(), LEANING, steps=200, targets=TARGETS)
    assert run.first_hit < slow.first_hit
    names = {line.get_label() for line in run.plot().axes[0].lines}
    assert {"sender: m0 in t0", "receiver: a0 in m1"} <= names


@pytest.mark.long
def test_restarts_find_one_of_two_understandings_half_of_the_time():
    found = ns.restarts(HANDS, beacon.HeavyBall(), runs=200, budget=8, steps=300, target=STRAIGHT)
    assert found.success().value > 0.95
    each = found.per_start()
    assert abs(each.value - 0.5) < 3.3 * np.sqrt(0.25 / each.trials)


def test_an_explanation_adds_up_to_what_the_rule_did():
    found = ns.explain(HANDS, beacon.HeavyBall(), LEANING, STRAIGHT, steps=200)
    assert found.text.startswith("From ")
    assert f"heavy_ball reaches {STRAIGHT}" in found.text
    # what is remembered counts, and is not counted as if every step were the first
    assert found.pushes["correction"][0] == 0.0
    assert (found.pushes["correction"][1:10] > 0.0).all()
    np.testing.assert_allclose(
        found.pushes["base"] + found.pushes["correction"], found.pushes["total"], rtol=1e-9, atol=1e-12
    )
    assert found.plot().axes


def test_alignment_is_that_of_the_gradient_at_first():
    found = ns.alignment(HANDS, [ns.pg(), beacon.HeavyBall()], STRAIGHT, at=ns.starts.normal(std=1.0), n=40)
    one, other = found.values()
    np.testing.assert_allclose(one.projections["total"], other.projections["total"], rtol=1e-6)
    assert np.isfinite(one.projections["total"]).all()


@pytest.mark.long
def test_steering_by_a_function_of_the_strangers_own():
    """The less hands tremble the more runs come to understand each other well enough, and at .5 nobody can."""

    def steadier(value):
        return ns.parametric(GAME, beacon.Trembling(SHAPES, 0.5 - value)), beacon.HeavyBall()

    found = ns.steer(
        GAME, steadier, STRAIGHT, 0.3, low=0.0, high=0.45, starts=ns.starts.normal(std=1.0), n=100, steps=300
    )
    assert found.shares[0].value == 0.0
    assert found.shares[-1].low > 0.3
    low, high = found.bracket
    assert 0.1 < low < high < 0.45


def test_an_estimator_that_only_plays_serves_rules_that_need_base_alone():
    shaken = beacon.Shaken(pairs=8)
    found = ns.entry_probability(HANDS, beacon.HeavyBall(), n=100, steps=300, targets=TARGETS, estimator=shaken)
    assert found.probability(STRAIGHT).low > 0.25
    assert sum(found.probability(name).value for name in TARGETS) > 0.9
    run = ns.simulate(HANDS, ns.pg(), LEANING, steps=300, targets=TARGETS, estimator=shaken, seed=3)
    assert run.outcome == STRAIGHT
    with pytest.raises(InputError, match="rule lola needs lookahead, peer, and Shaken gives base: use another"):
        ns.entry_probability(HANDS, ns.lola(), n=10, steps=5, targets=TARGETS, estimator=shaken)
    with pytest.raises(InputError, match="takes exact payoffs, not estimates"):
        ns.restarts(HANDS, ns.learning.exact_lola(), runs=5, budget=2, target=STRAIGHT, estimator=shaken)


def test_a_result_has_its_own_picture_and_sources():
    run = ns.simulate(HANDS, beacon.HeavyBall(), LEANING, steps=200, targets=TARGETS)
    found = beacon.separation(GAME, run)
    assert found.bits[0] < 0.1
    assert 0.6 < found.bits[-1] <= 1.0
    axes = found.plot(title="bits").axes[0]
    np.testing.assert_allclose(axes.lines[0].get_ydata(), found.bits)
    assert len(figures.draw({"one": found, "two": found}).axes[0].lines) == 2
    assert [line.partition(":")[0] for line in found.citation.splitlines()][-2:] == ["Polyak", "Lewis"]
    assert found.to_dict()["provenance"]["sources"][-1]["key"] == "lewis"


def test_a_result_is_saved_and_read_again_as_what_the_package_announces(tmp_path):
    run = ns.simulate(HANDS, beacon.HeavyBall(), LEANING, steps=200, targets=TARGETS)
    found = beacon.separation(GAME, run)
    check_result(found)
    again = ns.load(found.save(tmp_path / "separation.json"))
    assert type(again) is beacon.Separation
    assert str(POLYAK) in again.citation
    # what the question says of the strangers' code is kept, though none of that is in the file
    assert not again.question.differs(found.question)
    assert ns.load(run.save(tmp_path / "run.json")).question.key == run.question.key


def test_a_result_is_shown_by_the_command_line_as_in_python(tmp_path):
    run = ns.simulate(HANDS, ns.pg(), LEANING, steps=5, targets=TARGETS)
    found = beacon.separation(GAME, run)
    path = found.save(tmp_path / "separation.json")
    printed = CliRunner().invoke(app, ["show", str(path), "--out", str(tmp_path / "drawn")])
    assert printed.exit_code == 0, printed.output
    assert printed.stdout.startswith(str(found.table()))
    assert found.table().rows == (("bits", f"6 numbers, from {found.bits.min():.6g} to {found.bits.max():.6g}"),)
    for end, start in (("png", b"\x89PNG"), ("svg", b"<?xml")):
        assert (tmp_path / "drawn" / f"result.{end}").read_bytes().startswith(start)
    assert json.loads((tmp_path / "drawn" / "results.json").read_text()) == found.to_dict()
    told = CliRunner().invoke(app, ["show", str(path), "--json"])
    assert json.loads(told.stdout) == found.to_dict()


@pytest.mark.parametrize(
    ("refused", "said"),
    [
        (lambda: ns.certify(GAME, ns.pg()), "certif"),
        (
            lambda: ns.equilibria(GAME),
            r"find equilibria takes a game .*\('table'\); lewis offers 'pays', 'rows'",
        ),
        (
            lambda: ns.games.pure_equilibria(GAME),
            "to find pure equilibria takes a game whose payoffs can be written out",
        ),
        (lambda: ns.basin_map(GAME, ns.pg()), "two actions"),
        (lambda: ns.flow_map(GAME), "normal form"),
        (lambda: ns.dynamics.replicator(GAME, LEANING), "needs a one-shot game in normal form"),
        (lambda: ns.theory.effective_coupling(ns.pg(), HANDS, LEANING), "independent sigmoids or softmaxes"),
        (lambda: ns.entry_probability(GAME, ns.pg(), targets=["m0 m1 m0/a0"]), "sender has 2 rows, t0, t1; give one"),
        (
            lambda: ns.entry_probability(GAME, ns.pg(), targets=["m0 m9/a0"]),
            "action of sender 'm9'. Known: m0, m1",
        ),
        (lambda: ns.entry_probability(GAME, ns.pg(), targets=["m0 m1"]), "has 2 players, separated by /"),
        (lambda: ns.entry_probability(GAME, ns.pg(), n=5, estimator=ns.sampled(8)), "no payoff array to sample from"),
        (lambda: ns.entry_probability(GAME, ns.pg(), n=5, estimator=ns.episodes(8)), "plays of a Markov game"),
        (lambda: ns.restarts(GAME, ns.pg(), runs=5), "name a profile as target"),
    ],
)
def test_what_such_a_game_is_not_made_for_is_refused_in_true_words(refused, said):
    with pytest.raises(InputError, match=said):
        refused()


@pytest.mark.long
def test_what_it_announces_is_what_it_is_said_to_be():
    assert check_package("beacon") == [
        "nashscape.estimators: shaken",
        "nashscape.games: lewis",
        "nashscape.games.converters: beacon.games.Codebook",
        "nashscape.results: separation",
        "nashscape.rules: heavy-ball",
        "nashscape.semantics: trembling",
    ]


@pytest.mark.long
def test_its_names_stand_for_what_it_makes():
    by_hand = ns.entry_probability(
        HANDS, beacon.HeavyBall(0.25), n=20, steps=20, targets=TARGETS, estimator=beacon.Shaken(4)
    )
    game = semantics_from_text("trembling:tremble=0.05")(ns.games.by_name("lewis"))
    rule, estimator = ns.rule_by_name("heavy-ball", momentum=0.25), estimator_from_text("shaken:pairs=4")
    by_name = ns.entry_probability(game, rule, n=20, steps=20, targets=TARGETS, estimator=estimator)
    assert by_name.question.key == by_hand.question.key
    assert by_name.outcomes() == by_hand.outcomes()


@pytest.mark.long
def test_a_study_and_the_command_line_take_its_names():
    fixed = {
        "game": "lewis:messages=3", "semantics": "trembling", "rule": "heavy-ball:momentum=0.25",
        "estimator": "shaken:pairs=2", "n": 4, "steps": 3, "targets": "m0 m1/a0 a1 a0",
    }  # fmt: skip
    found = ns.Study("names", fixed=fixed, measure="outcomes").run()
    assert found.status is ns.Status.COMPLETE
    listed = json.loads(CliRunner().invoke(app, ["games", "--json"]).stdout)[-1]
    assert (listed["name"], listed["parameters"]) == ("lewis", {"prior": [0.5, 0.5], "messages": 2})
    assert "heavy_ball" in CliRunner().invoke(app, ["rules"]).stdout


def test_objects_of_its_own_classes_stand_for_games():
    paid = [[2, 0], [0, 1]]
    one, other = (ns.equilibria(game) for game in (beacon.Cipher(paid), [paid, paid]))
    assert one.question.key == other.question.key
    with pytest.raises(
        InputError, match=r"the converter of beacon.games.Codebook, of the package beacon 0.1: .* got 'x'"
    ):
        ns.equilibria(beacon.Codebook("x"))


@pytest.mark.long
def test_what_is_ours_reads_no_entry_points(monkeypatch):
    """Neither names of ours nor games and arrays; JAX reads those of its own."""
    read, entry_points = [], metadata.entry_points
    monkeypatch.setattr(metadata, "entry_points", lambda **given: read.append(given["group"]) or entry_points(**given))
    game = semantics_from_text("open_source:coupling=0.5")(ns.games.by_name("stag-hunt"))
    ns.entry_probability(game, ns.rule_by_name("meta-mapg"), n=4, steps=3, estimator=estimator_from_text("exact"))
    ns.games.pure_equilibria([np.eye(2), np.eye(2)])
    assert not [group for group in read if group.startswith("nashscape")]
    assert ns.games.by_name("lewis").name == "lewis"
    assert [group for group in read if group.startswith("nashscape")] == ["nashscape.games"]


def test_its_game_is_shown_by_what_it_offers():
    shown = CliRunner().invoke(app, ["games", "lewis"])
    assert shown.exit_code == 0, shown.output
    assert shown.output.startswith("lewis: 2 players, 2 × 2 actions")
    assert json.loads(CliRunner().invoke(app, ["games", "lewis", "--json"]).output)["game"]
