"""One step of UMAP's layout and of t-SNE's gradient.

Both move a point while all the others stand where the last step left them, so that a step may be split over threads and
still gives the same bits. Positions are always three coordinates: in a flat map the third stays zero.
"""

import numpy as np
from numba import njit


@njit(nogil=True, cache=True, inline="always")
def _mixed(number):
    """A 64-bit number scrambled (splitmix64's finaliser): random bits out of a counter."""
    number = (number ^ (number >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    number = (number ^ (number >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return number ^ (number >> np.uint64(31))


@njit(nogil=True, cache=True, fastmath=True, inline="always")
def _power(x, b):
    """x**b of a positive float32, to 5 parts in 10,000, fast: 2**(b * log2 x), both by polynomials."""
    bits = np.float32(x).view(np.int32)
    exponent = np.float32((bits >> np.int32(23)) - np.int32(127))
    m = np.int32((bits & np.int32(0x007FFFFF)) | np.int32(0x3F800000)).view(np.float32)
    log = np.float32(0.0439286) * m - np.float32(0.4094753)
    log = ((log * m + np.float32(1.6101775)) * m - np.float32(3.5202189)) * m + np.float32(5.0690836)
    power = b * (log * m - np.float32(2.7934952) + exponent)
    power = min(max(power, np.float32(-126)), np.float32(126))
    whole = np.float32(np.floor(power))
    rest = power - whole
    fraction = (np.float32(0.0790217) * rest + np.float32(0.2247937)) * rest + np.float32(0.6961805)
    scale = np.int32((np.int32(whole) + np.int32(127)) << np.int32(23)).view(np.float32)
    return (fraction * rest + np.float32(1.0000034)) * scale


@njit(nogil=True, cache=True, inline="always")
def _clipped(step):
    return min(max(step, np.float32(-4)), np.float32(4))


@njit(nogil=True, cache=True, fastmath=True, error_model="numpy")
def umap_epoch(begin, end, old, new, starts, others, period, due, a, b, rate, epoch, seed):
    """One epoch of points begin..end (McInnes et al. 2018, section 4.2): attracted along edges that are due, pushed off
    five random points for each.

    old, new: float32 (n, 3). The graph's rows: starts int64 (n+1,), others int32 (edges,); period and due float32
    (edges,): an edge is drawn every `period` epochs. The graph is symmetric, so both ends of an edge draw it in the
    same epoch, each moving itself twice: once as the end that drew it, once as the other. All moves of one draw start
    from one position, so that the processor computes them side by side.
    """
    n = old.shape[0]
    one, two = np.float32(1), np.float32(2)
    for i in range(begin, end):
        x, y, z = old[i, 0], old[i, 1], old[i, 2]
        counter = _mixed(
            np.uint64(seed) * np.uint64(0x9E3779B97F4A7C15) + (np.uint64(epoch) << np.uint64(32)) + np.uint64(i)
        )
        for edge in range(starts[i], starts[i + 1]):
            if due[edge] > epoch:
                continue
            due[edge] += period[edge]
            j = others[edge]
            dx, dy, dz = x - old[j, 0], y - old[j, 1], z - old[j, 2]
            squared = dx * dx + dy * dy + dz * dz + np.float32(1e-12)
            near = a * _power(squared, b)
            pull = np.float32(-2) * b * near / (squared * (near + one))
            fx, fy, fz = two * _clipped(pull * dx), two * _clipped(pull * dy), two * _clipped(pull * dz)
            for _ in range(5):
                counter += np.uint64(0x9E3779B97F4A7C15)
                j = np.int64(((_mixed(counter) >> np.uint64(32)) * np.uint64(n)) >> np.uint64(32))
                dx, dy, dz = x - old[j, 0], y - old[j, 1], z - old[j, 2]
                squared = dx * dx + dy * dy + dz * dz
                push = two * b / ((np.float32(0.001) + squared) * (a * _power(squared, b) + one))
                fx += _clipped(push * dx)
                fy += _clipped(push * dy)
                fz += _clipped(push * dz)
            x, y, z = x + rate * fx, y + rate * fy, z + rate * fz
        new[i, 0], new[i, 1], new[i, 2] = x, y, z


@njit(nogil=True, cache=True, fastmath=True, error_model="numpy")
def tsne_repulsion(begin, end, x, y, z, sums, forces):
    """The exact repulsion of points begin..end off all others (van der Maaten & Hinton 2008, equation 5).

    x, y, z: float32 (n,). sums float32 (n,): sum over j of q_ij = 1 / (1 + |y_i - y_j|^2), itself left out;
    forces float32 (n, 3): sum over j of q_ij^2 (y_i - y_j).
    """
    one = np.float32(1)
    for i in range(begin, end):
        xi, yi, zi = x[i], y[i], z[i]
        total, fx, fy, fz = np.float32(0), np.float32(0), np.float32(0), np.float32(0)
        for j in range(x.shape[0]):
            dx, dy, dz = xi - x[j], yi - y[j], zi - z[j]
            q = one / (one + dx * dx + dy * dy + dz * dz)
            total += q
            q *= q
            fx += q * dx
            fy += q * dy
            fz += q * dz
        sums[i] = total - one
        forces[i, 0], forces[i, 1], forces[i, 2] = fx, fy, fz


@njit(nogil=True, cache=True, fastmath=True, error_model="numpy")
def tsne_attraction(begin, end, place, starts, others, likeness, forces):
    """The attraction of points begin..end: forces float32 (n, 3) = sum over neighbours j of p_ij q_ij (y_i - y_j).

    place: float32 (n, 3); the symmetric graph's rows: starts int64 (n+1,), others int32, likeness float32 (edges,).
    """
    one = np.float32(1)
    for i in range(begin, end):
        fx, fy, fz = np.float32(0), np.float32(0), np.float32(0)
        for edge in range(starts[i], starts[i + 1]):
            j = others[edge]
            dx, dy, dz = place[i, 0] - place[j, 0], place[i, 1] - place[j, 1], place[i, 2] - place[j, 2]
            pull = likeness[edge] / (one + dx * dx + dy * dy + dz * dz)
            fx += pull * dx
            fy += pull * dy
            fz += pull * dz
        forces[i, 0], forces[i, 1], forces[i, 2] = fx, fy, fz
