"""A comparison seen from the other side."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from validators.checks.comparison_sides import matrix_of, turned
from validators.evidence import Comparison, Region

number = st.floats(-0.3, 0.3)
matrices = st.builds(
    lambda a, b, c, d, e, f, g, h, flip: (
        np.array([[1 + a, b, c], [d, 1 + e, f], [g, h, 1.0]]) @ np.diag([-1.0 if flip else 1.0, 1.0, 1.0])
    ),
    *[number] * 8,
    st.booleans(),
).filter(lambda matrix: abs(np.linalg.det(matrix)) > 0.1 and abs(np.linalg.inv(matrix)[2, 2]) > 0.05)


def some(matrix: np.ndarray) -> Comparison:
    return Comparison(
        tuple(matrix.ravel().tolist()), 50, 40, 0.6, 0.9, 0.95, 0.2, None, 0, 3,
        Region(0, 0, 1, 1), Region(0.1, 0.2, 0.3, 0.4, page=2),
    )  # fmt: skip


@given(matrices)
def test_turned_twice_is_the_same(matrix):
    comparison = some(matrix)
    twice = turned(turned(comparison))
    np.testing.assert_allclose(twice.matrix, comparison.matrix, atol=1e-6)
    assert (twice.this_area, twice.other_area) == (comparison.this_area, comparison.other_area)
    assert (twice.this_part, twice.other_part) == (0, 3)


@given(matrices, st.floats(0, 1), st.floats(0, 1))
def test_turned_takes_a_point_back(matrix, x, y):
    comparison = some(matrix)
    there = matrix_of(comparison) @ [x, y, 1.0]
    back = matrix_of(turned(comparison)) @ there
    np.testing.assert_allclose(back[:2], np.array([x, y]) * back[2], atol=1e-6)


def test_the_sides_are_swapped():
    other = turned(some(np.diag([2.0, 2.0, 1.0])))
    assert (other.this_part, other.other_part) == (3, 0)
    assert other.this_area == Region(0.1, 0.2, 0.3, 0.4, page=2)
    assert other.matrix == (0.5, 0, 0, 0, 0.5, 0, 0, 0, 1)
