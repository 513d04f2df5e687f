"""Which strength of which institution turns which learners: three commons, two rules, and what it costs."""

import numpy as np
import pytest

import nashscape as ns
from nashscape import environments, games, neural
from nashscape.dynamics import behaviour, observing
from nashscape.learning import played

A2C = neural.a2c(learning_rate=0.05, critics=None)
Q = neural.q_learning(learning_rate=0.2)
RUNS = 32


def lake():
    """Fishers who are fined for taking more than ten tons, if they are seen, every second time."""
    pool = environments.fishery(demands=(0, 5, 10, 15, 20), rationing="proportional")
    return lambda fine: environments.governed(pool, environments.monitoring("taken", 10, fine, chance=0.5))


def valves():
    """Valves whose takings are taxed; what is raised is handed back evenly."""
    pool = environments.valves(rounds=20)
    return lambda rate: environments.governed(pool, environments.tax("taken", rate))


def meadow():
    """A slow pool of four who share a part of their payoffs."""
    slow = environments.regeneration("logistic", growth=0.5)
    pool = environments.common_pool(
        4, demands=(0, 2, 5, 10), capacity=80, initial=60, regeneration=slow, rounds=15, collapse=4,
        rationing="proportional",
    )  # fmt: skip
    return lambda part: environments.governed(pool, environments.mixing(games.sharing([0] * 4, part)))


COMMONS = {
    "lake": (lake(), (0.0, 5.0, 10.0, 20.0, 40.0), 11.5, 1.0),
    "valves": (valves(), (0.0, 0.5, 1.0, 1.5, 2.0), 19.5, 0.01),
    "meadow": (meadow(), (0.0, 0.25, 0.5, 0.75, 1.0), 14.5, 1.0),
}


def learners(make, temperature=None):
    """From a strength to players with tables over four levels of the stock."""

    def at(strength):
        env = make(strength)
        blank = env.observation_spaces[0].shape[0] - 1
        tables = neural.tables(env, neural.bins([(0.2, 0.5, 0.8), *[()] * blank]))
        return ns.parametric(env, tables if temperature is None else neural.soft_values(tables, temperature))

    return at


def shares(name, rule, strengths=None, runs=RUNS, steps=200):
    """Shares of runs in which the stock lasts, at every strength."""
    make, usual, rounds, temperature = COMMONS[name]
    strengths = usual if strengths is None else strengths
    at = learners(make, temperature if rule is Q else None)
    lasts = behaviour("the stock lasts", "rounds", at_least=rounds)
    found = ns.sweep(
        at(strengths[0]), at, list(strengths), rule=rule, n=runs, steps=steps, targets=[lasts], estimator=played(8),
        settling=observing(episodes=32, moments=4),
    )  # fmt: skip
    return np.array([own.probability("the stock lasts").value for own in found.results])


def test_a_tax_keeps_the_stock_of_those_who_learn_by_actor_and_critic():
    none, whole = shares("valves", A2C, (0.0, 2.0), runs=8, steps=120)
    assert none <= 0.25
    assert whole >= 0.75


@pytest.mark.long
@pytest.mark.parametrize(
    ("name", "rule", "none", "most"),
    [
        ("lake", Q, 0.1, 0.8), ("lake", A2C, 0.1, 0.8), ("valves", A2C, 0.1, 0.8), ("meadow", Q, 0.1, 0.5),
    ],
)  # fmt: skip
def test_a_strong_institution_keeps_what_none_does_not(name, rule, none, most):
    found = shares(name, rule)
    assert found[0] <= none
    assert found[-1] >= most


@pytest.mark.long
def test_the_least_tax_that_is_enough_and_what_it_costs():
    make, _, rounds, _ = COMMONS["valves"]
    at = learners(make)
    lasts = behaviour("the stock lasts", "rounds", at_least=rounds)
    found = ns.steer(
        at(0.0), at, lasts, 0.8, low=0.0, high=2.0, rule=A2C, steps=200, estimator=played(8),
        settling=observing(episodes=32, moments=4), scan=3, tolerance=0.1, most_trials=128, about="distribution",
    )  # fmt: skip
    columns = found.to_columns()
    held = np.array(columns["verdict"]) == "reached"
    values = np.array(columns["value"])
    # all of it is below 4/3, at which a unit that is taken pays nothing, as a quarter of the tax comes back
    assert 0.5 < values[held].min() < 1.2
    assert (values[~held] < values[held].min()).all()


@pytest.mark.long
def test_the_least_tax_costs_by_the_round_and_pays_by_the_episode():
    make, _, rounds, _ = COMMONS["valves"]
    at = learners(make)
    found = ns.sweep(
        at(0.0), at, [0.0, 0.75, 2.0], rule=A2C, n=RUNS, steps=200, estimator=played(8),
        targets=[behaviour("the stock lasts", "rounds", at_least=rounds)], settling=observing(episodes=32, moments=4),
    )  # fmt: skip
    none, least, most = (own.to_columns() for own in found.results)

    def errors(measure, more, less):
        """By how many standard errors the mean over players is larger."""
        one, other = (np.mean([own[f"{measure}, player {i + 1}"] for i in range(4)], axis=0) for own in (more, less))
        return (one.mean() - other.mean()) / np.sqrt((one.var(ddof=1) + other.var(ddof=1)) / RUNS)

    assert errors("payoff", none, least) > 4
    assert errors("return", least, none) > 4
    assert errors("return", none, most) > 4
    assert least["burnt by tax on taken"].max() < 1e-6
    # what lasts is play as it was learnt, with its chances
    assert least["greedy rounds"].mean() < 14 < least["rounds"].min()
