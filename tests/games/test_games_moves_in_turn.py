"""Trees of economics: closed forms of backward induction, and equilibria of signalling by their conditions."""

import itertools
from fractions import Fraction

import jax
import numpy as np
import pytest

from nashscape import InputError, games, theory


def pure(game, chosen):
    """Behaviour strategies from what is done in every row, by name."""
    return [
        np.stack([np.eye(len(names))[names.index(own[row])] for row in rows])
        for names, rows, own in zip(game.actions, game.rows, chosen, strict=True)
    ]


def gains(game, chosen):
    with jax.enable_x64(True):
        return float(game.regrets(pure(game, chosen)).max())


def breakfasts(strong):
    """Pure equilibria of beer and quiche, as (breakfast of the strong, of the weak, after beer, after quiche)."""
    game = games.beer_quiche(strong)
    kinds = [("beer", "quiche")] * 2 + [("duel", "leave")] * 2
    return [
        own for own in itertools.product(*kinds)
        if gains(game, [dict(zip(("strong", "weak"), own[:2], strict=True)),
                        dict(zip(("beer", "quiche"), own[2:], strict=True))]) < 1e-9
    ]  # fmt: skip


def test_all_have_beer_or_all_have_quiche():
    """Cho and Kreps (1987): two outcomes, both sequential equilibria; none that is pure where the weak are more."""
    assert breakfasts("9/10") == [("beer", "beer", "leave", "duel"), ("quiche", "quiche", "duel", "leave")]
    assert breakfasts("1/10") == []
    game = games.beer_quiche()
    for own, paid in ((("beer", "duel"), (2.9 + 0.0, 0.9)), (("quiche", "leave"), (2.1, 0.9))):
        breakfast = own[0]
        after = {"beer": "leave", "quiche": "duel"} if breakfast == "beer" else {"beer": "duel", "quiche": "leave"}
        strategies = pure(game, [dict.fromkeys(("strong", "weak"), breakfast), after])
        assert theory.sequential_rationality(game, strategies).is_rational
        assert np.asarray(game.expected_payoffs(strategies)).tolist() == pytest.approx(paid)


def test_levels_of_education_that_part_and_that_do_not():
    """With θ = 1 and 2, even chances: apart for 1 ≤ e ≤ 2, alike for e ≤ ½, others taken for less able."""
    game = games.spence()
    levels = game.actions[0]
    assert levels == ("0", "0.5", "1", "1.5", "2")

    def is_equilibrium(low, high, wage_of):
        after = {level: wage_of(level) for level in levels}
        strategies = pure(game, [{"less": low, "more": high}, after])
        return theory.sequential_rationality(game, strategies).is_rational

    apart = [e for e in levels[1:] if is_equilibrium("0", e, lambda own, e=e: "2" if own == e else "1")]
    assert apart == ["1", "1.5", "2"]
    alike = [e for e in levels if is_equilibrium(e, e, lambda level, e=e: "1.5" if level == e else "1")]
    assert alike == ["0", "0.5"]
    wide = games.spence((1, 4), (0, 3), able="1/4", wages=(1, "7/4", 4))
    with jax.enable_x64(True):
        paid = wide.expected_payoffs(pure(wide, [{"less": "0", "more": "3"}, {"0": "1", "3": "4"}]))
    assert paid.tolist() == pytest.approx([0.75 * 1 + 0.25 * (4 - 3 / 4), 0.0])


def partitions(count, parts):
    """All ways to cut so many types into so many intervals, by their sizes."""
    return [own for own in itertools.product(range(1, count + 1), repeat=parts) if sum(own) == count]


@pytest.mark.parametrize("bias", ["0", "1/40", "1/10", "1/2"])
def test_talk_parts_types_as_crawford_and_sobel_say(bias):
    """All partitions into one, two and three intervals: equilibria are those of the condition."""
    n, game = 6, games.cheap_talk(6, bias, 3)
    room, kept = 4 * Fraction(bias) * n, 0
    for sizes in [own for parts in (1, 2, 3) for own in partitions(n, parts)]:
        edges = np.cumsum([0, *sizes])
        said = {str(2 * k + 1): f"m{np.searchsorted(edges, k, side='right')}" for k in range(n)}
        heard = {f"m{j + 1}": str(a + b) for j, (a, b) in enumerate(itertools.pairwise(map(int, edges)))}
        after = {f"m{j + 1}": heard.get(f"m{j + 1}", heard["m1"]) for j in range(3)}
        wanted = all(room - 2 <= b - a <= room + 2 for a, b in itertools.pairwise(sizes))
        assert (gains(game, [said, after]) < 1e-12) == wanted
        kept += wanted
    assert kept == {"0": 11, "1/40": 8, "1/10": 4, "1/2": 1}[bias]


@pytest.mark.parametrize(
    ("rounds", "pie", "discount"),
    [
        (2, 4, "1/2"),
        pytest.param(3, 4, "1/2", marks=pytest.mark.long),
        pytest.param(3, 9, "2/3", marks=pytest.mark.long),
    ],
)
def test_offers_are_those_of_stahl_and_rubinstein(rounds, pie, discount):
    """Who is offered what it would get by itself accepts: subgame-perfect, and the share is (1 − (−δ)^T)/(1 + δ)."""
    game, delta = games.alternating_offers(rounds, pie, discount), Fraction(discount)
    keeps = [(1 - (-delta) ** left) / (1 + delta) for left in range(rounds, -1, -1)]
    chosen = [{}, {}]
    for player, rows in enumerate(game.rows):
        for row in rows:
            words = [] if row == "start" else row.split()
            turn = len(words) // 2
            needed = (1 - keeps[turn]) * pie
            assert needed.denominator == 1
            answers = len(words) % 2
            chosen[player][row] = ("accept" if int(words[-1]) >= needed else "refuse") if answers else str(needed)
    strategies = pure(game, chosen)
    assert theory.sequential_rationality(game, strategies).is_subgame_perfect
    share = (1 - (-delta) ** rounds) / (1 + delta)
    with jax.enable_x64(True):
        assert game.expected_payoffs(strategies).tolist() == pytest.approx([share * pie, (1 - share) * pie])


def test_all_ways_to_break_ties_of_small_bargains():
    """Of a single offer: 0 accepted, or 1 where 0 is refused."""
    assert theory.subgame_perfect(games.alternating_offers(1, 5)).outcomes == (("0 accept",), ("1 accept",))
    for pie in (1, 4):
        found = theory.subgame_perfect(games.ultimatum(pie))
        # with one unit, who would have to offer all of it may as well be refused
        extra = pie == 1
        assert found.complete
        assert {own.payoffs for own in found.equilibria} == {(pie, 0), (pie - 1, 1)} | ({(0, 0)} if extra else set())


@pytest.mark.parametrize(
    ("larger", "smaller", "growth", "first"), [(4, 1, 2, "take"), (4, 1, 3, "take"), (3, 1, 4, "pass")]
)
def test_centipedes_are_taken_at_once_where_that_pays(larger, smaller, growth, first):
    """To take gives more than to be taken from next turn if and only if larger > smaller · growth."""
    for rounds in (1, 2, 5):
        found = theory.subgame_perfect(games.centipede(rounds, larger, smaller, growth))
        assert found.complete
        assert [own[0].split()[0] for own in found.outcomes] == [first]
        last = {"take": 0, "pass": rounds}[first]
        high, low = larger * growth**last, smaller * growth**last
        assert found.equilibria[0].payoffs == ((low, high) if last % 2 else (high, low))


def test_nobody_is_trusted_and_nothing_returned():
    game = games.trust(3, 2)
    assert theory.subgame_perfect(game).outcomes == (("0",),)
    for sent, back in ((1, 2), (3, 4)):
        chosen = [{"start": str(sent)}, {row: str(back if row == str(sent) else 0) for row in game.rows[1]}]
        with jax.enable_x64(True):
            paid = game.expected_payoffs(pure(game, chosen)).tolist()
        assert paid == [3 - sent + back, 2 * sent - back]


def contributions(parts, rho, gamma, fine, needed, linear, quadratic):
    """What three players give by backward induction over a grid, written out for three, all ways to break ties."""
    grid = [Fraction(k, parts) for k in range(parts + 1)]

    def paid(own):
        total = sum(own)
        return [rho / 3 * total - (fine if total < needed else 0) - linear * a - quadratic * a * a
                + gamma * a * sum(own[:i]) for i, a in enumerate(own)]  # fmt: skip

    def best(before):
        plays = [end for a in grid for end in ([(*before, a)] if len(before) == 2 else best((*before, a)))]
        at = len(before)
        most = {}
        for own in plays:
            most.setdefault(own[at], []).append(paid(own)[at])
        floor = max(min(values) for values in most.values())
        return [own for own in plays if paid(own)[at] >= floor]

    return best(())


@pytest.mark.parametrize(
    "setting",
    [
        {"multiplier": "9/10"}, {"multiplier": "12/5"}, {"multiplier": "21/5"},
        {"bonus": "3/2", "penalty": "3/2", "threshold": "51/20"}, {"bonus": 2, "multiplier": "9/10"},
        {"bonus": 1, "penalty": "1/3", "threshold": 2, "linear": "1/2", "quadratic": "1/7"},
    ],
)  # fmt: skip
def test_contributions_one_after_the_other(setting):
    game = games.sequential_public_goods(steps=4, **setting)
    full = {
        "multiplier": "9/5",
        "bonus": 0,
        "penalty": 0,
        "threshold": 0,
        "linear": "3/5",
        "quadratic": "2/5",
    } | setting
    rho, gamma, fine, needed, linear, quadratic = map(Fraction, full.values())
    found = theory.subgame_perfect(game)
    assert found.complete
    plays = {tuple(Fraction(x) for x in own[0].split()) for own in found.outcomes}
    assert plays <= set(contributions(4, rho, gamma, fine, needed, linear, quadratic))
    if len(found.equilibria) == 1:
        assert len(contributions(4, rho, gamma, fine, needed, linear, quadratic)) == 1


def test_nothing_is_given_where_the_share_is_below_the_first_cost():
    """The border is ρ/n = c'(0): with ρ/n a little above, a grid that is fine enough gives something."""
    for multiplier, given in (("9/5", "0 0 0"), ("12/5", "0.25 0.25 0.25"), ("21/5", "1 1 1")):
        found = theory.subgame_perfect(games.sequential_public_goods(steps=4, multiplier=multiplier))
        assert found.outcomes == ((given,),)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: games.beer_quiche(1), "strong is a chance between 0 and 1; got 1"),
        (lambda: games.spence((2, 1)), "productivities are two, and rise from above 0"),
        (lambda: games.spence(levels=(-1, 0)), "levels of education are not below 0; got -1"),
        (lambda: games.spence(levels=(1, 1)), "levels are one or more, all different; got 1, 1"),
        (lambda: games.cheap_talk(bias=-1), "the bias is not below 0; got -1"),
        (lambda: games.centipede(201), "up to 200 turns here; got 201"),
        (lambda: games.centipede(growth=0), "growth is above 0"),
        (lambda: games.centipede(larger=1), "the larger pile larger than the smaller"),
        (lambda: games.alternating_offers(9, 20), "take fewer rounds or a coarser pie"),
        (lambda: games.alternating_offers(discount=0), "the discount is above 0 and at most 1; got 0"),
        (lambda: games.sequential_public_goods(9, 20), "take fewer players or steps"),
        (lambda: games.sequential_public_goods(penalty=-1), "are not below 0"),
    ],
)
def test_what_is_no_such_game_is_refused(make, says):
    with pytest.raises(InputError, match=says):
        make()
