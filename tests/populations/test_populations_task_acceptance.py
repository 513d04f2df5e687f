"""Which tasks are accepted: exactly the band between too hard and too easy that a control policy fails."""

import numpy as np
import pytest

from nashscape.core import InputError
from nashscape.populations import accepted_tasks


def test_exactly_the_band_between_is_accepted():
    """Planted agents whose chances of success are k/20, beside a control policy with chances of j/20."""
    agent, control = (own.ravel() for own in np.meshgrid(np.arange(21) / 20, np.arange(21) / 20, indexing="ij"))
    found = accepted_tasks(agent, control, least=0.25, most=0.75, control_most=0.5).reshape(21, 21)
    wanted = np.zeros((21, 21), bool)
    wanted[5:16, :11] = True  # both ends count
    np.testing.assert_array_equal(found, wanted)


def test_episodes_count_as_shares_of_successes():
    agent = [[0, 0, 0, 0], [1, 0, 0, 0], [1, 1, 1, 0], [1, 1, 1, 1]]
    idle = np.zeros(4)
    assert accepted_tasks(agent, idle, least=0.2, most=0.8).tolist() == [False, True, True, False]
    assert accepted_tasks(agent, [[0, 1]] * 4, control_most=0.49).tolist() == [False] * 4
    assert accepted_tasks([[3.0, 9.0]], [[3.0]], success=5.0).tolist() == [True]


def test_what_an_agent_learns_moves_the_band():
    difficulty, idle = np.linspace(-3, 3, 13), np.zeros(13)
    bands = [np.flatnonzero(accepted_tasks(1 / (1 + np.exp(difficulty - skill)), idle)) for skill in (-2.0, 0.0, 2.0)]
    assert bands[0].max() < bands[1].max() < bands[2].max()
    assert bands[0].min() < bands[2].min()


@pytest.mark.parametrize(
    ("given", "options", "why"),
    [
        (([0.5], [0.5, 0.5]), {}, "same tasks; got 1 and 2"),
        (([1.5], [0.5]), {}, "scores are probabilities"),
        (([0.5], [-0.5]), {}, "control are probabilities"),
        (([], []), {}, "probabilities"),
        (([0.5], [0.5]), {"least": 0.9, "most": 0.1}, "least is at most most"),
        (([0.5], [0.5]), {"most": 1.1}, "most must be"),
    ],
)
def test_what_cannot_be_accepted_or_not_is_refused(given, options, why):
    with pytest.raises(InputError, match=why):
        accepted_tasks(*given, **options)
