"""True ellipsoidal areas of the pixels of a projected grid, found without libsink.

Longitude and the authalic height z (the ellipsoid's area from the equator to a latitude, per radian) are fitted as
Chebyshev polynomials of the grid's own coordinates. Their Jacobian is the true area per projected area; integrating its
polynomial over each row and column gives every pixel's area, not its value at the centre.
"""

import numpy as np
from numpy.polynomial import chebyshev
from pyproj import CRS, Transformer

DEGREE = 22


def authalic_height_m2(latitude_rad, ellipsoid):
    """Closed form of the integral of the two radii of curvature times cos(latitude), from the equator."""
    a, f = ellipsoid.semi_major_metre, 1.0 / ellipsoid.inverse_flattening
    e = np.sqrt(f * (2.0 - f))
    s = np.sin(latitude_rad)
    return 0.5 * (a * (1.0 - f))**2 * (s / (1.0 - (e * s)**2) + np.arctanh(e * s) / e)


def pixel_areas_m2(crs_text, geotransform, rows, cols):
    """Array (rows, cols) of true areas in square metres."""
    west, step_x, _, north, _, step_y = geotransform
    crs = CRS.from_wkt(crs_text)
    to_degrees = Transformer.from_crs(crs, crs.geodetic_crs, always_xy=True)
    node = chebyshev.chebpts1(DEGREE + 1)
    centre_x, half_x = west + step_x * cols / 2, step_x * cols / 2
    centre_y, half_y = north + step_y * rows / 2, step_y * rows / 2
    y, x = np.meshgrid(centre_y + half_y * node, centre_x + half_x * node, indexing="ij")
    lon, lat = np.radians(to_degrees.transform(x, y))
    lon -= lon.mean()
    height = authalic_height_m2(lat, crs.ellipsoid)
    lon_fit, height_fit = _fit(node, lon), _fit(node, height - height.mean())
    jacobian = (_at(node, lon_fit, 1) * _at(node, height_fit, 0) - _at(node, lon_fit, 0) * _at(node, height_fit, 1))
    per_cell = _fit(node, jacobian)
    return np.abs(_cell_integrals(rows) @ per_cell @ _cell_integrals(cols).T)


def _fit(node, values):
    """Coefficients (y, x) of the polynomial through values at the tensor nodes."""
    inverse = np.linalg.inv(chebyshev.chebvander(node, DEGREE))
    return inverse @ values @ inverse.T


def _at(node, coefficients, axis):
    """Values at the nodes of the derivative along an axis (0: y, 1: x)."""
    slope = chebyshev.chebder(coefficients, axis=axis)
    return chebyshev.chebval2d(*np.meshgrid(node, node, indexing="ij"), slope)


def _cell_integrals(count):
    """Integral of each Chebyshev polynomial over each of the equal cells of [-1, 1]."""
    edges = np.linspace(-1.0, 1.0, count + 1)
    integral = [chebyshev.chebval(edges, chebyshev.chebint(np.eye(DEGREE + 1)[k])) for k in range(DEGREE + 1)]
    return np.diff(np.array(integral), axis=1).T
