"""Compiled loops of `riskmap.spatial.routes`: the next nearest source of every node, when those before it are known."""

import numpy as np
from numba import njit

from riskmap.spatial.hydrology_kernels import pop, push

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
def spread(indptr, heads, costs, held, limit, cost, source, arc):  # type: ignore[no-untyped-def]
    """Dijkstra from all that was offered; a node passes on one label, and takes none of a source that it holds."""
    done = np.zeros(cost.size, np.bool_)
    heap_z, heap_node = np.empty(heads.size + cost.size), np.empty(heads.size + cost.size, np.int32)
    size = 0
    for node in range(cost.size):
        if cost[node] < np.inf:
            size = push(heap_z, heap_node, size, cost[node], node)
    while size:
        z = heap_z[0]
        node = pop(heap_z, heap_node, size)
        size -= 1
        if done[node]:
            continue
        done[node] = True
        for a in range(indptr[node], indptr[node + 1]):
            head, new = heads[a], z + costs[a]
            if new < cost[head] and new <= limit and not _held(held, head, source[node]):
                cost[head], source[head], arc[head] = new, source[node], a
                size = push(heap_z, heap_node, size, new, head)
