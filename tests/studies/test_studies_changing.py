"""Studies with other settings, smaller ones, and the sets of games that they may vary over."""

import numpy as np
import pytest

from nashscape import InputError
from nashscape.games.topology import all_games, symmetric_games
from nashscape.studies.study import Study


def study():
    return Study(
        "made",
        {"game": "stag_hunt", "step_size": 0.5},
        [
            {"rule": ["pg", "lola"], "grid": [5, 7]},
            {"game.T": {"from": 2, "to": 3, "count": 11}},
            {"design": "sobol", "count": 8, "game.S": {"from": -1, "to": 0}, "threshold": {"from": 0.6, "to": 0.9}},
        ],
        [{"what": "outcomes", "steps": 30}, {"what": "alignment", "step_size": 0.25, "name": "push"}],
    )


def test_fixed_takes_the_place_of_what_varied_and_of_what_a_measure_said():
    own = study().but({"game.T": 2.5, "grid": 3, "step_size": 0.125})
    assert own.points.names == ("rule", "game.S", "threshold")
    assert [readied.settings(readied.points[0])["step_size"] for readied in own.readied] == [0.125, 0.125]
    assert own.fixed == {"game": "stag_hunt", "step_size": 0.125, "game.T": 2.5, "grid": 3}
    assert study().points.names == ("rule", "grid", "game.T", "game.S", "threshold")


def test_other_values_stand_where_the_name_stood_and_new_names_are_crossed():
    own = study().but(vary={"game.T": [2.0, 3.0], "low": [0.1, 0.2, 0.3]})
    assert own.points.values("game.T") == (2.0, 3.0)
    assert len(own.points) == 2 * 2 * 8 * 3


def test_fewer_values_go_from_end_to_end_and_designs_keep_their_first_points():
    own = study().but(values=3)
    assert own.points.values("game.T") == (2.0, 2.5, 3.0)
    assert own.points.values("rule") == ("pg", "lola")
    assert own.points.values("game.S") == study().points.values("game.S")[:3]
    assert len(study().but(values=1).points) == 1


def test_items_that_both_ask_have_one_key():
    whole, part = study(), study().but(values=1)
    keys = {whole.item(place).key for place in whole.places()}
    assert {part.item(place).key for place in part.places()} <= keys


def test_what_is_no_part_of_a_study_is_refused():
    with pytest.raises(InputError, match="unknown part of a study 'nam'; did you mean 'name'"):
        study().but(nam="other")


def test_ordinal_games_vary_by_their_names():
    one = Study("made", {"rule": "pg", "grid": 3}, [{"game": {"ordinal": "symmetric"}}])
    assert one.points.values("game") == tuple(f"ordinal:{own.abbreviation}" for own in symmetric_games())
    whole = Study("made", {"rule": "pg", "grid": 3}, [{"game": {"ordinal": "all"}}])
    assert len(whole.points) == len(all_games()) == 144
    with pytest.raises(InputError, match="unknown set of ordinal games of game 'al'"):
        Study("made", {"rule": "pg", "grid": 3}, [{"game": {"ordinal": "al"}}])


@pytest.mark.long
def test_a_dial_that_another_verb_has_as_an_option_is_still_a_dial():
    made = Study("made", {"game": "stag_hunt", "rule": "lola", "n": 8, "steps": 12}, [{"warm_up": [0, 12]}])
    plain = made.but({"rule": "pg"}, {"warm_up": [0]}).run().values(quantity="share")
    handed = made.run()
    np.testing.assert_array_equal(handed.values(warm_up=0.0, quantity="share")["value"], plain["value"])


def test_a_gain_says_how_much_more_the_players_get():
    from nashscape import basin_map, games, meta_mapg, pg
    from nashscape.dynamics import reducers

    options = {"grid": 5, "steps": 60, "reducers": (reducers.payoffs(over="end"),)}
    made = Study("made", {"game": "stag_hunt", "rule": "meta_mapg:peer=3", "against": "pg", "runs": "basin_map",
                          "grid": 5, "steps": 60}, measure=["gain"])  # fmt: skip
    [row] = made.run().values(quantity="welfare_difference")["value"]
    each = [basin_map(games.stag_hunt(), rule, **options).reduced["end_payoffs"] for rule in (meta_mapg(peer=3), pg())]
    assert row == pytest.approx(float((each[0] - each[1]).sum(axis=-1).mean()))
    assert row > 0.1
