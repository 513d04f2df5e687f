"""Simulation beside certificates in probability."""

from dataclasses import replace

import numpy as np
import pytest

from nashscape import games
from nashscape.core import InputError, clopper_pearson
from nashscape.learning import pg, sampled
from nashscape.proofs.certification.certifying import certify
from nashscape.proofs.certification.probable_certifying import certify_in_probability
from nashscape.selection.maps.probable_coverages import simulated_bound

STAG = games.stag_hunt()


@pytest.fixture(scope="module")
def proved():
    return certify_in_probability(STAG, pg(), ["CC", "DD"], estimator=sampled(384), resolution=1 / 16, horizon=60)


@pytest.mark.long
def test_starts_come_from_certified_cells_and_the_bound_is_the_exact_one(proved):
    ran = simulated_bound(proved, "DD", n=300, seed=1)
    assert (proved.labels_at(ran.starts) == 1).all()
    successes = int(ran.success.sum())
    assert ran.lower == clopper_pearson(successes, 300, 0.9).low
    assert ran.lower <= successes / 300
    assert ran.promised == 0.95
    assert (ran.since[ran.success] >= 0).all()
    assert (ran.since <= 60).all()
    assert f"{successes} of 300" in repr(ran)
    again = simulated_bound(proved, "DD", n=300, seed=1)
    assert (again.since == ran.since).all()


@pytest.mark.long
def test_a_false_certificate_is_contradicted(proved):
    # cells given to the traps of the other corner
    other = np.array([[trap.target for trap in proved.traps].index(name) for name in ("DD", "CC")], np.int32)
    false = replace(proved, trap=np.where(proved.trap >= 0, other[proved.label], -1).astype(np.int32))
    assert simulated_bound(false, "CC", n=100).contradicts
    late = replace(proved, steps=np.where(proved.trap >= 0, 0, -1).astype(np.int32))
    moving = (proved.label == 1) & (proved.steps > 0)
    alone = replace(late, trap=np.where(moving, proved.trap, -1).astype(np.int32))
    assert simulated_bound(alone, "DD", n=100).contradicts


@pytest.mark.long
def test_where_nothing_is_certified_the_starts_are_given_and_nothing_is_promised(proved):
    vacuous = certify_in_probability(STAG, pg(), "CC", estimator=sampled(2), resolution=1 / 8, horizon=60)
    assert vacuous.verdict == "vacuous"
    with pytest.raises(InputError, match="within="):
        simulated_bound(vacuous)
    ran = simulated_bound(replace(vacuous, batch=384), within=((0.85, 0.85), (0.95, 0.95)), n=200)
    assert ran.promised is None
    assert not ran.contradicts
    assert ran.lower > 0.8
    assert ((ran.starts >= 0.85) & (ran.starts <= 0.95)).all()
    low = simulated_bound(proved, "CC", within=(0.1, 0.2), n=200)
    assert low.success.sum() == 0
    assert (low.since == -1).all()


def test_bad_input_is_refused(proved):
    with pytest.raises(InputError, match="inside the certificate's region"):
        simulated_bound(proved, within=(0.0, 0.5))
    with pytest.raises(InputError, match="too large to simulate"):
        simulated_bound(replace(proved, batch=2**20))
    with pytest.raises(InputError, match="certify_in_probability"):
        simulated_bound(certify(STAG, pg(), resolution=1 / 8))
    with pytest.raises(InputError, match="nothing is certified of"):
        simulated_bound(proved, "CD")
    with pytest.raises(InputError, match="level"):
        simulated_bound(proved, level=0.4)
