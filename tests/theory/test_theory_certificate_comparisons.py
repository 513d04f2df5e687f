"""Two certificates beside each other: exact areas against a lattice, whole basins, and what is not contained."""

from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import pytest

from nashscape import games
from nashscape.core import InputError, Status, record
from nashscape.learning import meta_mapg, peer_only, pg
from nashscape.proofs.certification.certificates import Certificate
from nashscape.proofs.certification.certifying import certify, certify_escape
from nashscape.proofs.certification.comparisons import KINDS, containment

HUNT = games.stag_hunt()


@pytest.fixture(scope="module")
def proved():
    return {rule.name: certify(HUNT, rule, "CC", resolution=1 / 256) for rule in (pg(), meta_mapg(peer=1.5, own=0.35))}


@pytest.mark.long
def test_what_policy_gradient_certifies_in_the_stag_hunt_lies_in_what_meta_mapg_does(proved):
    plain, aware = proved["pg"], proved["meta_mapg"]
    found = containment(aware, plain)
    assert found.contained
    assert found.contradicted == 0.0
    assert len(found.low) == 0
    # the basins are .2548 and .4213 of the square
    assert found.proved > 0.99
    assert 0.15 < found.gained < 0.4213 - 0.2548 + 1e-3
    assert found.rules == ("pg", "meta_mapg")
    assert "lies in that of meta_mapg" in repr(found)
    # for defection it is the other way round
    other = containment(plain, aware, "DD")
    assert other.contained
    assert other.gained == found.gained


@pytest.mark.long
def test_areas_are_those_of_either_certificate_and_add_up_exactly(proved):
    plain, aware = proved["pg"], proved["meta_mapg"]
    found = containment(aware, plain)
    assert found.areas.sum() == 1.0
    for own, axis in ((plain, 1), (aware, 0)):
        levels = np.rint(np.log2(0.9 / (own.high - own.low))).astype(int).sum(axis=1)
        for kind, which in enumerate((own.label == 0, own.label == 1, own.label == -1)):
            exact = sum((Fraction(1, 2 ** int(level)) for level in levels[which]), start=Fraction(0))
            assert Fraction(float(found.areas.sum(axis=axis)[kind])) == exact
    np.testing.assert_array_equal(containment(plain, aware).areas, found.areas.T)
    assert (found.area("certified", "undecided"), found.area("undecided", "certified")) == (
        found.areas[0, 2],
        found.areas[2, 0],
    )


def test_the_table_is_that_of_points_on_the_finest_lattice(proved):
    plain, aware = proved["pg"], proved["meta_mapg"]
    found = containment(aware, plain)
    axis = 0.05 + 0.9 * (np.arange(256) + 0.5) / 256
    points = np.stack(np.meshgrid(axis, axis, indexing="ij"), -1).reshape(-1, 2)
    kinds = [np.where(labels >= 0, labels, 2) for labels in (plain.labels_at(points), aware.labels_at(points))]
    counted = np.zeros((3, 3))
    np.add.at(counted, tuple(kinds), 1 / 256**2)
    np.testing.assert_array_equal(counted, found.areas)


def test_a_basin_that_is_not_contained_is_shown_where(proved):
    plain, aware = proved["pg"], proved["meta_mapg"]
    found = containment(plain, aware)
    assert not found.contained
    assert found.contradicted == containment(aware, plain).gained > 0.15
    assert "does not lie in that of pg" in repr(found)
    # the cells named have that area, and both certificates say so in the middle of each
    assert np.prod((found.high - found.low) / 0.9, axis=1).sum() == pytest.approx(found.contradicted, abs=1e-12)
    middle = (found.low + found.high) / 2
    assert (aware.labels_at(middle) == 0).all()
    assert (plain.labels_at(middle) == 1).all()


@pytest.mark.long
def test_a_negative_coefficient_makes_the_basin_smaller():
    plain, against = (certify(HUNT, rule, "CC", resolution=1 / 32) for rule in (pg(), peer_only(peer=-1.5)))
    assert not containment(against, plain).contained
    assert containment(plain, against).contained


@pytest.mark.long
def test_chicken_has_basins_of_one_area_that_do_not_change():
    # the diagonal parts them under any rule that treats the players alike
    plain, aware = (certify(games.chicken(), rule, ["CD", "DC"], resolution=1 / 64) for rule in (pg(), peer_only()))
    for target in ("CD", "DC"):
        both = containment(aware, plain, target), containment(plain, aware, target)
        assert all(found.contained for found in both)
        assert all(found.gained == 0.0 for found in both)


@pytest.mark.long
def test_other_regions_and_escapes_are_compared_too():
    region = ([0.2, 0.6], [0.9, 0.6])
    segment = [certify(HUNT, rule, "CC", region, resolution=1 / 64) for rule in (pg(), peer_only())]
    found = containment(segment[1], segment[0])
    assert found.areas.sum() == 1.0
    assert found.contained
    assert found.gained > 0
    dilemma = games.prisoners_dilemma()
    gone = [certify_escape(dilemma, rule, "CC", resolution=1 / 8) for rule in (pg(), meta_mapg())]
    assert containment(*gone, "DD").proved == 1.0
    # nothing is certified for CC, and everything is proved to end elsewhere
    assert containment(*gone, "CC").areas[1, 1] == 1.0


def halved(low, high, random, depth):
    """Cells from halving a box at random, along any side, with any labels."""
    if depth == 0 or random.uniform() < 0.2:
        return [(low, high, int(random.integers(-1, 2)))]
    axis = int(random.integers(len(low)))
    middle = (low[axis] + high[axis]) / 2
    left, right = high.copy(), low.copy()
    left[axis] = right[axis] = middle
    return halved(low, left, random, depth - 1) + halved(right, high, random, depth - 1)


def made(random, name, d):
    """A certificate of which only the cells matter."""
    region = np.array([np.full(d, -1.0), np.full(d, 2.0)])
    low, high, label = (np.array(part) for part in zip(*halved(*region, random, 9), strict=True))
    traps = tuple(SimpleNamespace(target=target, kind="corner") for target in ("A", "B"))
    problem = {"actions": [], "payoffs": [], "matrix": [], "bias": []}
    return Certificate(
        "game", name, ("A", "B"), "parameters", region, low, high, label.astype(np.int32), label.astype(np.int32),
        traps, 2.0**-9, problem, {}, np.zeros((0, 3)), Status.COMPLETE, record("test", {}),
    )  # fmt: skip


@pytest.mark.parametrize("d", [1, 2, 3])
def test_cells_halved_along_different_sides_against_brute_force(d):
    random = np.random.default_rng(d)
    for _ in range(5):
        one, two = made(random, "one", d), made(random, "two", d)
        found = containment(two, one)
        areas = np.zeros((3, 3))
        contradicted = []
        for i in range(len(one.low)):
            low, high = np.maximum(one.low[i], two.low), np.minimum(one.high[i], two.high)
            volume = np.prod(np.maximum(high - low, 0), axis=1) / 3.0**d
            kind = 2 if one.label[i] < 0 else one.label[i]
            np.add.at(areas[kind], np.where(two.label < 0, 2, two.label), volume)
            if kind == 0:
                contradicted += list(low[(volume > 0) & (two.label == 1)])
        np.testing.assert_allclose(found.areas, areas, atol=1e-12)
        assert sorted(map(tuple, contradicted)) == sorted(map(tuple, found.low))
        assert len(found.low) == len(found.high)
        assert found.area(KINDS[0], KINDS[1]) == found.contradicted


def test_different_questions_are_refused(proved):
    plain = proved["pg"]
    for other, message in (
        (certify(HUNT, pg(), "CC", (0.1, 0.9), resolution=1 / 8), "different regions"),
        (certify(games.stag_hunt(R=5), pg(), "CC", resolution=1 / 8), "differ in (game|payoffs)"),
        ("CC", "results of certify"),
    ):
        with pytest.raises(InputError, match=message):
            containment(plain, other)
    with pytest.raises(InputError, match="neither certificate speaks of 'XX'; they have traps for CC, DD"):
        containment(plain, plain, "XX")


@pytest.mark.long
def test_nothing_certified_is_no_inclusion_and_flows_are_something_else():
    plain = certify(games.stag_hunt(), pg(), "CC", resolution=1 / 32)
    nothing = certify(games.stag_hunt(), meta_mapg(), "CC", seconds=0.0)
    found = containment(nothing, plain)
    assert found.contained
    assert found.proved == 0.0
    assert "certifies nothing of it" in repr(found)
    assert found.status is Status.INTERRUPTED
    flow = certify(games.stag_hunt(), pg(), "CC", resolution=1 / 8, time_step=0.1)
    with pytest.raises(InputError, match="differ in dynamics"):
        containment(flow, plain)
