"""Lists of equilibria are used alike, whatever kind of game they are of."""

from types import SimpleNamespace

import pytest

from nashscape.core import InputError
from nashscape.theory.bayesian.results import BayesNashEquilibria
from nashscape.theory.continuous.results import PointEquilibria
from nashscape.theory.equilibrium_lists import EquilibriumList
from nashscape.theory.nash.results import Equilibria

FOUND = tuple(SimpleNamespace(name=name, place=k) for k, name in enumerate(("CC", "DD", "C+D", "DD")))


@pytest.mark.parametrize("kind", [EquilibriumList, Equilibria, BayesNashEquilibria, PointEquilibria])
def test_equilibria_are_counted_gone_through_and_taken_by_number_or_name(kind):
    made = kind.__new__(kind)
    object.__setattr__(made, "equilibria", FOUND)
    assert (len(made), list(made)) == (4, list(FOUND))
    assert (made[2], made[-1]) == (FOUND[2], FOUND[3])
    assert made["DD"] is FOUND[1]
    with pytest.raises(InputError, match=r"unknown equilibrium 'DC'\. Known: C\+D, CC, DD\."):
        made["DC"]
    with pytest.raises(IndexError):
        made[4]
