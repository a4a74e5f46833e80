"""Compiled loops of `riskmap.spatial.routes`: the next nearest source of every node, when those before it are known."""

import numpy as np
from numba import njit

__all__: list[str] = []


@njit(cache=True, nogil=True)
def _push(heap_z, heap_node, size, z, node):  # type: ignore[no-untyped-def]
    at = size
    while at > 0:
        up = (at - 1) >> 2
        if heap_z[up] <= z:
            break
        heap_z[at], heap_node[at] = heap_z[up], heap_node[up]
        at = up
    heap_z[at], heap_node[at] = z, node
    return size + 1


@njit(cache=True, nogil=True)
def _pop(heap_z, heap_node, size):  # type: ignore[no-untyped-def]
    z, node = heap_z[size], heap_node[size]
    at = 0
    while True:
        low = 4 * at + 1
        if low >= size:
            break
        least = low
        for child in range(low + 1, min(low + 4, size)):
            if heap_z[child] < heap_z[least]:
                least = child
        if heap_z[least] >= z:
            break
        heap_z[at], heap_node[at] = heap_z[least], heap_node[least]
        at = least
    heap_z[at], heap_node[at] = z, node


@njit(cache=True, nogil=True)
def _held(sources, node, origin):  # type: ignore[no-untyped-def]
    for k in range(sources.shape[1]):  # noqa: SIM110 -- numba compiles a loop, not any()
        if sources[node, k] == origin:
            return True
    return False


@njit(cache=True, nogil=True)
def seed(indptr, heads, costs, known, limit, cost, source, arc):  # type: ignore[no-untyped-def]
    """Offer every node what its neighbours know already, of sources that it does not hold itself."""
    known_cost, known_source = known
    for node in range(indptr.size - 1):
        for k in range(known_source.shape[1]):
            origin = known_source[node, k]
            if origin < 0:
                break
            for a in range(indptr[node], indptr[node + 1]):
                head, new = heads[a], known_cost[node, k] + costs[a]
                if new < cost[head] and new <= limit and not _held(known_source, head, origin):
                    cost[head], source[head], arc[head] = new, origin, a


@njit(cache=True, nogil=True)
def spread(indptr, heads, costs, held, limit, cost, source, arc):  # type: ignore[no-untyped-def]
    """Dijkstra from all that was offered; a node passes on one label, and takes none of a source that it holds."""
    done = np.zeros(cost.size, np.bool_)
    heap_z, heap_node = np.empty(heads.size + cost.size), np.empty(heads.size + cost.size, np.int32)
    size = 0
    for node in range(cost.size):
        if cost[node] < np.inf:
            size = _push(heap_z, heap_node, size, cost[node], node)
    while size:
        z, node = heap_z[0], heap_node[0]
        size -= 1
        _pop(heap_z, heap_node, size)
        if done[node]:
            continue
        done[node] = True
        for a in range(indptr[node], indptr[node + 1]):
            head, new = heads[a], z + costs[a]
            if new < cost[head] and new <= limit and not _held(held, head, source[node]):
                cost[head], source[head], arc[head] = new, source[node], a
                size = _push(heap_z, heap_node, size, new, head)
