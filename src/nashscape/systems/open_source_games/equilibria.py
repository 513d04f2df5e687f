"""Program equilibria: that there are some, the test in one dimension, and how coupling changes which there are."""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from nashscape import games
from nashscape.core import bracket
from nashscape.games import DenseGame
from nashscape.semantics import open_source
from nashscape.systems.agreement import Row
from nashscape.systems.open_source_games.enumeration import Enumerated, Floats, enumerated, random_games
from nashscape.systems.statements import below, holds, near
from nashscape.theory import boundary_test, existence_report, program_equilibria

PLACES = 20_001
"""Deviations that are looked at one by one."""
CASES = ((0.3, 2.0), (0.7, 1.0), (0.7, 2.0), (0.9, 2.0))
"""Couplings and bounds of boxes."""
RANDOM, ASKED, BOUND = 300, 8, 2.0
"""Random games that are enumerated, those of them of which the library is asked, and the box."""


def existence() -> Iterator[Row]:
    """Equilibria in mixed parameters, with a proved ε; quasi-concavity, from which one in pure parameters follows."""
    dilemma, gift = games.prisoners_dilemma(), games.donation(benefit=3.0, cost=1.0)
    coupled = existence_report(open_source(dilemma, 0.7), bound=2.0)
    for name, found in (("dilemma at 0.7", coupled), ("donation at 0", existence_report(open_source(gift), bound=2.0))):
        assert found.mixed is not None, "two players with one parameter each"
        most = found.mixed.epsilon
        yield below("existence-mixed", f"{name}, proved ε", 1e-3, bracket(0.0, most, most, "proved"))
    yield from where_quasi_concave(enumerated(*own, BOUND) for own in random_games(RANDOM, 0))
    yield from as_enumerated(random_games(ASKED, 0))
    yield holds("existence-always-pure", "dilemma at 0.7, box ±2: quasi-concave", coupled.pure == "yes", "shown")


def where_quasi_concave(games: Iterable[Enumerated]) -> Iterator[Row]:
    """The theorem, by enumeration: of games whose utilities have no valley every one has an equilibrium."""
    found = [own.has_equilibrium for own in games if own.quasi_concave]
    yield holds("existence-pure", "random games and couplings: quasi-concave, an equilibrium on a grid", found, "there")


def as_enumerated(random: Sequence[tuple[Floats, Floats]]) -> Iterator[Row]:
    """The library says of quasi-concavity what the grid shows, and finds an equilibrium where it proves it."""
    alike, there = [], []
    for payoffs, coupling in random:
        learners = open_source(games.bimatrix(*payoffs), coupling)
        proved = existence_report(learners, bound=BOUND).pure == "yes"
        alike.append(proved == enumerated(payoffs, coupling, BOUND).quasi_concave)
        if proved:
            there.append(len(program_equilibria(learners, bound=BOUND).equilibria) > 0)
    yield holds("existence-pure", "random games: quasi-concavity as enumerated", alike, "the same")
    yield holds("existence-pure", "random games: where it is proved, one is found", there, "found")


def one_dimension() -> Iterator[Row]:
    """The test of a corner against deviations looked at one by one; and the condition of the first order alone."""
    game, right = games.prisoners_dilemma(), []
    for coupling, bound in CASES:
        test = boundary_test(open_source(game, coupling), "CC", bound=bound)
        gain = deviation_gain(game, coupling, bound)
        right.append((test.verdict == "yes") == (gain <= 1e-9))
    yield holds("boundary-test", "corners of the dilemma, as deviations one by one", right, "the same verdict")
    test = boundary_test(open_source(game, 0.7), "CC", bound=2.0)
    gain = deviation_gain(game, 0.7, 2.0)
    yield near("boundary-test", "largest gain, coupling 0.7, box ±2", gain, max(test.gain), 1e-4)
    label = "coupling 0.7, box ±2: stable to first order, and an equilibrium"
    yield holds("first-order-enough", label, bool(test.first_order) and gain <= 0, "both")


def deviation_gain(game: DenseGame, coupling: float, bound: float) -> float:
    """The most that player 1 gains by leaving the corner of full cooperation, over deviations one by one."""
    own = np.linspace(-bound, bound, PLACES)
    p, q = (1 / (1 + np.exp(-z)) for z in (own + coupling * bound, bound + coupling * own))
    (R, S), (T, P) = np.asarray(game.payoffs[0]).tolist()
    utility = p * q * R + p * (1 - q) * S + (1 - p) * q * T + (1 - p) * (1 - q) * P
    return float(utility.max() - utility[-1])


def structure() -> Iterator[Row]:
    """Which corners are program equilibria of the dilemma on the box ±1, without reading and with much."""
    game = games.prisoners_dilemma()
    for coupling, only in ((0.0, "DD"), (0.9, "CC")):
        found = program_equilibria(open_source(game, coupling), bound=1.0)
        names = [one.name for one in found.equilibria]
        yield holds("structure", f"dilemma, coupling {coupling:g}: {only} and nothing else", names == [only], "found")
