"""Smooth random fields, built only from elementwise arithmetic so that every machine gives the same bits."""

import numpy as np


def _weights(length_px, wavelength_px):
    """Lattice index and smoothstep weight of every pixel along one axis."""
    position = np.arange(length_px) / wavelength_px
    index = position.astype(np.int64)
    t = position - index
    return index, t * t * (3.0 - 2.0 * t)


def octave(rng, shape_px, wavelength_px):
    """Value noise in [-1, 1] of one wavelength."""
    row, v = _weights(shape_px[0], wavelength_px)
    col, u = _weights(shape_px[1], wavelength_px)
    lattice = rng.uniform(-1.0, 1.0, (row[-1] + 2, col[-1] + 2))
    across = lattice[:, col] * (1.0 - u) + lattice[:, col + 1] * u
    return across[row] * (1.0 - v)[:, None] + across[row + 1] * v[:, None]


def fractal(rng, shape_px, wavelength_px, octaves=3):
    """Sum of octaves, each of half the wavelength and half the height of the one before."""
    total = np.zeros(shape_px)
    for k in range(octaves):
        total += octave(rng, shape_px, wavelength_px / 2**k) / 2**k
    return total
