"""Pictures of what types do: discs at their places, means, closed forms."""

import numpy as np
import pytest

import nashscape as ns
from nashscape.core import InputError


def lines(axes):
    """Discs as (x, y, size), and other lines by their ends."""
    discs = [own for own in axes.lines if own.get_marker() == "o"]
    return (
        [(*own.get_xdata(), *own.get_ydata(), own.get_markersize()) for own in discs],
        [own for own in axes.lines if own.get_marker() != "o"],
    )


def test_discs_stand_at_values_and_bids_as_large_as_they_are_likely_with_the_closed_form():
    game = ns.games.auction(values=[0, 1, 2], bids=[0, "1/2", 1])
    mixed = [[[1, 0, 0], [0, 1, 0], [0, "1/4", "3/4"]], [[1, 0, 0], [1, 0, 0], [0, 0, 1]]]
    figure = ns.theory.interim_gains(game, mixed).plot()
    first, second = figure.axes
    discs, [mean, form] = lines(first)
    assert [own[:2] for own in discs] == [(0, 0), (1, 0.5), (2, 0.5), (2, 1)]
    sizes = np.array([own[2] for own in discs]) ** 2
    np.testing.assert_allclose(sizes / sizes[0], [1, 1, 0.25, 0.75])
    np.testing.assert_allclose(mean.get_ydata(), [0, 0.5, 0.875])
    np.testing.assert_allclose(form.get_ydata(), [0, 0.5, 1])
    assert [own[:2] for own in lines(second)[0]] == [(0, 0), (1, 0), (2, 1)]
    # the first bidder's value 2 earns 1 by a half and 5/6 by one, against bids of which two thirds are nothing
    assert figure.get_suptitle() == "first-price auction: no type gains more than 0.12"


def test_of_words_there_is_no_mean_and_equilibria_are_chosen_by_name():
    payoffs = np.zeros((2, 1, 2, 2, 2))
    payoffs[0, 0, :], payoffs[1, 0, 0], payoffs[1, 0, 1] = np.eye(2), np.eye(2), 1 - np.eye(2)
    game = ns.games.bayesian_game(payoffs, [[0.75, 0.25]], types=[["one"], ["with", "against"]], actions=["go", "stay"])
    found = ns.equilibria(game)
    figure = found.plot(which=["stay/stay go"])
    assert [axes.get_title() for axes in figure.axes] == ["player 1", "player 2"]
    discs, others = lines(figure.axes[1])
    assert [own[:2] for own in discs] == [(0, 1), (1, 0)]
    assert others == []
    assert [own.get_text() for own in figure.axes[1].get_xticklabels()] == ["with", "against"]
    with pytest.raises(InputError, match="unknown equilibrium 'go'"):
        found.plot(which=["go"])
    pennies = np.stack([np.eye(2), 1 - np.eye(2)])[:, None, None]
    none = ns.theory.bayes_nash_equilibria(ns.games.bayesian_game(pennies), method="pure")
    with pytest.raises(InputError, match="nothing to draw"):
        none.plot()
