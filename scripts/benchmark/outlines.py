"""Zone polygons: a jittered lattice with rough edges, neighbours sharing every vertex."""

import numpy as np

from . import data_set as d
from .fields import hashed, unit


def _rough_edge(start, end, levels, seed):
    """Points from start to end by midpoint displacement, too gentle for two edges of a corner to cross."""
    points = np.array([start, end])
    for level in range(levels):
        steps = np.diff(points, axis=0)
        shift = 0.12 * 0.6**level * unit(hashed(np.arange(len(steps)), level, seed))[:, None]
        middle = points[:-1] + steps / 2 + shift * steps[:, ::-1] * (1, -1)
        points = np.insert(points, range(1, len(points)), middle, axis=0)
    return points


def zone_rings(size, columns, rows):
    """(number, ring) of every zone, in map coordinates; numbers from 1, row by row."""
    levels = 8 if columns * rows <= 100 else 3
    x, y = np.meshgrid(np.arange(columns + 1.0), np.arange(rows + 1.0))
    i, j = x.astype(np.int64), y.astype(np.int64)
    x += 0.2 * unit(hashed(i, j, 11)) * ((i > 0) & (i < columns))
    y += 0.2 * unit(hashed(i, j, 12)) * ((j > 0) & (j < rows))
    corners = np.stack([x * (size * d.PIXEL_M / columns) + d.ORIGIN_M[0],
                        d.ORIGIN_M[1] - y * (size * d.PIXEL_M / rows)], axis=-1)

    def edge(a, b):
        seed = (a[0] * 1009 + a[1]) * 2 + (a[0] == b[0])
        return _rough_edge(corners[a], corners[b], levels, seed)

    for row in range(rows):
        for column in range(columns):
            a, b, c, e = (row, column), (row, column + 1), (row + 1, column + 1), (row + 1, column)
            yield row * columns + column + 1, np.concatenate(
                [edge(a, b)[:-1], edge(b, c)[:-1], edge(e, c)[::-1][:-1], edge(a, e)[::-1]])
