"""Games in extensive form: against following every play by hand, plans in fractions, and public reports."""

from fractions import Fraction

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from oracles import gambit_texts
from oracles.random_trees import Drawn

from nashscape import InputError, entry_probability, games, parametric, pg, simulate, testing
from nashscape.games import chance, decision, ending, extensive_game


def drawn_strategies(game, seed):
    """Random behaviour strategies, some of them with zeros."""
    random, made = np.random.default_rng(seed), []
    for legal in game.legal:
        weights = random.exponential(size=legal.shape) * legal * (random.random(legal.shape) > 0.2)
        weights[weights.sum(axis=1) == 0] = legal[weights.sum(axis=1) == 0]
        made.append(weights / weights.sum(axis=1, keepdims=True))
    return made


def by_hand(drawn, game, strategies):
    """What a tree pays on average, followed from its root, node by node, in the numbers of the tree alone."""
    numbers = [list(dict.fromkeys(number for own, number in drawn.sets.items() if own[0] == k)) for k in range(3)]
    order = [[] for _ in range(3)]

    def note(node):
        if node.mover is not None and node.mover >= 0 and node.place not in order[node.mover]:
            order[node.mover].append(node.place)
        for branch in node.branches:
            note(branch)

    note(drawn.root)
    assert all(set(own) <= set(known) for own, known in zip(order, numbers, strict=True))

    def below(node):
        here = np.array([float(x) for x in node.payoffs or [0] * 3])
        if node.mover is None:
            return here
        if node.mover < 0:
            shares = map(float, node.chances)
        else:
            row = game.places[node.mover].index(order[node.mover].index(node.place))
            shares = strategies[node.mover][row][game.legal[node.mover][row]]
        return here + sum(p * below(branch) for p, branch in zip(shares, node.branches, strict=True))

    return below(drawn.root)


def plans_of(game, strategies, player):
    """How likely each plan of the reduced normal form is, where every row is drawn by itself."""
    order = [
        game.places[player].index(k) if k in game.places[player] else None for k in range(len(game.tree.sets[player]))
    ]
    normal = games.normal_form(game)
    weights = []
    for name in normal.actions[player]:
        words = name.split(" ") if order else []
        weight = 1.0
        for place, (word, row) in enumerate(zip(words, order, strict=True)):
            if word != "*" and row is not None:
                labels = game.tree.sets[player][place]
                column = np.flatnonzero(game.legal[player][row])[list(labels).index(word)]
                weight *= strategies[player][row][column]
        weights.append(weight)
    return np.array(weights)


SEEDS = [seed for seed in range(520) if any(own[0] >= 0 for own in Drawn(seed).sets)]


@pytest.mark.parametrize("seed", [*SEEDS[:2], *(pytest.param(seed, marks=pytest.mark.long) for seed in SEEDS[2:])])
def test_payoffs_regrets_and_values_are_those_of_following_every_play_and_of_all_plans(seed):
    with jax.enable_x64(True):
        drawn = Drawn(seed)
        game = games.parse_tree(drawn.text)
        strategies = drawn_strategies(game, seed)
        paid = np.asarray(game.expected_payoffs(strategies))
        np.testing.assert_allclose(paid, by_hand(drawn, game, strategies), atol=1e-12)
        assert float(game.plays(strategies).sum()) == pytest.approx(1.0)
        normal = games.normal_form(game)
        mixed = [plans_of(game, strategies, k) for k in range(3)]
        for own in mixed:
            assert own.sum() == pytest.approx(1.0)
        np.testing.assert_allclose(np.asarray(normal.expected_payoffs(mixed)), paid, atol=1e-12)
        np.testing.assert_allclose(np.asarray(game.regrets(strategies)), np.asarray(normal.regrets(mixed)), atol=1e-12)
        slopes = jax.jacrev(game.expected_payoffs)([jnp.asarray(own) for own in strategies])
        for k, own in enumerate(game.action_values(strategies)):
            np.testing.assert_allclose(np.where(game.legal[k], own, 0.0), np.asarray(slopes[k][k]) * game.legal[k],
                                       atol=1e-12)  # fmt: skip


def without(game, strategies, player, row, action):
    """Strategies in which a player does this in a row, and goes there where it can."""
    made = [own.copy() for own in strategies]
    made[player][row] = 0.0
    made[player][row, action] = 1.0
    side = game.sequences.sides[player]
    before = side.before[row]
    while before:
        at, done = divmod(int(before) - 1, side.legal.shape[1])
        made[player][at] = 0.0
        made[player][at, done] = 1.0
        before = side.before[at]
    return made


@pytest.mark.parametrize("seed", SEEDS[24:28])
def test_counterfactual_values_are_differences_of_payoffs_of_who_goes_there(seed):
    """The counterfactual value of one action less that of another is what the payoff changes by, if it goes there."""
    with jax.enable_x64(True):
        game = games.parse_tree(Drawn(seed).text)
        strategies = drawn_strategies(game, seed)
        values, reach = game.counterfactual_values(strategies), game.others_reach(strategies)
        seen = 0
        for player, legal in enumerate(game.legal):
            for row, own in enumerate(legal):
                actions = np.flatnonzero(own)
                paid = [
                    float(game.expected_payoffs(without(game, strategies, player, row, a))[player]) for a in actions
                ]
                found = np.asarray(values[player])[row, actions]
                np.testing.assert_allclose(found - found[0], np.array(paid) - paid[0], atol=1e-12)
                there = without(game, strategies, player, row, actions[0])
                # how often it comes there: the plays whose own moves pass that sequence
                passing = through(game, player, row)
                assert float(reach[player][row]) == pytest.approx(float(game.plays(there)[passing].sum()), abs=1e-12)
                seen += len(actions) > 1
        assert seen


def through(game, player, row):
    """Which plays go through a row."""
    side = game.sequences.sides[player]
    found = []
    for end in side.ends:
        sequence, passes = int(end), False
        while sequence:
            at = (sequence - 1) // side.legal.shape[1]
            passes |= at == row
            sequence = int(side.before[at])
        found.append(passes)
    return np.array(found)


def test_kuhn_poker_is_as_published():
    """As reported in google-deepmind/open_spiel #486: what is a gain, and what the value of a best response."""
    game = games.kuhn_poker()
    assert game.tree is not None
    assert len(game.tree.nodes) == 55
    with jax.enable_x64(True):
        uniform = game.uniform()
        assert game.expected_payoffs(uniform).tolist() == pytest.approx([1 / 8, -1 / 8])
        assert game.best_values(uniform).tolist() == pytest.approx([1 / 2, 5 / 12])
        assert game.regrets(uniform).tolist() == pytest.approx([3 / 8, 13 / 24])
        assert float(sum(game.regrets(uniform))) == pytest.approx(11 / 12)
        for bluff in (0.0, 0.2, 1 / 3):  # every equilibrium: value −1/18, no gain
            first = {"J": bluff, "Q": 0.0, "K": 3 * bluff, "J pb": 0.0, "Q pb": bluff + 1 / 3, "K pb": 1.0}
            second = {"J p": 1 / 3, "J b": 0.0, "Q p": 0.0, "Q b": 1 / 3, "K p": 1.0, "K b": 1.0}
            bets = [np.array([own[row] for row in rows]) for own, rows in zip((first, second), game.rows, strict=True)]
            strategies = [np.stack([1 - own, own], axis=1) for own in bets]
            assert game.expected_payoffs(strategies).tolist() == pytest.approx([-1 / 18, 1 / 18])
            assert game.regrets(strategies).tolist() == pytest.approx([0.0, 0.0], abs=1e-12)
        three = games.kuhn_poker(3)
        assert three.n_plays == 312
        assert float(three.expected_payoffs(three.uniform()).sum()) == pytest.approx(0.0)


def test_actions_are_told_apart_by_place_and_never_by_label():
    """As reported in google-deepmind/open_spiel #955: without labels actions became one, and the value 5; it is 3."""
    bare, named = (games.parse_tree(given.text) for given in (gambit_texts.UNLABELLED, gambit_texts.LABELLED))
    assert (bare.actions, named.actions) == ((("1", "2"), ("1", "2")), (("u", "d"), ("l", "r")))
    for game in (bare, named):
        with jax.enable_x64(True):
            strategies = [np.array([[1 / 3, 2 / 3]]), np.array([[1 / 2, 1 / 2]])]
            assert game.expected_payoffs(strategies).tolist() == pytest.approx([3.0, -3.0])
            assert game.regrets(strategies).tolist() == pytest.approx([0.0, 0.0], abs=1e-12)


def test_payoffs_on_inner_nodes_add_up_along_a_play():
    """As reported in gambitproject/gambit #1134: 7/6 under uniform play, not 3/2."""
    game = games.parse_tree(gambit_texts.INNER.text)
    with jax.enable_x64(True):
        assert float(game.expected_payoffs(game.uniform())[0]) == pytest.approx(7 / 6)


@pytest.mark.parametrize("ghost", [0.0, 0.3, 1.0])
def test_a_branch_that_never_comes_leaves_its_row_alone(ghost):
    """As reported in gambitproject/gambit #134: chance 0, payoffs of 50 there, and payoffs that sum to 2.

    Bet the nuts, bluff 3/20, call 2/5, whatever is done where nobody comes: 41/25.
    """
    game = games.parse_tree(gambit_texts.GHOST.text)
    assert game.rows[0] == ("nuts", "air", "ghost")
    assert game.actions[0] == ("bet", "check", "high", "low")
    first = np.array([[1, 0, 0, 0], [0.15, 0.85, 0, 0], [0, 0, ghost, 1 - ghost]])
    with jax.enable_x64(True):
        strategies = [first, np.array([[0.4, 0.6]])]
        assert game.expected_payoffs(strategies).tolist() == pytest.approx([41 / 25, 9 / 25])
        assert game.regrets(strategies).tolist() == pytest.approx([0.0, 0.0], abs=1e-12)
        assert game.others_reach(strategies)[0].tolist() == pytest.approx([0.2, 0.8, 0.0])
        assert game.counterfactual_values(strategies)[0][2].tolist() == [0.0] * 4
    assert game.payoff_range == 10.0
    assert game.idle_rows == (("ghost",), ())
    assert repr(game) == "<TreeGame bluff: 2 players, 3+1 information sets, 1 of them never reached, 8 plays>"


def uneven():
    answer = {"x": ending(1, 1), "y": ending(2, 0), "z": ending(0, 3)}
    return extensive_game(
        decision("A", {"a": decision("B", answer), "b": decision("B", {"x": ending(3, 0), "y": ending(0, 1)}),
                       "c": ending("1/3", 1)}),
        players=("A", "B"), name="uneven",
    )  # fmt: skip


def test_rows_of_different_actions_have_masks_that_learners_keep_to():
    game = uneven()
    assert game.legal[1].tolist() == [[True] * 3, [True, True, False]]
    assert game.rows == (("start",), ("a", "b"))
    assert game.actions[1] == ("x", "y", "z")
    learners = parametric(game)
    theta = jnp.linspace(-1.0, 1.0, learners.semantics.dimension)
    played = learners.strategies(theta)
    assert float(played[1][1, 2]) == 0.0
    assert np.allclose(played[1].sum(axis=1), 1.0)
    assert float(learners.semantics.log_strategies(theta)[1][1, 2]) < -1e8
    again = learners.strategies(learners.semantics.parameters(played))
    np.testing.assert_allclose(np.concatenate([own.ravel() for own in again]),
                               np.concatenate([own.ravel() for own in played]), atol=1e-6)  # fmt: skip
    slope = jax.grad(lambda at: game.expected_payoffs(learners.strategies(at))[1])(theta)
    assert float(slope[-1]) == 0.0
    assert np.isfinite(slope).all()
    assert np.abs(slope[3:]).max() > 0.01
    path = simulate(game, pg(), start=game.uniform(), steps=4000)
    first, second = (own[-1] for own in path.strategies)
    assert first[0, 2] > 0.9
    assert (second[[0, 1], [2, 1]] > 0.8).all()
    assert second[1, 2] == 0.0


@pytest.mark.parametrize("make", [games.kuhn_poker, uneven, lambda: games.kuhn_poker(3)])
def test_trees_keep_to_what_games_promise(make):
    testing.check_game(make())


def test_two_trees_of_one_shape_share_a_program():
    def centipede(pay):
        return extensive_game(decision(0, {"take": ending(1, 0), "pass": decision(1, {"take": ending(0, pay), "pass":
                              ending(3, 3)})}))  # fmt: skip

    traced = []

    @jax.jit
    def paid(game, strategies):
        traced.append(1)
        return game.expected_payoffs(strategies)

    one, two = centipede(2), centipede(4)
    assert one.sequences == two.sequences
    assert hash(one.sequences) == hash(two.sequences)
    half = [np.full((1, 2), 0.5)] * 2
    assert paid(one, half).tolist() == [1.25, 1.25]
    assert paid(two, half).tolist() == [1.25, 1.75]
    assert len(traced) == 1
    other = extensive_game(decision(0, {"take": ending(1, 0), "pass": ending(2, 1)}))
    assert one.sequences != other.sequences


def test_exact_numbers_are_kept_beside_their_doubles():
    third = Fraction(1, 3)
    game = extensive_game(chance([(third, ending("1/3", 0)), (1 - third, decision(0, {"l": ending(1, 2)}))]))
    assert list(game.tree.nodes[0].chances) == [third, 2 * third]
    assert game.tree.nodes[1].payoffs == (third, 0)
    floats = chance([(1 / 3, ending(0, 0))] * 3)
    assert sum(share for _, share, _ in floats.branches) == 1


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: decision(0, {}), "a decision needs its branches"),
        (lambda: decision(0, {"a": 3}), r"what follows 'a' must be decision\(…\), chance\(…\) or ending\(…\); got 3"),
        (lambda: chance([(0.5, ending(1, 1))]), "must sum to one; these sum to 0.5"),
        (lambda: chance([(-1, ending(1, 1)), (2, ending(1, 1))]), "cannot be negative; got -1"),
        (lambda: chance([ending(1, 1)]), r"a branch of chance is \(its chance, node\)"),
        (lambda: ending("much"), "a payoff"),
        (lambda: extensive_game(decision(0, {"a": ending(1)}), players=1), "two players or more"),
        (lambda: extensive_game(decision(0, {"a": ending(1)})), "after a 1 payoffs are paid; there are 2 players"),
        (lambda: extensive_game(decision("C", {"a": ending(1, 1)})), "there is no player 'C'; players are player 1"),
        (lambda: extensive_game(decision(2, {"a": ending(1, 1)})), "there is no player 2"),
        (
            lambda: extensive_game(decision(0, {
                "a": decision(1, {"l": ending(1, 1)}, knows="k"), "b": decision(1, {"r": ending(1, 1)}, knows="k")
            })),
            "knows 'k' at nodes with the actions l and with r",
        ),
        (
            lambda: extensive_game(decision(0, {
                x: decision(0, {"l": ending(1, 1), "r": ending(0, 1)}, knows="k") for x in "ab"
            })),
            "player 1 forgets what it did or knew: its information set 'k' comes after a and after b",
        ),
        (lambda: games.mixed_profile(uneven(), [[[1, 0, 0]], [[1, 0, 0], [0, 0, 1]]]), "in row 1 gives action 2"),
        (lambda: games.parse_tree(3), "expected the text of a tree, got int"),
        (lambda: games.read_tree("nowhere.efg"), "cannot read nowhere.efg"),
    ],
)  # fmt: skip
def test_what_is_no_tree_is_refused(make, says):
    with pytest.raises(InputError, match=says):
        make()


def test_large_trees_are_refused_with_their_number(monkeypatch):
    from nashscape.games.forms.trees import construct

    monkeypatch.setattr(construct, "NODES", 4000)
    node = ending(0, 0)
    for _ in range(13):
        node = decision(0, {"a": node, "b": node})
    with pytest.raises(InputError, match=r"4,096 nodes of tree need .* there may be 4,000 at most"):
        extensive_game(node)


@pytest.mark.parametrize("seed", SEEDS[:6])
def test_trees_are_written_and_read_again_exactly(seed, tmp_path):
    game = games.parse_tree(Drawn(seed).text)
    path = games.write_game(game, tmp_path / "drawn.efg")
    again = games.read_tree(path)
    assert again.sequences == game.sequences
    assert (again.tree.nodes, again.tree.sets, again.players) == (game.tree.nodes, game.tree.sets, game.players)
    assert again.payoffs.tolist() == game.payoffs.tolist()
    assert again.chances.tolist() == game.chances.tolist()


def test_what_was_built_is_written_with_its_names():
    text = games.format_game(games.kuhn_poker(), "efg")
    again = games.parse_tree(text)
    assert (again.rows, again.actions, again.play_names) == (
        games.kuhn_poker().rows, games.kuhn_poker().actions, games.kuhn_poker().play_names,
    )  # fmt: skip
    assert "JQ pass bet pass" in again.play_names
    with pytest.raises(InputError, match="games in normal form are not written as trees"):
        games.format_game(games.stag_hunt(), "efg")


def test_trees_of_other_libraries():
    spiel = pytest.importorskip("pyspiel")
    game = games.extensive_form(spiel.load_game("kuhn_poker"))
    assert game.n_plays == 30
    with jax.enable_x64(True):
        assert game.regrets(game.uniform()).tolist() == pytest.approx([3 / 8, 13 / 24])
    assert games.extensive_form(game) is game
    with pytest.raises(InputError, match="expected an OpenSpiel game or a tree of Gambit, got list"):
        games.extensive_form([1])


def test_rows_are_idle_where_chance_never_leads_to_any_of_what_follows():
    def after(p):
        late = decision(0, {"x": chance([(p, ending(1, 1)), (1 - p, ending(0, 0))]), "y": ending(0, 1)}, knows="late")
        return decision(0, {"on": decision(1, {"l": late, "r": ending(1, 0)}), "off": ending(2, 2)}, knows="early")

    game = extensive_game(chance({"never": (0, after(0)), "ever": (1, decision(0, {"z": ending(3, 3)}, knows="z"))}))
    assert game.idle_rows == (("early", "late"), ("never on",))
    lively = extensive_game(chance({"now": ("1/2", after(0)), "never": ("1/2", ending(3, 3))}))
    assert lively.idle_rows == ((), ())


def test_labels_that_read_like_profiles_are_written_otherwise():
    after = decision(1, {"1": ending(0, 0), "2": ending(1, 1)})
    game = extensive_game(decision(0, {"1": after, "1/2": ending(3, 3), "b; c": ending(0, 0)}))
    assert game.play_names == ("1 1", "1 2", "1|2", "b, c")
    assert game.usual_targets == ["1|2", "1 2", "1 1", "b, c"]
    assert entry_probability(game, pg(), n=20, steps=2000, audit=False).probability("1|2").value > 0.8


def test_who_knows_everything_tells_apart_what_reads_alike():
    def leaf(x, y):
        return decision(1, {"l": ending(x, y), "r": ending(y, x)})

    game = extensive_game(chance({"2": ("1/2", leaf(1, 0)), "": ("1/2", leaf(0, 1))}))
    assert [len(own) for own in game.rows] == [1, 2]
    branches = {1: leaf(1, 0), "1": leaf(0, 1)}
    shares = {label: (k, own) for k, (label, own) in enumerate(branches.items())}
    for twice in (lambda: decision(0, branches), lambda: chance(shares)):
        with pytest.raises(InputError, match="the branches of a node need different names; got 1, 1"):
            twice()
    with pytest.raises(InputError, match="in tree no player ever moves; a game has a decision"):
        extensive_game(chance([(1, ending(1, 2))]))
    with pytest.raises(InputError, match="an ending says what each player gets"):
        ending()
