"""What the explorer computes is what the library computes, and what it draws is where it says."""

import json
import threading
from dataclasses import replace

import numpy as np
import pytest

import nashscape as ns
from nashscape.app import exports, lines, maps, marks, places, players, proofs
from nashscape.app.choices import choices
from nashscape.app.desks import Refused, stopping
from nashscape.app.parts import LATER, QUICK
from nashscape.app.scenes import FAMILIES, GAMES, RULES, Scene
from nashscape.core import InputError
from nashscape.studies.toml_files import study_from_text

SMALL = Scene(grid=11)
UNEQUAL = (((3.0, 0.5), (2.5, 1.0)), ((2.0, 1.5), (0.25, 1.0)))
"""Two equilibria, and no symmetry."""


def labels(part, k=0):
    side = part.told["side"]
    return np.frombuffer(part.labels, np.int8).reshape(-1, side, side)[k]


def share(part, rule, outcome):
    (found,) = [own for own in part.told["maps"] if own["rule"] == rule]
    return {own["outcome"]: own for own in found["shares"]}.get(outcome, {"value": 0.0})["value"]


def test_a_map_is_the_map_of_the_library_in_a_game_without_symmetry():
    part = maps.followed_map(replace(SMALL, payoffs=UNEQUAL))
    game = ns.games.dense(UNEQUAL, actions=[("C", "D")] * 2)
    alone = ns.basin_map(game, ns.meta_mapg(), grid=11)
    np.testing.assert_array_equal(labels(part, 1), alone.labels[0])
    assert part.told["maps"][1]["rule"] == "meta_mapg"
    assert share(part, "meta_mapg", "CC") == pytest.approx(alone.fraction("CC").value, abs=1e-5)
    assert (labels(part, 1) != labels(part, 1).T).any()


def test_the_quick_map_says_who_is_where_and_the_followed_one_who_goes_where():
    quick, followed = maps.quick_map(SMALL), maps.followed_map(SMALL)
    kinds = [{own["kind"] for own in one.told["codes"].values()} for one in (quick, followed)]
    assert "target" not in kinds[0]
    assert "target" in kinds[1]
    assert share(quick, "pg", "passing CC") == pytest.approx(share(followed, "pg", "CC"), abs=0.02)
    assert followed.told["maps"][0]["audit"]["CC"] == [0, 16, 0]


def test_a_subsidy_is_paid_for_the_first_action_alone():
    game = players.game_of(Scene(payoffs=UNEQUAL, subsidy=0.5))
    paid = np.asarray(game.payoffs) - np.array(UNEQUAL)
    for a in range(2):
        for b in range(2):
            assert paid[:, a, b].tolist() == [0.5 * (a == 0), 0.5 * (b == 0)]
    three = players.game_of(Scene(game="volunteers_dilemma", subsidy=1.0))
    plain = players.game_of(Scene(game="volunteers_dilemma"))
    assert np.asarray(three.payoffs)[2, 1, 1, 0] - np.asarray(plain.payoffs)[2, 1, 1, 0] == 1.0
    assert np.asarray(three.payoffs)[2, 0, 0, 1] == np.asarray(plain.payoffs)[2, 0, 0, 1]


def test_games_have_their_own_numbers():
    game = players.game_of(Scene(game="battle_of_the_sexes", numbers=(("apart", -1.0), ("preferred", 3.0))))
    wanted = ns.games.battle_of_the_sexes(preferred=3.0, apart=-1.0)
    np.testing.assert_array_equal(game.payoffs, wanted.payoffs)
    for name, numbers in FAMILIES.items():
        own, (_, most) = next(iter(numbers.items()))
        drawn = players.game_of(Scene(game=name, numbers=((own, most),)))
        assert np.asarray(drawn.payoffs).shape == np.asarray(players.named_game(name).payoffs).shape
        assert not np.array_equal(drawn.payoffs, players.named_game(name).payoffs)


def test_of_players_who_read_each_other_the_map_is_over_their_own_parameters():
    scene = Scene(grid=11, coupling=0.4, rules=("pg",))
    part, axis = maps.followed_map(scene), places.own_axis(11)
    learners = ns.open_source(ns.games.stag_hunt(), 0.4)
    theta = [[np.log(p / (1 - p)), np.log(q / (1 - q))] for p in axis for q in axis]
    alone = ns.entry_probability(learners, ns.pg(), starts=ns.starts.parameters(theta), steps=140)
    np.testing.assert_array_equal(labels(part).ravel(), alone.labels)
    # a coupling at which two numbers determine but one strategy has a map as well
    assert len(maps.quick_map(Scene(grid=11, coupling=1.0)).labels) == 2 * 121


@pytest.mark.long
def test_slices_of_three_players_are_those_of_the_third():
    scene = Scene(game="volunteers_dilemma", rules=("pg",), grid=11, third=0.2)
    part = maps.followed_map(scene)
    alone = ns.basin_map(ns.games.by_name("volunteers_dilemma"), ns.pg(), grid=11)
    k = int(np.abs(alone.axis - 0.2).argmin())
    np.testing.assert_array_equal(labels(part), alone.labels[0, :, :, k])
    assert part.told["third"] == pytest.approx(alone.axis[k])
    # shares, and what colours mean, are those of the slice: in it DDC is nowhere
    names = {int(code): own["name"] for code, own in part.told["codes"].items()}
    counted = {name: float((labels(part) == code).mean()) for code, name in names.items()}
    assert {own["outcome"]: own["value"] for own in part.told["maps"][0]["shares"]} == pytest.approx(counted, abs=1e-5)
    edge = maps.followed_map(replace(scene, third=0.95, grid=11))
    assert share(edge, "pg", "DDC") > 0.8
    assert alone.fraction("DDC").value < 0.5


def test_triangles_hold_mixed_strategies_of_three_actions():
    points = places.corners_apart(7)
    assert len(points) == 28
    np.testing.assert_allclose(points.sum(axis=1), 1.0)
    assert points.min() > 0
    part = maps.quick_map(Scene(game="rock_paper_scissors", rules=("pg",)))
    assert len(part.labels) == places.SIDE * (places.SIDE + 1) // 2


def test_payoffs_have_the_shape_of_the_game():
    with pytest.raises(InputError, match=r"have the shape \[2, 3, 3\]; got \[2, 2, 2\]"):
        players.game_of(Scene(game="rock_paper_scissors", payoffs=UNEQUAL))
    with pytest.raises(InputError, match="same number of actions"):
        players.game_of(Scene(payoffs=((1.0, 2.0), (1.0,))))


def test_the_push_is_how_probabilities_begin_to_move():
    scene = Scene(payoffs=UNEQUAL, rules=("lola",))
    part = lines.field_of(scene)
    axis, field = np.array(part.told["axis"]), np.array(part.told["fields"]["lola"])
    step = 1e-3
    for i, j in ((2, 11), (8, 3)):
        run = ns.simulate(players.game_of(scene), ns.lola(peer=1.5), [axis[i], axis[j]], steps=1, step_size=step)
        moved = [(own[1][0] - own[0][0]) / step for own in run.strategies]
        np.testing.assert_allclose(field[i, j] * part.told["longest"]["lola"], moved, rtol=2e-2, atol=1e-5)
    tiny = (np.array(UNEQUAL) * 1e-6).tolist()
    assert np.abs(lines.field_of(Scene(payoffs=tiny, rules=("pg",))).told["fields"]["pg"]).max() == 1.0


def test_a_run_is_that_of_the_library_whoever_reads_whom():
    scene = Scene(start=(0.6, 0.3), rules=("meta_mapg",))
    path = np.array(lines.run_of(scene).told["runs"]["meta_mapg"]["path"])
    run = ns.simulate(ns.games.stag_hunt(), ns.meta_mapg(), [0.6, 0.3])
    np.testing.assert_allclose(path[:, 1], run.strategies[1][:, 0], atol=1e-4)
    coupled = lines.run_of(replace(scene, coupling=0.5)).told["runs"]["meta_mapg"]["path"]
    assert coupled[0] == [0.6, 0.3]
    with pytest.raises(InputError, match="3 players"):
        lines.run_of(replace(scene, game="volunteers_dilemma"))


def test_marks_stand_where_closed_forms_say():
    chicken = Scene(game="chicken")
    closed = {own["name"]: own["value"] for own in marks.closed_marks(chicken).told["coupling"]}
    R, S, T, P = 6, 2, 7, 0
    assert closed["cooperation"] == pytest.approx((T - R) / (R - S))
    assert closed["half"] if (T + P - R - S) > 0 else "half" not in closed


@pytest.mark.long
def test_marks_stand_where_steering_says():
    found = marks.steered_marks(Scene(rules=("meta_mapg",))).told["marks"]
    half = found["peer"]["half"]
    alone = ns.steer(ns.games.stag_hunt(), "peer", at_least=0.5, grid=25, scan=17, tolerance=10 / 1024)
    assert (half["low"], half["value"]) == pytest.approx(tuple(map(float, alone.bracket)))
    game = ns.games.dense(np.asarray(players.game_of(Scene(subsidy=found["subsidy"]["all"]["value"])).payoffs))
    assert ns.basin_map(game, ns.meta_mapg(), grid=25).fraction("AA").value == 1.0


def test_marks_of_a_game_in_which_the_others_cooperation_harms_are_said_the_other_way_round():
    (mark,) = marks.closed_marks(Scene(game="ordinal:355")).told["coupling"]
    assert (mark["value"], mark["text"]) == (1.0, "policy gradient, κ_D: up to here mutual D is not first-order stable")
    game = players.game_of(Scene(game="ordinal:355"))
    for coupling, grows in ((0.9, True), (1.1, False)):
        run = ns.simulate(ns.open_source(game, coupling), ns.pg(), ns.starts.parameters([[-6.0, -6.0]]), steps=400)
        assert (run.strategies[0][-1, 0] > run.strategies[0][0, 0]) == grows


@pytest.mark.long
def test_what_is_steered_for_is_one_profile_whatever_else_attracts():
    told = marks.steered_marks(Scene(game="prisoners_dilemma", rules=("pg",))).told
    assert told["target"] == "CC"
    half = told["marks"]["subsidy"]["half"]
    paid = ns.games.dense(np.asarray(players.game_of(Scene(game="prisoners_dilemma", subsidy=half["value"])).payoffs))
    assert ns.basin_map(paid, ns.pg(), grid=25, targets=[(0, 0)]).at_step("AA").value >= 0.5
    assert "unresolved" in half["why"]


def test_what_labels_rest_on_is_told_and_a_schedule_that_has_not_ended():
    scene = Scene(grid=11, rules=("pg", "peer_only"), schedule="decay")
    told = maps.followed_map(scene).told
    assert told["frozen"] == ["peer_only"]
    assert maps.quick_map(scene).told["frozen"] == maps.followed_map(replace(scene, schedule="handoff")).told["frozen"]
    assert told["rests"].startswith("Targets are the strict pure equilibria, reached where each of their actions")
    assert "within ±8; the step of update t is 0.9/(t+10)^0.24, η 0.55." in told["rests"]
    assert lines.equilibria_of(Scene(rules=("lola",), schedule="decay")).told["first"]


def test_what_is_proved_lies_where_it_goes():
    scene = Scene(rules=("pg",), grid=11)
    proof = proofs.certified_of(scene).told["proofs"]["pg"]
    followed = maps.followed_map(scene)
    axis = places.own_axis(11)
    names = {int(code): own["name"] for code, own in followed.told["codes"].items()}
    seen = 0
    for low_1, low_2, high_1, high_2, name in proof["cells"]:
        for i in np.flatnonzero((axis > low_1) & (axis < high_1)):
            for j in np.flatnonzero((axis > low_2) & (axis < high_2)):
                assert names[int(labels(followed)[i, j])] == name
                seen += 1
    assert seen > 80
    assert 0.2 < proof["shares"]["CC"] < 0.26
    assert sum(proof["shares"].values()) + sum(proof["undecided"].values()) == pytest.approx(1.0, abs=1e-3)


def test_programs_name_the_best_deviation_from_what_is_none():
    told = proofs.programs_of(Scene(game="prisoners_dilemma", coupling=0.3)).told
    gains = {own["name"]: own["gain"][1] for own in told["profiles"] if own["verdict"] == "no"}
    found = ns.program_equilibria(ns.open_source(ns.games.prisoners_dilemma(), 0.3))
    assert gains == pytest.approx({own.name or "mixed": own.gain[1] for own in found.rejected}, abs=1e-4)
    assert max(gains.values()) > 0.1


@pytest.mark.parametrize("name", GAMES)
def test_every_game_has_a_map_or_says_why_not(name):
    scene = Scene(game=name, grid=11, rules=("pg",))
    for part in (*QUICK, "closed", "equilibria"):
        found = stopping(threading.Event(), part, scene)
        if isinstance(found, Refused):
            assert "error of nashscape" not in found.why
            assert part != "map"
        else:
            json.dumps(found.told, allow_nan=False)
            assert bool(found.labels) == (part == "map")


def test_choices_are_all_that_a_scene_takes():
    told = choices()
    assert [own["name"] for own in told["games"]] == list(GAMES)
    assert len(told["ordinal"]) == 144
    assert {own["name"]: tuple(own["coefficients"]) for own in told["rules"]} == dict(RULES)
    json.dumps(told, allow_nan=False)
    assert set(LATER) & set(QUICK) == set()


@pytest.mark.parametrize(
    "scene",
    [
        Scene(grid=11, rules=("pg", "meta_mapg"), schedule="handoff", until=7),
        Scene(grid=11, payoffs=UNEQUAL, subsidy=0.25, rules=("lola",)),
        Scene(grid=11, coupling=0.3, rules=("pg",)),
        Scene(grid=11, batch=16, rules=("pg",)),
        Scene(grid=11, game="ordinal:322", rules=("meta_mapg",), schedule="decay"),
        Scene(grid=11, game="donation", numbers=(("cost", 0.25),), rules=("pg",)),
        pytest.param(Scene(game="shapley", rules=("pg", "meta_mapg"), peer=0.123456789), marks=pytest.mark.long),
        pytest.param(Scene(game="volunteers_dilemma", grid=7, rules=("lola",), third=0.3), marks=pytest.mark.long),
    ],
)
def test_the_code_that_is_taken_along_gives_what_is_on_screen(scene, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    made = {}
    exec(compile(exports.code(scene), "explore.py", "exec"), made)
    shown = maps.followed_map(scene)
    told = np.frombuffer(shown.labels, np.int8).reshape(len(scene.rules), -1)
    for k, one in enumerate(made.get("found", made.get("maps")).values()):
        own = np.asarray(one.labels)
        if "third" in shown.told:
            own = own[0, :, :, int(np.abs(one.axis - scene.third).argmin())]
        np.testing.assert_array_equal(own.ravel(), told[k])
    assert capsys.readouterr().out


def test_the_study_that_is_taken_along_is_one():
    scene = Scene(schedule="decay", batch=64, coupling=0.2, rules=("pg", "meta_mapg"))
    assert 'game = "donation:cost=0.25"' in exports.study(Scene(game="donation", numbers=(("cost", 0.25),)))
    text = exports.study(scene)
    assert 'rule = ["pg", "meta_mapg:own=0.35,peer=1.5/(t+1)^0.6"]' in text
    assert study_from_text(text).n_items == 2
    with pytest.raises(InputError, match="names its game"):
        exports.study(Scene(payoffs=UNEQUAL))


def test_figures_are_drawn(tmp_path):
    scene = Scene(grid=11, rules=("pg",))
    assert b"<svg" in exports.figure(scene, "svg")[:400]
    assert exports.figure(scene, "png")[:4] == b"\x89PNG"
    with pytest.raises(InputError, match="take the code"):
        exports.figure(Scene(coupling=0.2), "svg")
