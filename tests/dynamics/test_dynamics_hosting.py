"""Players in plain Python: what they do is counted as it is, run by run, and measured as everything else is."""

import numpy as np
import pytest

import nashscape as ns
from nashscape.core import PASSING, InputError, Outcome, Status, target_code
from nashscape.dynamics.hosting import hosted
from nashscape.learning.dial import Dial

HUNT, DILEMMA = ns.games.stag_hunt(), ns.games.prisoners_dilemma()
LOPSIDED = ns.games.dense(
    np.arange(12.0).reshape(2, 2, 3) % 5, actions=[["up", "down"], ["left", "middle", "right"]], name="lopsided"
)


class Fixed:
    """Plays one action."""

    def __init__(self, action):
        self.action, self.seen = action, []

    def act(self):
        return self.action

    def observe(self, actions, payoffs):
        self.seen.append((actions, tuple(payoffs)))


class Mixed(Fixed):
    """Plays at random, and can say how."""

    def __init__(self, chances, random):
        super().__init__(None)
        self.chances, self.random = np.asarray(chances, float), random

    def act(self):
        return self.random.choice(len(self.chances), p=self.chances)

    def strategy(self):
        return self.chances


class TitForTat(Fixed):
    """Does what the other did last."""

    def __init__(self, me, first="C"):
        super().__init__(first)
        self.me = me

    def observe(self, actions, payoffs):
        self.action = actions[1 - self.me]


class Counting(Fixed):
    """Fictitious play: the best answer to what the other has done so far."""

    def __init__(self, payoffs, me, random):
        super().__init__(0)
        self.pays = np.asarray(payoffs[me]) if me == 0 else np.asarray(payoffs[me]).T
        self.counts = random.dirichlet(np.ones(self.pays.shape[1]))
        self.me = me

    def act(self):
        return int(np.argmax(self.pays @ self.counts))

    def observe(self, actions, payoffs):
        self.counts[actions[1 - self.me]] += 1.0


def counting(game):
    return hosted(lambda run, random: [Counting(game.payoffs, me, random) for me in range(2)], "fictitious play")


def test_fictitious_play_ends_as_the_same_play_written_out():
    """The first beliefs decide: a player with more than half of weight on C answers with C."""
    found = ns.entry_probability(HUNT, counting(HUNT), n=60, steps=200, targets=["CC", "DD"], seed=3)
    wanted = []
    for run in range(60):
        random = np.random.Generator(np.random.Philox(key=np.array([3, run], np.uint64)))
        beliefs = [random.dirichlet(np.ones(2)) for _ in range(2)]
        for _ in range(200):
            # c pays 4 or 0, d pays 3 or 2
            played = [0 if 4 * b[0] >= 3 * b[0] + 2 * b[1] else 1 for b in beliefs]
            beliefs[0][played[1]] += 1.0
            beliefs[1][played[0]] += 1.0
        wanted.append(played)
    reached = found.reached("CC")
    np.testing.assert_array_equal(reached, [played == [0, 0] for played in wanted])
    assert 0 < reached.sum() < 60
    assert (found.status is Status.COMPLETE) == (set(found.outcomes()) <= {"CC", "DD"})
    assert found.probability("CC").low < reached.mean() < found.probability("CC").high
    assert found.rule == "fictitious play"


def test_players_see_all_actions_and_what_all_are_paid():
    players = [Fixed("down"), Fixed(2)]
    ns.entry_probability(LOPSIDED, hosted(lambda run, random: players), n=1, steps=200, targets=["down/right"])
    paid = tuple(np.asarray(LOPSIDED.payoffs)[:, 1, 2])
    assert players[0].seen == [((1, 2), paid)] * 200 == players[1].seen


def test_payoffs_are_means_along_the_run():
    found = ns.entry_probability(DILEMMA, hosted(lambda run, random: [TitForTat(0), TitForTat(1, "D")]), n=1, steps=200)
    # C against D and D against C in turn
    table = np.asarray(DILEMMA.payoffs)
    np.testing.assert_allclose(found.reduced["payoffs"], [(table[:, 0, 1] + table[:, 1, 0]) / 2])
    assert found.outcomes() == {"out of budget": 1}


@pytest.mark.long
def test_a_strategy_that_is_told_is_taken_for_what_is_played():
    def make(run, random):
        return [Mixed([0.9, 0.1], random), Mixed([0.8, 0.2], random)]

    found = ns.entry_probability(HUNT, hosted(make), n=20, steps=200, targets=["CC"], threshold=0.79)
    assert found.outcomes() == {"CC": 20}
    told = ns.entry_probability(HUNT, hosted(make), n=20, steps=200, targets=["CC"], threshold=0.81)
    assert told.outcomes() == {"out of budget": 20}

    class Silent(Mixed):
        strategy = property()

        def __getattribute__(self, name):
            if name == "strategy":
                raise AttributeError(name)
            return super().__getattribute__(name)

    counted = ns.entry_probability(
        HUNT, hosted(lambda run, random: [Silent([0.9, 0.1], random), Silent([0.8, 0.2], random)], window=400),
        n=40, steps=1600, targets=["CC"], threshold=0.8,
    )  # fmt: skip
    # of 400 plays at .8 about half show at least .8
    assert 5 < counted.held.tolist().count(0) < 35


class Late(Fixed):
    """Changes its mind after some rounds."""

    def __init__(self, when):
        super().__init__("D")
        self.when = when

    def observe(self, actions, payoffs):
        self.when -= 1
        self.action = "D" if self.when > 0 else "C"


HELD, PASSED, OPEN = target_code(0), target_code(0) + PASSING, int(Outcome.OUT_OF_BUDGET)


@pytest.mark.parametrize(
    ("when", "label", "first"),
    [
        (0, target_code(0), 70),
        (75, target_code(0), 120),
        (125, target_code(0), 170),
        (140, PASSED, 220),
        (200, OPEN, -1),
    ],
)
def test_labels_are_of_the_windows_of_the_second_half(when, label, first):
    """Of 220 rounds in windows of 50, counted from the end: from 20, 70, 120 and 170 on; the last two are looked at."""
    make = hosted(lambda run, random: [Late(when), Late(when)])
    found = ns.entry_probability(HUNT, make, n=1, steps=220, targets=["CC"], threshold=0.82)
    assert (found.labels[0], found.first_hit[0]) == (label, first)
    assert found.held[0] == (-1 if label == OPEN else 0)


def test_three_players_with_unequal_actions():
    game = ns.games.dense(np.random.default_rng(1).normal(size=(3, 2, 3, 2)))
    make = hosted(lambda run, random: [Fixed(1), Fixed(int(random.integers(3))), Fixed(0)], "some")
    found = ns.entry_probability(game, make, n=50, steps=200, targets=[(1, 2, 0), (1, 0, 0)])
    drawn = [np.random.Generator(np.random.Philox(key=np.array([0, k], np.uint64))).integers(3) for k in range(50)]
    np.testing.assert_array_equal(found.held, [{2: 0, 0: 1}.get(int(own), -1) for own in drawn])


def test_runs_do_not_depend_on_other_runs():
    many, few = (ns.entry_probability(HUNT, counting(HUNT), n=n, steps=200, targets=["CC"]) for n in (40, 15))
    np.testing.assert_array_equal(many.labels[:15], few.labels)
    other = ns.entry_probability(HUNT, counting(HUNT), n=40, steps=200, targets=["CC"], seed=1)
    assert (other.labels != many.labels).any()


@pytest.mark.long
def test_they_are_compared_restarted_and_steered_as_rules_are():
    stubborn = hosted(lambda run, random: [Fixed("D"), Fixed("D")], "stubborn")
    both = ns.entry_probability(HUNT, [counting(HUNT), stubborn], n=80, steps=200, targets=["CC"])
    gains = both.compare("stubborn")["fictitious play"]
    assert (gains.lost_share, gains.gained_share) == (0.0, both["fictitious play"].reached("CC").mean())
    assert both.plot().axes
    tried = ns.restarts(HUNT, counting(HUNT), runs=30, budget=12, steps=200, target="CC")
    share = both["fictitious play"].probability("CC")
    assert max(tried.per_start().low, share.low) < min(tried.per_start().high, share.high)
    again = ns.restarts(HUNT, counting(HUNT), runs=30, budget=14, steps=200, target="CC", resume=tried)
    np.testing.assert_array_equal(
        again.first_success[tried.first_success >= 0], tried.first_success[tried.first_success >= 0]
    )

    def bold(value):
        return hosted(lambda run, random: [Fixed("CD"[int(random.random() > value)])] * 2, "bold", window=10)

    # their first word is their last: few rounds tell as much as many
    swept = ns.sweep(HUNT, bold, [0.1, 0.9], n=40, steps=50)
    assert swept.estimates[0].high < 0.5 < swept.estimates[1].low
    assert ns.sweep(HUNT, bold, [0.1], steps=50).results[0].labels.shape == (400,)
    with pytest.raises(InputError, match="know no grid of starts; give n"):
        ns.sweep(HUNT, bold, [0.1], grid=3, steps=50)
    found = ns.steer(HUNT, bold, "CC", 0.5, low=0.1, high=0.9, scan=3, steps=50, rule=None, n=400, tolerance=0.02)
    low, high = found.bracket
    # the share that cooperates is the value itself
    assert 0.1 <= low < high <= 0.9
    assert low < 0.6
    assert high > 0.4


def test_their_question_is_told_by_their_text_and_what_they_hold():
    def make(chance):
        return hosted(lambda run, random: [Mixed([chance, 1 - chance], random)] * 2)

    one, same, other = (ns.entry_probability(HUNT, make(c), n=2, steps=200, targets=["CC"]) for c in (0.5, 0.5, 0.6))
    assert one.question.key == same.question.key != other.question.key
    assert one.question.differs(other.question) == ("rule.make",)


class Broken(Fixed):
    def observe(self, actions, payoffs):
        raise ZeroDivisionError("so it goes")


@pytest.mark.parametrize(
    ("make", "options", "said"),
    [
        (lambda run, random: [Fixed(0)], {}, "make gave 1 players for run 0; stag_hunt has 2"),
        (lambda run, random: [Fixed(5), Fixed(0)], {}, "act of player 1, round 0 of run 0, gave 5"),
        (lambda run, random: [Fixed(None), Fixed(0)], {}, "act of player 1, round 0 of run 0, gave None"),
        (lambda run, random: [Fixed(0), Broken(0)], {}, "observe of player 2, round 0 .*ZeroDivisionError: so it goes"),
        (lambda run, random: [Fixed(0), Mixed([0.5, 0.6], random)], {"steps": 200}, "must be 2 probabilities|raised"),
        (lambda run, random: 1 / 0, {}, "make, for run 0, raised ZeroDivisionError"),
        (lambda run, random: [Fixed(0), Fixed(0)], {"steps": 20}, "windows of 50 rounds, of which a run needs four"),
        (lambda run, random: [Fixed(0), Fixed(0)], {"step_size": 0.1}, "leave step_size out"),
        (lambda run, random: [Fixed(0), Fixed(0)], {"estimator": ns.sampled(8)}, "leave reducers and estimator out"),
        (lambda run, random: [Fixed(0), Fixed(0)], {"starts": ns.starts.normal()}, "leave starts out"),
    ],
)
def test_what_does_not_fit_is_said(make, options, said):
    with pytest.raises(InputError, match=said):
        ns.entry_probability(HUNT, hosted(make, "mine"), n=1, **{"steps": 200, **options})


def test_games_over_states_are_refused_in_words():
    with pytest.raises(InputError, match="give its stage game"):
        ns.entry_probability(ns.games.iterated_prisoners_dilemma(), hosted(lambda run, random: []), n=1, steps=200)
    with pytest.raises(InputError, match="takes a function make"):
        hosted(3)


def test_how_often_to_start_players_again_is_steered_too():
    def make(run, random):
        return [Fixed(int(random.random() < 0.5))] * 2

    how = {"n": 100, "steps": 200}
    found = ns.steer(HUNT, "restarts", "CC", 0.9, rule=hosted(make, "coin"), **how)
    share = ns.entry_probability(HUNT, hosted(make, "coin"), targets=["CC", "DD"], **how).exact_interval("CC")
    assert [found.at(k).value for k in (1, 4)] == pytest.approx([share.value, 1 - (1 - share.value) ** 4])
    assert 0.35 < share.value < 0.65
    with pytest.raises(InputError, match="coin are hosted players, whom their factory starts; leave starts out"):
        ns.steer(HUNT, "restarts", "CC", 0.9, rule=hosted(make, "coin"), starts=ns.starts.normal(), **how)


def test_a_dial_may_turn_the_players():
    window = Dial("window", lambda case, value: case.but(rule=hosted(case.rule.make, window=value)), 1, 100, whole=True)
    case = ns.dynamics.case.case_of(HUNT, hosted(lambda run, random: []))
    assert window(case, 20).rule.window == 20


def test_a_player_cannot_change_what_others_are_told():
    class Greedy(Fixed):
        def observe(self, actions, payoffs):
            payoffs -= payoffs.mean()

    with pytest.raises(InputError, match=r"observe of player 1, round 0 of run 0, raised ValueError: .*read-only"):
        ns.entry_probability(HUNT, hosted(lambda run, random: [Greedy(0), Fixed(0)]), n=1, steps=200)

    class Vague(Fixed):
        def strategy(self):
            return [np.nan, np.nan]

    with pytest.raises(InputError, match="must be 2 probabilities"):
        ns.entry_probability(HUNT, hosted(lambda run, random: [Vague(0), Fixed(0)]), n=1, steps=200)
    with pytest.raises(InputError, match=r"gave 0\.9"):
        ns.entry_probability(HUNT, hosted(lambda run, random: [Fixed(0.9), Fixed(0)]), n=1, steps=200)


def test_what_is_reached_counts_before_what_is_only_passed():
    from nashscape.dynamics.observed_labels import observed_labels

    first, second = [[0, 0, 0, 1], [1, 1, 1, 1], [0, 0, 1, 0]], [[0, 0, 1, 1], [0, 0, 1, 1], [0, 0, 0, 1]]
    codes, held = observed_labels(np.array([first, second], bool))
    assert codes.tolist() == [target_code(1), target_code(0), target_code(1) + PASSING]
    assert held.tolist() == [0, 0, 1]
