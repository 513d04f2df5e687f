"""Objects of other libraries: stand-ins here, and the libraries themselves where they are installed."""

import itertools
import sys
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest
from oracles import gambit_texts

from nashscape import InputError, games
from nashscape.games.exchange import open_spiel as reading

GAME = games.dense(
    np.random.default_rng(5).integers(-9, 9, (3, 2, 3, 4)).astype(float),
    actions=[("up", "down"), ("a", "b", "c"), ("1", "2", "3", "4")],
    name="three",
)
PAIR = games.bimatrix([[3, 0, 1], [2, 4, 5]], [[1, 2, 0], [0, 0, 7]], actions=[("u", "d"), ("l", "m", "r")], name="two")


def called(name, **attributes):
    """A class of this full name."""
    module, _, own = name.rpartition(".")
    return type(own, (), {"__module__": module, "__qualname__": own, **attributes})


def module(monkeypatch, name, **contents):
    made = ModuleType(name)
    vars(made).update(contents)
    for part in itertools.accumulate(name.split("."), "{}.{}".format):
        monkeypatch.setitem(sys.modules, part, made if part == name else ModuleType(part))
    return made


def test_quantecons_arrays_begin_with_the_own_actions(monkeypatch):
    class Player:
        def __init__(self, payoff_array):
            self.payoff_array = payoff_array

    kind = called("quantecon.game_theory.normal_form_game.NormalFormGame")
    kind.__init__ = lambda self, players: setattr(self, "players", players)
    module(monkeypatch, "quantecon.game_theory", NormalFormGame=kind, Player=Player)
    for game in (GAME, PAIR):
        made = games.to_library(game, "quantecon")
        n = game.n_players
        for place in itertools.product(*map(range, game.shape)):
            seen = [own.payoff_array[place[i:] + place[:i]] for i, own in enumerate(made.players)]
            assert seen == game.payoffs_at(place).tolist()
        assert [own.payoff_array.shape[0] for own in made.players] == list(game.shape)
        np.testing.assert_array_equal(games.game(made).payoffs, game.payoffs)
        assert len(made.players) == n


def test_quantecons_graphs_are_graphs():
    draws = np.random.default_rng(2)
    sizes = (2, 3, 2)
    tables = {(i, j): draws.normal(size=(sizes[i], sizes[j])) for i, j in itertools.permutations(range(3), 2)}
    kind = called("quantecon.game_theory.polymatrix_game.PolymatrixGame", polymatrix=tables, N=3)
    game = games.game(kind())
    for place in itertools.product(*map(range, sizes)):
        own = [sum(tables[i, j][place[i], place[j]] for j in range(3) if j != i) for i in range(3)]
        np.testing.assert_allclose(game.payoffs_at(place), own, rtol=1e-14)


def test_nashpy_has_two_players(monkeypatch):
    kind = called("nashpy.game.Game")
    kind.__init__ = lambda self, *own: setattr(self, "payoff_matrices", own)
    module(monkeypatch, "nashpy", Game=kind)
    made = games.to_library(PAIR, "nashpy")
    assert [own.tolist() for own in made.payoff_matrices] == PAIR.payoffs.tolist()
    np.testing.assert_array_equal(games.game(made).payoffs, PAIR.payoffs)
    with pytest.raises(InputError, match="Nashpy has games of two players; three has 3"):
        games.to_library(GAME, "nashpy")


def matrix_game(short, long, rows, columns, first, second):
    kind = called(
        "pyspiel.MatrixGame",
        num_rows=lambda self: len(rows),
        num_cols=lambda self: len(columns),
        row_action_name=lambda self, k: rows[k],
        col_action_name=lambda self, k: columns[k],
        row_utilities=lambda self: np.array(first),
        col_utilities=lambda self: np.array(second),
        get_type=lambda self: SimpleNamespace(short_name=short),
    )
    return kind()


def tensor_game(short, long, names, payoffs):
    shape = [len(own) for own in names]
    kind = called(
        "pyspiel.TensorGame",
        shape=lambda self: shape,
        action_name=lambda self, player, k: names[player][k],
        player_utilities=lambda self, player: payoffs[player],
        get_type=lambda self: SimpleNamespace(short_name=short),
    )
    return kind()


def test_open_spiel_keeps_names(monkeypatch):
    module(monkeypatch, "pyspiel", create_matrix_game=matrix_game, create_tensor_game=tensor_game)
    for game in (GAME, PAIR):
        again = games.game(games.to_library(game, "open_spiel"))
        np.testing.assert_array_equal(again.payoffs, game.payoffs)
        assert (again.actions, again.name) == (game.actions, game.name)


class State:
    """Of a game of two: chance hides a side, one guesses it, the other sees the guess or not, and doubles or not."""

    def __init__(self, past, seen, twice=False):
        self.past, self.seen, self.twice = past, seen, twice

    def is_terminal(self):
        return len(self.past) == 3

    def is_chance_node(self):
        return not self.past

    def chance_outcomes(self):
        return [(0, 0.25), (1, 0.75)]

    def current_player(self):
        return len(self.past) - 1

    def legal_actions(self):
        return [3, 3] if self.twice else [[], [4, 7], [0, 1, 2]][len(self.past)]

    def action_to_string(self, player, action):
        return f"{'ab'[player]}, {action}"

    def information_state_string(self, player):
        return "" if player == 0 or not self.seen else str(self.past[1])

    def child(self, action):
        return State((*self.past, action), self.seen, self.twice)

    def returns(self):
        side, guess, times = self.past
        won = (1.0 if (guess == 4) == (side == 0) else -1.0) * times + 0.5
        return [won, 1.0 - won]


def walked(monkeypatch, seen=True, dynamics="SEQUENTIAL", strings=True, twice=False):
    kind = SimpleNamespace(
        short_name="hide", dynamics=SimpleNamespace(name=dynamics), provides_information_state_string=strings
    )
    made = called(
        "pyspiel.Game",
        get_type=lambda self: kind,
        num_players=lambda self: 2,
        new_initial_state=lambda self: State((), seen, twice),
    )
    return type("Derived", (made,), {})()


@pytest.mark.parametrize("seen", [True, False])
def test_other_games_of_open_spiel_are_walked_through(monkeypatch, seen):
    game = games.game(walked(monkeypatch, seen))
    assert game.actions[0] == ("a; 4", "a; 7")
    plans = list(itertools.product(range(3), repeat=2 if seen else 1))
    assert game.actions[1] == tuple(" ".join(f"b; {k}" for k in own) for own in plans)
    for row, guess in enumerate((4, 7)):
        for column, plan in enumerate(plans):
            times = plan[row] if seen else plan[0]
            won = (0.25 - 0.75) * (1 if guess == 4 else -1) * times + 0.5
            assert game.payoffs[:, row, column].tolist() == [won, 1 - won]
    assert game.exact_payoffs is None
    assert (game.name, game.players) == ("hide", ("player 1", "player 2"))


def test_games_of_open_spiel_without_a_normal_form_are_refused(monkeypatch):
    with pytest.raises(InputError, match="OpenSpiel's hide has no information states of players"):
        games.game(walked(monkeypatch, strings=False))
    with pytest.raises(InputError, match="OpenSpiel's hide has no information states of players"):
        games.game(walked(monkeypatch, dynamics="MEAN_FIELD"))
    # actions that its own reader of trees has made one, google-deepmind/open_spiel 955
    with pytest.raises(InputError, match=r"actions that it does not tell apart, \[3, 3\]"):
        games.game(walked(monkeypatch, twice=True))
    monkeypatch.setattr(reading, "NODES", 5)
    with pytest.raises(InputError, match="OpenSpiel's hide has more than 5 states, and is not written"):
        games.game(walked(monkeypatch))
    # moves at the same time are taken one after another, unseen
    module(monkeypatch, "pyspiel", convert_to_turn_based=lambda game: walked(monkeypatch, False))
    monkeypatch.setattr(reading, "NODES", 100)
    assert games.game(walked(monkeypatch, dynamics="SIMULTANEOUS")).shape == (2, 3)


def test_gambits_games_come_as_their_texts(monkeypatch):
    monkeypatch.setitem(sys.modules, "pygambit", None)  # whatever happens, it is not imported
    base = called("pygambit.gambit.Game", to_nfg=lambda self: gambit_texts.OUTCOMES.text)
    tree = called("pygambit.gambit.ExtensiveGame", to_efg=lambda self: gambit_texts.LABELLED.text)
    newer = type("ExtensiveGame", (base, tree), {"__module__": "pygambit.gambit"})
    assert games.game(base()).payoffs.tolist() == [[[2, 0], [0, 1]], [[0, 1], [1, 0]]]
    assert games.game(newer()).actions == (("u", "d"), ("l", "r"))
    older = type("Game", (base,), {"is_tree": True, "to_efg": lambda self: gambit_texts.INNER.text})
    assert games.game(older()).name == "inner"
    with pytest.raises(InputError, match=r"has no to_nfg.*read the file with games.read_game\('game.nfg'\)"):
        games.game(called("pygambit.gambit.Game")())
    wrong = called("pygambit.gambit.Game", to_nfg=lambda self: "NFG 1 R")
    with pytest.raises(InputError, match="the game of Gambit, line 1: expected names of players"):
        games.game(wrong())
    with pytest.raises(InputError, match=r"pygambit.read_nfg\(io.StringIO\(games.format_game\(game, 'nfg'\)\)\)"):
        games.to_library(GAME, "pygambit")


@pytest.mark.parametrize("name", ["nashpy", "quantecon", "open_spiel"])
def test_a_library_that_is_missing_is_named(monkeypatch, name):
    for own in ("nashpy", "quantecon", "quantecon.game_theory", "pyspiel"):
        monkeypatch.setitem(sys.modules, own, None)
    with pytest.raises(InputError, match=f"this takes {name}, which is not installed: pip install {name}"):
        games.to_library(PAIR, name)


def test_what_has_no_table_is_no_game_elsewhere():
    with pytest.raises(InputError, match=r"to make a game of nashpy takes a game whose payoffs can be written out"):
        games.to_library(games.tandem(), "nashpy")


@pytest.mark.parametrize(("name", "imported"), [("quantecon", "quantecon.game_theory"), ("open_spiel", "pyspiel")])
@pytest.mark.parametrize("game", [GAME, PAIR], ids=["three players", "two"])
def test_the_library_itself_gives_the_game_back(name, imported, game):
    pytest.importorskip(imported, reason=f"{name} is not installed")
    made = games.to_library(game, name)
    np.testing.assert_array_equal(games.game(made).payoffs, game.payoffs)
    for place in itertools.product(*map(range, game.shape)):
        if name == "quantecon":
            seen = list(np.atleast_1d(made[place]))
        else:
            state = made.new_initial_state()
            state.apply_actions(list(place))
            seen = state.returns()
        assert [float(x) for x in seen] == game.payoffs_at(place).tolist()


def test_poker_of_open_spiel_has_the_value_of_poker():
    """Kuhn's: 1/18 to the second player, in equilibria that are known; and the tree that it brings as a text."""
    spiel = pytest.importorskip("pyspiel", reason="open_spiel is not installed")
    game = games.game(spiel.load_game("kuhn_poker"))
    text = games.parse_game(spiel.get_kuhn_poker_efg_data(), "efg")
    assert game.shape == text.shape == (27, 64)
    from scipy.optimize import linprog

    for own in (game, text):
        rows = np.column_stack([-own.payoffs[0].T, np.ones(64)])
        found = linprog(
            [*np.zeros(27), -1], rows, np.zeros(64), [[*np.ones(27), 0]], [1], [(0, None)] * 27 + [(None, None)]
        )
        assert abs(-found.fun + 1 / 18) < 1e-9
