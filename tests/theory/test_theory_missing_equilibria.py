"""A search that lost an equilibrium does not call its list complete: regular games have indices that sum to one."""

import pytest

from nashscape import games
from nashscape.theory.nash.assembling import assembled
from nashscape.theory.nash.budgets import Budget
from nashscape.theory.nash.more_players import Search


def searched():
    """Three players of whom all or none want the same: two strict equilibria, index +1, and those between them."""
    game = games.dense([[[[3, 0], [0, 0]], [[0, 0], [0, 2]]]] * 3)
    search = Search.of(game.fractions)
    search.run(Budget(60.0), None)
    return search


def test_the_whole_list_is_complete():
    found = assembled(searched(), [])
    assert found.complete
    indices = [one.index for one in found.candidates]
    assert sum(indices) == 1
    assert 1 in indices
    assert -1 in indices


@pytest.mark.parametrize("lost", [1, -1])
def test_a_list_without_one_of_them_is_not(lost):
    search = searched()
    if lost == 1:
        # a strict one, with the piece that it is
        strict = next(profile for profile in search.exact if all(max(own) == 1 for own in profile))
        del search.exact[strict]
        search.pieces[:] = [piece for piece in search.pieces if strict not in piece.points]
    else:
        signs = {root.sign: pair for pair in search.roots for root in pair[1:]}
        search.roots.remove(signs[-1])
    found = assembled(search, [])
    assert sum(one.index for one in found.candidates) == 1 - lost
    assert not found.complete
    assert "some are missing" in found.note
