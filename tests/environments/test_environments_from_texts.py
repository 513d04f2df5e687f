"""Games that are played, by name: each is what Python makes, its parameters are known, and what is wrong is said."""

import jax
import numpy as np
import pytest

import nashscape as ns
from nashscape import InputError, environments
from nashscape.core.descriptions import describe, digest
from nashscape.games.exchange.from_texts import game_from_text, parameters_in, values_in
from nashscape.games.families.known_games import ENVIRONMENTS, GAMES
from nashscape.studies.games_given import game_of, parameters_of

SAME = {
    "coin_game": ("coin-game", environments.coin_game),
    "its parameters": (
        "coin_game:size=4,limit=20,colours=alternating,egocentric=true",
        lambda: environments.coin_game(4, limit=20, colours="alternating", egocentric=True),
    ),
    "one shot": ("played:game=stag-hunt", lambda: environments.of_game(ns.games.stag_hunt())),
    "those of the game": (
        "played:game=stag_hunt,T=2.5,clock=true",
        lambda: environments.of_game(ns.games.stag_hunt(T=2.5), clock=True),
    ),
    "repeated": (
        "played:game=iterated_prisoners_dilemma,limit=7",
        lambda: environments.of_game(ns.games.iterated_prisoners_dilemma(), limit=7),
    ),
    "ordinal": ("played:game=ordinal:Pd", lambda: environments.of_game(game_from_text("ordinal:Pd"))),
}


def same(one, other):
    return digest(describe(one).data) == digest(describe(other).data) and one.limit == other.limit


@pytest.mark.parametrize(("text", "make"), SAME.values(), ids=SAME)
def test_a_text_makes_what_python_makes(text, make):
    assert same(game_from_text(text), make())
    assert not same(game_from_text(text), environments.of_game(ns.games.chicken(), clock=True))


def test_a_table_a_parameter_and_a_text_say_the_same():
    wanted = environments.of_game(ns.games.stag_hunt(T=2.5), limit=1)
    assert same(game_of({"name": "played", "game": "stag_hunt", "T": 2.5, "limit": 1}), wanted)
    assert same(game_of("played:game=stag_hunt", {"T": 2.5, "limit": 1}), wanted)


def test_parameters_of_the_game_within_are_known():
    assert parameters_in("played:game=stag_hunt,T=2") == ("game", "limit", "clock", "R", "S", "T", "P")
    assert values_in("played:game=stag_hunt,T=2")["T"] == 2
    assert parameters_of({"name": "played", "game": "stag_hunt"})[3:] == ("R", "S", "T", "P")
    assert parameters_in("coin_game")[:2] == ("size", "limit")


def test_a_file_holds_a_game_that_is_played(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.py").write_text(
        "import numpy as np\n\ndef duel(prize=2.0):\n    return prize * np.eye(3)[None, :].repeat(2, 0)\n"
    )
    made = game_of({"name": "played", "game": "mine.py:duel", "prize": 3.0})
    state, _ = made.reset(jax.random.key(0))
    after = made.step(jax.random.key(0), state, (np.int32(1), np.int32(1)))
    assert after.rewards.tolist() == [3.0, 3.0]


def test_names_of_ours_count_as_ours_and_are_listed():
    for name in ENVIRONMENTS:
        assert GAMES.find(name).is_ours
        assert name in GAMES.names()
    rows = {row.name: row for row in ns.games.catalogue()}
    assert rows["coin_game"].players == ("red", "blue")
    assert dict(rows["played"].parameters) == {"game": "needed", "limit": None, "clock": False}


REFUSED = {
    "a parameter": ("coin_game:sise=3", "unknown parameter of coin_game 'sise'; did you mean 'size'"),
    "no game": ("played", "played needs the parameter game"),
    "an unknown game": ("played:game=stag_hund", "unknown game 'stag_hund'; did you mean 'stag_hunt'"),
    "of the game": ("played:game=stag_hunt,Q=2", "unknown parameter of stag_hunt 'Q'"),
    "played twice": ("played:game=coin_game", "coin_game is played already; give it by its own name"),
    "a number": ("played:game=2", "game is the name of a game, or a file, as in played:game=stag_hunt; got 2"),
    "no end": ("played:game=iterated_prisoners_dilemma,limit=0", "limit"),
}


@pytest.mark.parametrize(("text", "said"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_is_refused(text, said):
    with pytest.raises(InputError, match=said):
        game_from_text(text)
