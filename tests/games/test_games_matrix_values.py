"""The values of many matrix games at once against exact linear programs, degenerate ones too."""

from fractions import Fraction

import numpy as np
import pytest

from nashscape.games.matrix_values import matrix_values
from nashscape.theory.nash.matrix_games import matrix_game


def exact(table):
    return float(matrix_game(np.vectorize(Fraction)(table.astype(int))).value)


@pytest.mark.parametrize("shape", [(1, 3), (2, 2), (2, 5), (3, 3), (4, 3), (4, 4), (5, 5)])
def test_values_and_mixtures_are_optimal_whatever_the_payoffs(shape):
    """Payoffs of −2 to 2, so that many are equal, and parts are singular."""
    random = np.random.default_rng(sum(shape))
    tables = random.integers(-2, 3, size=(60, *shape)).astype(float)
    tables[0], tables[1, :, 0] = 0.0, tables[1, :, -1]
    found = matrix_values(tables)
    np.testing.assert_allclose(found.values, [exact(table) for table in tables], atol=1e-12)
    for table, x, y, value in zip(tables, found.rows, found.columns, found.values, strict=True):
        assert (x @ table).min() == pytest.approx(value, abs=1e-12)
        assert (table @ y).max() == pytest.approx(value, abs=1e-12)
        assert min(x.min(), y.min()) >= 0
        np.testing.assert_allclose([x.sum(), y.sum()], 1, atol=1e-12)


@pytest.mark.parametrize("unit", [1e-6, 1e6])
def test_units_and_constants_change_values_as_they_should(unit):
    tables = np.random.default_rng(0).normal(size=(200, 3, 4))
    plain, other = matrix_values(tables), matrix_values(unit * tables)
    np.testing.assert_allclose(other.values, unit * plain.values, rtol=1e-9)
    np.testing.assert_allclose(matrix_values(tables + 5).values, plain.values + 5, rtol=1e-12)
    np.testing.assert_allclose(matrix_values(-tables.transpose(0, 2, 1)).values, -plain.values, rtol=1e-9, atol=1e-12)
