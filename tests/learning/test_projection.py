import jax
import jax.numpy as jnp
import numpy as np
import pytest

from nashscape.core import InputError
from nashscape.learning import box, unbounded


@pytest.mark.parametrize("double", [False, True], ids=["float32", "float64"])
def test_a_box_clips_what_a_learner_may_propose(double):
    with jax.enable_x64(double):
        proposed = jnp.array([-23.5, -8.5, -8.0, -1.25, 0.0, 7.9, 8.0, 8.5, 23.5])
        np.testing.assert_array_equal(jax.jit(box(8.0).project)(proposed), np.clip(proposed, -8, 8))
        near = jnp.array([-3.5, -1.0, 1.9, 4.5])
        np.testing.assert_array_equal(box(2.0, low=-1.0).project(near), np.clip(near, -1, 2))
        far = jnp.array([-9999.0, -8.0, 0.0, 9999.0])
        np.testing.assert_array_equal(unbounded().project(far), far)
        assert box().project(proposed).dtype == proposed.dtype


@pytest.mark.parametrize("made", [box(8.0), box(2.0, low=-1.0), unbounded()], ids=["box", "interval", "anywhere"])
@pytest.mark.parametrize("lost", [np.nan, np.inf, -np.inf, 1e5, -1e5, 3e38, 1e4, -1e4])
def test_what_diverged_is_never_taken_for_a_corner(made, lost):
    found = jax.jit(made.project)(jnp.array([lost, 0.5, -lost]))
    np.testing.assert_array_equal(np.isnan(found), [True, False, True])
    assert float(found[1]) == 0.5


def test_how_far_a_proposal_may_leap_is_the_users_to_say():
    leaps = jnp.array([-60.0, -40.0, 40.0, 60.0])
    np.testing.assert_array_equal(box(8.0).project(leaps), [-8, -8, 8, 8])
    np.testing.assert_array_equal(box(8.0, escape=50.0).project(leaps), [np.nan, -8, 8, np.nan])
    np.testing.assert_array_equal(unbounded(escape=50.0).project(leaps), [np.nan, -40, 40, np.nan])


def test_projecting_twice_is_projecting_once():
    values = jnp.linspace(-8.5, 8.5, 101)
    once = box(3.0).project(values)
    np.testing.assert_array_equal(box(3.0).project(once), once)


def test_bounds_are_numbers_of_the_program():
    assert len(jax.tree.leaves(box(3.0))) == 3
    assert jax.tree.structure(box(3.0)) == jax.tree.structure(unbounded())


@pytest.mark.parametrize(
    "call",
    [
        lambda: box(0.0),
        lambda: box(-3.0),
        lambda: box(np.nan),
        lambda: box(np.inf),
        lambda: box("8"),
        lambda: box(None),
        lambda: box(1e4),
        lambda: box(1e5),
        lambda: box(1.0, low=1.0),
        lambda: box(1.0, low=2.0),
        lambda: box(1.0, low=-1e4),
        lambda: box(1.0, low=np.nan),
        lambda: box(1.0, low=[-1.0, -2.0]),
    ],
)
def test_impossible_boxes_are_refused(call):
    with pytest.raises(InputError):
        call()
