"""Compiled loops of `riskmap.spatial.routes`: the next nearest source of every node, when those before it are known."""

import numpy as np
from numba import njit

__all__: list[str] = []


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
def _rise(heap_z, heap_node, place, at, z, node):  # type: ignore[no-untyped-def]
    """Put a node into the heap of four children a node at `at`, or above where it is less than what stands there."""
    while at > 0:
        up = (at - 1) >> 2
        if heap_z[up] <= z:
            break
        heap_z[at], heap_node[at] = heap_z[up], heap_node[up]
        place[heap_node[at]] = at
        at = up
    heap_z[at], heap_node[at], place[node] = z, node, at


@njit(cache=True, nogil=True)
def _sink(heap_z, heap_node, place, size):  # type: ignore[no-untyped-def]
    """Close the gap at the top of the heap with its last node, which stands at `size`."""
    z, node = heap_z[size], heap_node[size]
    at, low = 0, 1
    while low < size:
        least = low
        for child in range(low + 1, min(low + 4, size)):
            if heap_z[child] < heap_z[least]:
                least = child
        if heap_z[least] >= z:
            break
        heap_z[at], heap_node[at] = heap_z[least], heap_node[least]
        place[heap_node[at]] = at
        at, low = least, 4 * least + 1
    heap_z[at], heap_node[at], place[node] = z, node, at


@njit(cache=True, nogil=True)
def spread(indptr, heads, costs, held, limit, cost, source, arc):  # type: ignore[no-untyped-def]
    """Dijkstra from all that was offered; a node passes on one label, and takes none of a source that it holds.

    A node stands in the heap once and rises when its label gets cheaper; labels that are passed on never do.
    """
    heap_z, heap_node = np.empty(cost.size), np.empty(cost.size, np.int32)
    place = np.empty(cost.size, np.int32)
    size = 0
    for node in range(cost.size):
        if cost[node] < np.inf:
            _rise(heap_z, heap_node, place, size, cost[node], node)
            size += 1
    while size:
        z, node = heap_z[0], heap_node[0]
        size -= 1
        if size:
            _sink(heap_z, heap_node, place, size)
        origin = source[node]
        for a in range(indptr[node], indptr[node + 1]):
            head, new = heads[a], z + costs[a]
            before = cost[head]
            if new < before and new <= limit and not _held(held, head, origin):
                cost[head], source[head], arc[head] = new, origin, a
                at = place[head] if before < np.inf else size
                _rise(heap_z, heap_node, place, at, new, head)
                size += at == size
