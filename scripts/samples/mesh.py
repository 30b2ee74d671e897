"""A mesh of irregular hexagons. Outlines made of its edges share every vertex, so they leave no gap and no overlap."""

import numpy as np

NEIGHBOURS_EVEN = ((0, 1), (1, 0), (1, -1), (0, -1), (-1, -1), (-1, 0))   # (row, column) steps, counter-clockwise
NEIGHBOURS_ODD = ((0, 1), (1, 1), (1, 0), (0, -1), (-1, 0), (-1, 1))
EDGE_HALVINGS = 2
EDGE_ROUGHNESS = 0.2


class HexMesh:
    """Cells over a rectangle in metres; cells of the rim only lend their centres to the others."""

    def __init__(self, bounds_m, spacing_m, seed):
        west, south, east, north = bounds_m
        rng = np.random.default_rng(seed)
        self.seed = seed
        self.rows = int((north - south) / (spacing_m * 0.75**0.5)) + 3
        self.cols = int((east - west) / spacing_m) + 3
        row, col = np.mgrid[0:self.rows, 0:self.cols]
        jitter = rng.uniform(-0.4, 0.4, (2, self.rows, self.cols)) * spacing_m
        self.x = (west + spacing_m * (col - 1 + 0.5 * (row % 2)) + jitter[0]).ravel()
        self.y = (south + spacing_m * 0.75**0.5 * (row - 1) + jitter[1]).ravel()
        rim = (row == 0) | (col == 0) | (row == self.rows - 1) | (col == self.cols - 1)
        self.inner = np.flatnonzero(~rim.ravel())
        self._edges = {}

    def neighbours(self, cell):
        row, col = divmod(int(cell), self.cols)
        steps = NEIGHBOURS_ODD if row % 2 else NEIGHBOURS_EVEN
        return [(row + dr) * self.cols + col + dc for dr, dc in steps]

    def vertices(self, cell):
        """Keys of the six corners; corner i lies between neighbours i and i + 1."""
        around = self.neighbours(cell)
        return [tuple(sorted((int(cell), around[i], around[(i + 1) % 6]))) for i in range(6)]

    def place(self, vertex):
        cells = list(vertex)
        return self.x[cells].mean(), self.y[cells].mean()

    def outline(self, cells):
        """Closed rings of points round a set of cells, the longest first."""
        inside = set(int(c) for c in cells)
        following = {}
        for cell in sorted(inside):
            corner = self.vertices(cell)
            for i, other in enumerate(self.neighbours(cell)):
                if other not in inside:
                    following[corner[i - 1]] = corner[i]
        rings = []
        while following:
            start = vertex = min(following)
            ring = []
            while vertex in following:
                after = following.pop(vertex)
                ring.extend(self._rough_edge(vertex, after))
                vertex = after
            ring.append(self.place(start))
            rings.append(ring)
        return sorted(rings, key=len, reverse=True)

    def _rough_edge(self, start, end):
        """Points from start up to, not including, end; the same ones backwards for the neighbour."""
        low, high = min(start, end), max(start, end)
        if (low, high) not in self._edges:
            rng = np.random.default_rng((self.seed, *low, *high))
            self._edges[low, high] = _midpoint_displaced([self.place(low), self.place(high)], rng)
        points = self._edges[low, high]
        return points[:-1] if start == low else points[:0:-1]


def _midpoint_displaced(points, rng):
    for _ in range(EDGE_HALVINGS):
        finer = [points[0]]
        for (x0, y0), (x1, y1) in zip(points, points[1:]):
            shift = rng.uniform(-EDGE_ROUGHNESS, EDGE_ROUGHNESS)
            finer.append(((x0 + x1) / 2 - shift * (y1 - y0), (y0 + y1) / 2 + shift * (x1 - x0)))
            finer.append((x1, y1))
        points = finer
    return points
