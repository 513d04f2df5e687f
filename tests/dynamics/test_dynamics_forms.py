"""In which form programs run, and that a result says so."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import nashscape as ns
from nashscape import games
from nashscape.core import record
from nashscape.dynamics import make_setup
from nashscape.dynamics.batches import run_starts
from nashscape.dynamics.forms import ArrayForm
from nashscape.dynamics.starts import parameters

# of 32 bits: an array of 64 that was indexed with in double precision JAX refuses in single precision
ORDER = np.array([2, 0, 1], np.int32)


def indexing(points, numbers):
    """Payoffs that index with constants, add up on the way, and scan: of five coordinates of three players."""
    everyone = jnp.concatenate(points)
    first = everyone[np.array([3, 0, 4], np.int32)] * jnp.cumsum(everyone[:3])
    last, _ = jax.lax.scan(lambda seen, own: (0.5 * seen + jnp.sin(own), None), everyone[0] * 0.0, everyone)
    pulls = jnp.zeros(3, everyone.dtype).at[np.array([0, 1, 1, 1, 2], np.int32)].add(everyone**2)
    return first[ORDER] * numbers + last - pulls


GAME = games.differentiable(indexing, (1, 3, 1), coefficients=np.array([0.5, -0.3, 0.8]))


def by_hand(theta, numbers, size, steps):
    """Simultaneous ascent by finite differences of the payoffs in NumPy."""

    def payoffs(z):
        first = z[[3, 0, 4]] * np.cumsum(z[:3])
        seen = 0.0
        for own in z:
            seen = 0.5 * seen + np.sin(own)
        pulls = np.array([z[0] ** 2, (z[1:4] ** 2).sum(), z[4] ** 2])
        return first[ORDER] * numbers + seen - pulls

    owner, apart = [0, 1, 1, 1, 2], 1e-6
    for _ in range(steps):
        slopes = [
            (payoffs(theta + apart * e)[i] - payoffs(theta - apart * e)[i]) / (2 * apart)
            for i, e in zip(owner, np.eye(5), strict=True)
        ]
        theta = theta + size * np.array(slopes)
    return theta


def test_programs_that_index_run_in_entries_and_go_where_the_formulas_go():
    setup = make_setup(GAME, ns.pg(), step_size=0.1, projection=ns.unbounded())
    where = np.random.default_rng(0).normal(size=(130, 5))
    ends, cost = run_starts(setup, parameters(where), np.arange(130), steps=20, precision="float64")
    assert cost.form == "entries"
    for k in (0, 129):
        np.testing.assert_allclose(ends.theta[k], by_hand(where[k], np.array([0.5, -0.3, 0.8]), 0.1, 20), atol=1e-7)


def test_both_forms_give_the_same(monkeypatch):
    from nashscape.dynamics import program

    setup = make_setup(GAME, ns.pg(), step_size=0.1, projection=ns.unbounded())
    where = np.random.default_rng(0).normal(size=(20, 5))
    how = {"steps": 20, "precision": "float64"}
    entries, cost = run_starts(setup, parameters(where), np.arange(20), **how)
    monkeypatch.setattr(program, "choose_form", lambda *_: ArrayForm())
    program.compiled.cache_clear()
    arrays, other = run_starts(setup, parameters(where), np.arange(20), **how)
    program.compiled.cache_clear()
    assert (cost.form, other.form) == ("entries", "arrays")
    np.testing.assert_allclose(entries.theta, arrays.theta, rtol=1e-10, atol=1e-12)


@pytest.mark.long
def test_results_say_in_which_form_they_ran():
    hunt, how = games.stag_hunt(), {"n": 4, "steps": 3, "audit": False}
    assert ns.entry_probability(hunt, ns.pg(), **how).provenance.form == "entries"
    # payoffs that only count heads interleave paddings, which have no form of entries
    counting = ns.entry_probability(games.volunteers_dilemma(), ns.pg(), **how)
    assert counting.provenance.form == "arrays"
    assert counting.provenance.to_dict()["form"] == "arrays"
    assert ns.simulate(hunt, ns.pg(), [0.4, 0.6], steps=3).provenance.form == "arrays"
    diagram = ns.phase_diagram(lambda c: ns.open_source(hunt, c), [0.0, 0.5], rule=ns.pg(), n=8, steps=20)
    assert diagram.provenance.form == "entries"


@pytest.mark.parametrize("form", ["entries", "arrays"])
def test_the_form_is_no_part_of_the_question(form):
    without, with_form = record("map", {"game": "stag_hunt"}), record("map", {"game": "stag_hunt"}, form=form)
    assert without.question.key == with_form.question.key
    assert not without.question.differs(with_form.question)
    assert "form" not in without.to_dict()
    assert with_form.to_dict()["form"] == form
