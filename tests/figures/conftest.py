"""Small results that several figures are drawn from, computed once."""

import pytest

from nashscape import basin_map, entry_probability, games, meta_mapg, pg, sampled, simulate

RULES = [pg(), meta_mapg()]


@pytest.fixture(scope="session")
def maps():
    return basin_map(games.stag_hunt(), RULES, grid=9)


@pytest.fixture(scope="session")
def sampled_maps():
    return basin_map(games.stag_hunt(), RULES, grid=5, steps=20, estimator=sampled(batch=16), rollouts=3)


@pytest.fixture(scope="session")
def entries():
    return entry_probability(games.stag_hunt(), RULES, n=60, steps=60)


@pytest.fixture(scope="session")
def run():
    return simulate(games.stag_hunt(), meta_mapg(), start=[0.6, 0.55], steps=150, targets=["CC"])
