"""Rotations by quaternions, which are tuples (w, x, y, z)."""

import math

from numir import float64, njit

IDENTITY = (1.0, 0.0, 0.0, 0.0)


@njit
def product(p, q):
    """Hamilton's product."""
    a, *u = p
    b, *v = q
    return (
        a * b - u[0] * v[0] - u[1] * v[1] - u[2] * v[2],
        a * v[0] + b * u[0] + u[1] * v[2] - u[2] * v[1],
        a * v[1] + b * u[1] + u[2] * v[0] - u[0] * v[2],
        a * v[2] + b * u[2] + u[0] * v[1] - u[1] * v[0],
    )


@njit
def conjugate(q):
    """The inverse of a unit quaternion."""
    w, x, y, z = q
    return w, -x, -y, -z


@njit
def about(axis, angle):
    """The rotation about an axis by an angle in radians."""
    length = math.sqrt(axis[0] ** 2 + axis[1] ** 2 + axis[2] ** 2)
    if length == 0:
        raise ValueError("the axis has no length")
    s = math.sin(angle / 2) / length
    return (math.cos(angle / 2), s * axis[0], s * axis[1], s * axis[2])


@njit
def rotate(q, vector):
    """A vector after the rotation."""
    _, *rotated = product(product(q, (0.0, *vector)), conjugate(q))
    x, y, z = rotated
    return x, y, z


@njit
def rotate_points(points: float64[:, :], axis, angle: float):
    """Turn points, one per row, in place."""
    q = about(axis, angle)
    for i in range(len(points)):
        points[i, 0], points[i, 1], points[i, 2] = rotate(q, (points[i, 0], points[i, 1], points[i, 2]))


@njit
def power(q, exponent: int):
    """A rotation carried out several times."""
    if exponent < 0:
        return power(conjugate(q), -exponent)
    result = IDENTITY
    for _ in range(exponent):
        result = product(result, q)
    return result


@njit
def slerp(p, q, t):
    """The rotation a share of the way from p to q."""
    (pw, px, py, pz), (qw, qx, qy, qz) = p, q
    cosine = pw * qw + px * qx + py * qy + pz * qz
    if cosine < 0:
        qw, qx, qy, qz, cosine = -qw, -qx, -qy, -qz, -cosine
    if cosine > 0.9995:
        a, b = 1 - t, t
    else:
        angle = math.acos(cosine)
        a, b = math.sin((1 - t) * angle) / math.sin(angle), math.sin(t * angle) / math.sin(angle)
    return a * pw + b * qw, a * px + b * qx, a * py + b * qy, a * pz + b * qz
