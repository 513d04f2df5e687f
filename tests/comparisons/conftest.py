"""Other libraries, as far as comparisons call them: stand-ins that compute the same from its definition.

They are modules of the others' names. Equilibria are found by supports, payoffs by summing over profiles, and flows are
followed in logarithms of shares: none of it is how the library does it.
"""

import importlib.metadata
import itertools
import math
import sys
from types import ModuleType

import numpy as np
import pytest
from scipy.integrate import solve_ivp


def gains(payoffs, profile):
    """For every player the expected payoff of every own action, as sums over the profiles of all."""
    shares = [np.asarray(own).tolist() for own in profile]
    made = [[0.0] * len(own) for own in shares]
    for actions in itertools.product(*(range(len(own)) for own in profile)):
        for i, a in enumerate(actions):
            others = [own[b] for j, (own, b) in enumerate(zip(shares, actions, strict=True)) if j != i]
            made[i][a] += payoffs[i][actions] * math.prod(others)
    return [np.array(one) for one in made]


def velocity(payoffs, profile):
    """`ẋ_a = Σ_b x_a x_b (u_a − u_b)` of every player."""
    return [
        np.array([sum(x[a] * x[b] * (u[a] - u[b]) for b in range(len(x))) for a in range(len(x))])
        for x, u in zip(profile, gains(payoffs, profile), strict=True)
    ]


def followed(payoffs, profile, times):
    """Shares at some times, `d log(x_a / x_n) / dt = u_a − u_n`, one array for every player."""
    cuts = np.cumsum([len(own) - 1 for own in profile])[:-1]

    def shares(z):
        powers = [np.exp(np.append(one, 0.0)) for one in np.split(z, cuts)]
        return [one / one.sum() for one in powers]

    def field(_, z):
        return np.concatenate([u[:-1] - u[-1] for u in gains(payoffs, shares(z))])

    start = np.concatenate([np.log(own[:-1] / own[-1]) for own in profile])
    found = solve_ivp(field, (0.0, times[-1]), start, "DOP853", times, rtol=1e-10, atol=1e-10)
    return [np.array(one) for one in zip(*(shares(z) for z in found.y.T), strict=True)]


def by_supports(first, second):
    """The equilibria of a game of two players that is not degenerate: supports of equal size, one after another."""
    for size in range(1, min(first.shape) + 1):
        for rows in itertools.combinations(range(first.shape[0]), size):
            for columns in itertools.combinations(range(first.shape[1]), size):
                y = _indifferent(first[np.ix_(rows, columns)])
                x = _indifferent(second[np.ix_(rows, columns)].T)
                if x is None or y is None:
                    continue
                p, q = np.zeros(first.shape[0]), np.zeros(first.shape[1])
                p[list(rows)], q[list(columns)] = x, y
                if (first @ q).max() <= p @ first @ q + 1e-9 and (p @ second).max() <= p @ second @ q + 1e-9:
                    yield p, q


def _indifferent(payoffs):
    """The opponent's mixture under which all rows of a square table pay the same; None where there is none."""
    size = len(payoffs)
    table = np.block([[payoffs, -np.ones((size, 1))], [np.ones((1, size)), np.zeros((1, 1))]])
    if abs(np.linalg.det(table)) < 1e-12:
        return None
    mixture = np.linalg.solve(table, np.append(np.zeros(size), 1.0))[:size]
    return mixture if (mixture > 0.0).all() else None


def corners(sides):
    """The vertices of `{x ≥ 0, sides·x ≤ 1}` by which inequalities are tight there, solved for one by one."""
    k, m = sides.shape
    every, right = np.vstack([-np.eye(m), sides]), np.append(np.zeros(m), np.ones(k))
    found = {}
    for tight in itertools.combinations(range(m + k), m):
        if abs(np.linalg.det(every[list(tight)])) > 1e-12:
            x = np.linalg.solve(every[list(tight)], right[list(tight)])
            if (every @ x <= right + 1e-9).all():
                found[frozenset(tight)] = x
    return found


def along_labels(first, second, label):
    """The end of the path that drops a label, from vertex to vertex among all that there are."""
    m, k = first.shape
    rows = corners((second - second.min() + 1).T)
    # the second player's own actions come first, and are the last labels
    columns = {frozenset((v + m) % (m + k) for v in own): y for own, y in corners(first - first.min() + 1).items()}
    sets, at = (rows, columns), [frozenset(range(m)), frozenset(range(m, m + k))]
    side, dropped = int(label >= m), label
    while True:
        kept = at[side] - {dropped}
        [after] = [own for own in sets[side] if kept < own and own != at[side]]
        [taken] = after - kept
        at[side] = after
        if taken == label:
            return tuple(own[where] / own[where].sum() for own, where in zip(sets, at, strict=True))
        side, dropped = 1 - side, taken


class Game:
    """Nashpy's game."""

    def __init__(self, first, second=None):
        self.payoffs = first, first.T if second is None else second

    def lemke_howson(self, initial_dropped_label):
        return along_labels(*self.payoffs, initial_dropped_label)

    def linear_program(self):
        return next(by_supports(*self.payoffs))

    def vertex_enumeration(self):
        return by_supports(*self.payoffs)

    def asymmetric_replicator_dynamics(self, x0, y0, timepoints):
        return tuple(followed(self.payoffs, (x0, y0), timepoints))

    def replicator_dynamics(self, y0, timepoints):
        return followed(self.payoffs, (y0, y0), timepoints)[0]


def nashpy():
    module, learning = ModuleType("nashpy"), ModuleType("nashpy.learning")
    flows = ModuleType("nashpy.learning.replicator_dynamics")

    def both(state, t, first, second):
        cut = len(first)
        return np.concatenate(velocity((first, second), (state[:cut], state[cut:])))

    module.Game = Game
    flows.get_derivative_of_fitness = lambda x, t, table: velocity((table, table.T), (x, x))[0]
    flows.get_derivative_of_asymmetric_fitness = both
    return [module, learning, flows]


def open_spiel():
    names = ["open_spiel", "open_spiel.python", "open_spiel.python.egt", "open_spiel.python.egt.dynamics"]
    modules = [ModuleType(name) for name in names]

    def single(payoffs, rule):
        assert rule is velocity
        return lambda x, t=None: velocity(payoffs, (x, x))[0]

    def several(payoffs, rule):
        assert rule is velocity
        cuts = np.cumsum(np.shape(payoffs[0]))[:-1]
        return lambda state, t=None: np.concatenate(velocity(payoffs, np.split(np.asarray(state), cuts)))

    modules[-1].SinglePopulationDynamics, modules[-1].MultiPopulationDynamics = single, several
    modules[-1].replicator = velocity
    return modules


STAND_INS = {"nashpy": nashpy, "open_spiel": open_spiel}


@pytest.fixture
def others(monkeypatch):
    """Put stand-ins where other libraries are imported from; gives them by the names of their modules."""
    usual = importlib.metadata.version
    made = {module.__name__: module for make in STAND_INS.values() for module in make()}
    for name, module in made.items():
        monkeypatch.setitem(sys.modules, name, module)
    monkeypatch.setattr(importlib.metadata, "version", lambda name: "0" if name in STAND_INS else usual(name))
    return made


@pytest.fixture
def nothing_else(monkeypatch):
    """As where no other library is installed."""
    for make in STAND_INS.values():
        for module in make():
            monkeypatch.setitem(sys.modules, module.__name__, None)
