"""Random fields as functions of the pixel's place: any window of a raster can be made by itself."""

import numpy as np


def hashed(a, b, seed):
    """32 well-mixed bits of a pair of integers."""
    mixed = np.asarray(a).astype(np.uint32) * np.uint32(73856093)
    mixed = mixed ^ (np.asarray(b).astype(np.uint32) * np.uint32(19349663)) ^ np.uint32(seed * 2654435761 & 0xFFFFFFFF)
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35)):
        mixed ^= mixed >> np.uint32(shift)
        mixed *= np.uint32(factor)
    return mixed ^ (mixed >> np.uint32(16))


def unit(bits):
    """Bits to [-1, 1)."""
    return bits.astype(np.float32) * np.float32(2.0**-31) - np.float32(1)


def _places(positions, wavelength):
    scaled = positions / wavelength
    index = np.floor(scaled).astype(np.int64)
    t = (scaled - index).astype(np.float32)
    return index, t * t * (3 - 2 * t)


def octave(rows, columns, wavelength, seed):
    """Value noise in [-1, 1) on the grid of `rows` x `columns` (pixel positions)."""
    row, v = _places(rows, wavelength)
    column, u = _places(columns, wavelength)
    lattice = unit(hashed(np.arange(row[0], row[-1] + 2)[:, None], np.arange(column[0], column[-1] + 2)[None, :], seed))
    left, below = column - column[0], row - row[0]
    across = lattice[:, left] * (1 - u) + lattice[:, left + 1] * u
    return across[below] * (1 - v)[:, None] + across[below + 1] * v[:, None]


def fractal(rows, columns, wavelength, shortest, seed):
    """Octaves of falling wavelength, each 0.55 as high as the one before."""
    total, height = 0, 1.0
    while wavelength >= shortest:
        total = total + height * octave(rows, columns, wavelength, seed)
        wavelength, height, seed = wavelength / 2, height * 0.55, seed + 1
    return total
