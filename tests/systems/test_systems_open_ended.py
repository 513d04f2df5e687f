"""Tasks as both players see them, agents against loops and finite differences, generations; the card."""

import numpy as np
import pytest

import nashscape as ns
from nashscape.games import goal, goal_universe
from nashscape.games.families.grids_of_goals import GridTask
from nashscape.systems.open_ended import generations, learners
from nashscape.systems.open_ended.arena import apart, seen

SMALL = goal_universe(["rg", "gb", "br"], steps=1)
TASKS = [
    GridTask((0, 3), (goal("1 on r & ~2 on g"), goal("1 on b | near & 2 on r"))),
    GridTask((5, 5), (goal("together"), goal("~near"))),
]


def test_both_players_see_themselves_as_the_first():
    names, colours = list(SMALL.predicates), ["r", "g", "b"]
    mine, theirs = (seen(SMALL, TASKS, player) for player in (0, 1))
    wanted = dict.fromkeys([f"{sign}{name}" for sign in ("", "~") for name in names], 0.0)
    halves, thirds = {"1 on r": 0.5, "~2 on g": 0.5}, {"2 on b": 1 / 3, "near": 1 / 3, "1 on r": 1 / 3}
    for own, told in ((mine, halves), (theirs, thirds)):
        np.testing.assert_allclose(own.goals[0], list({**wanted, **told}.values()))
    assert mine.literals.tolist() == [2, 1]
    assert theirs.literals.tolist() == [3, 1]
    for own, player in ((mine, 0), (theirs, 1)):
        for t, task in enumerate(TASKS):
            for i in range(6):
                assert own.reach[t, i] == (SMALL.distances[task.starts[player], i] <= 1)
                far = SMALL.distances[task.starts[1 - player], i]
                colour = SMALL.colours[i // 2][i % 2]
                assert own.cells[t, i].tolist() == [*(colour == one for one in colours), far <= 1, far == 0, far / 3]
                for j in range(6):
                    ends = (i, j) if player == 0 else (j, i)
                    assert own.wins[t, i, j] == task.goals[player].holds(SMALL.predicates)[ends]


def test_what_ends_are_worth_is_what_the_game_of_the_task_pays():
    own, other = (seen(SMALL, TASKS, player) for player in (0, 1))
    value = learners.won(own, other.even)
    for t, task in enumerate(TASKS):
        paid, ends = SMALL.game(task).payoffs[0], SMALL.ends(task)[0]
        np.testing.assert_allclose(value[t, ends], paid.mean(1))
        weights = np.random.default_rng(1).normal(size=(1, own.goals.shape[1], own.cells.shape[2]))
        heights = own.goals[t] @ weights[0] @ own.cells[t].T
        likely = np.exp(heights[ends]) / np.exp(heights[ends]).sum()
        np.testing.assert_allclose(learners.chances(weights, own)[0, t, ends], likely)
        assert learners.scores(weights, own, value)[0, t] == pytest.approx(likely @ paid.mean(1))


def slope(weights, own, value):
    """Central differences of the mean score of one learner by its weights."""
    made = np.zeros_like(weights)
    for place in np.ndindex(*weights.shape):
        step = np.zeros_like(weights)
        step[place] = 1e-5
        up, down = (learners.scores((weights + sign * step)[None], own, value).mean() for sign in (1, -1))
        made[place] = (up - down) / 2e-5
    return made


def test_updates_climb_the_expected_score():
    own, other = (seen(SMALL, TASKS, player) for player in (0, 1))
    value, many = learners.won(own, other.even), 4000
    weights = np.random.default_rng(0).normal(size=(own.goals.shape[1], own.cells.shape[2]))
    every = np.broadcast_to(weights, (many, *weights.shape))
    each, draws = np.broadcast_to(value, (many, *value.shape)), np.random.default_rng(2)
    after = learners.trained(every, own, each, 1, np.ones(many), accepting=False, draws=draws)
    steps = after - every
    # the mean of the batch, of which each episode is one part, takes that part away
    wanted = slope(weights, own, value) * (1 - 1 / learners.BATCH)
    error = steps.std(0) / np.sqrt(many)
    assert (np.abs(steps.mean(0) - wanted) <= 4.5 * error + 1e-9).all()
    assert (np.abs(wanted) > 10 * error).any()


def test_teaching_goes_down_the_cross_entropy():
    own = seen(SMALL, TASKS, 0)
    student, teacher = np.random.default_rng(3).normal(size=(2, 1, own.goals.shape[1], own.cells.shape[2]))
    after = learners.distilled(student, teacher, own, 1, np.ones(1), np.random.default_rng(4))
    tasks = np.random.default_rng(4).integers(2, size=(1, learners.BATCH))

    def explained(weights):
        logs = np.log(np.where(own.reach[tasks], learners.chances(weights, own, tasks), 1.0))
        return (learners.chances(teacher, own, tasks) * logs).sum(-1).mean()

    for place in [(0, 0, 0), (0, 3, 1), (0, 10, 4)]:
        step = np.zeros_like(student)
        step[place] = 1e-5
        wanted = (explained(student + step) - explained(student - step)) / 2e-5
        assert (after - student)[place] == pytest.approx(wanted, abs=1e-8)


def test_accepted_tasks_come_first_and_others_where_there_are_too_few():
    draws = np.random.default_rng(0)
    tasks = np.arange(2 * learners.BATCH * learners.CANDIDATES).reshape(2, -1)
    agent = np.where(np.arange(tasks.shape[1]) % 8 == 5, 0.5, 0.0) * np.array([[1.0], [2.0]])
    found = learners.first_accepted(tasks, agent, np.zeros(tasks.shape), draws)
    assert found.shape == (2, learners.BATCH)
    assert (found[0, :15] % 8 == 5).all()  # sixteen of 128 are neither too hard nor too easy, but for chance
    assert found[1].tolist() == list(range(128, 160))  # of the second all are too hard or too easy


def test_held_out_goals_are_in_no_task_of_the_training():
    training, held_out = apart(SMALL, 200, 60, 5)
    known = {str(task.goals[0]) for task in training}
    assert (len(training), len(held_out)) == (200, 60)
    assert not known & {str(task.goals[0]) for task in held_out}
    own = generations.world(3)
    assert own.tested.goals.shape[0] == generations.HELD_OUT
    assert (own.best > 0).all()


def test_generations_are_those_of_their_seed_and_learn():
    own = generations.world(8)
    found = generations.generations(own, 2, 8)
    np.testing.assert_array_equal(found, generations.generations(own, 2, 8))
    reached = learners.scores(found, own.tested, own.values)
    idle = (own.tested.even * own.values).sum(1)
    assert (reached <= own.best + 1e-12).all()
    assert (reached.mean(1) > idle.mean() + 0.1).all()


@pytest.mark.long
def test_the_card_stands():
    assert ns.systems.reproduce("open-ended", effort="quick").stands
