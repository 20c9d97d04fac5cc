"""The same shards on a Ray cluster: a pool of actors with one model each. Needs the extra `ray` and a folder that all nodes see.

The pool is sized when it starts: an actor pool that takes every CPU of the cluster leaves none for the tasks that feed it, and
stalls without a word. A shard whose worker is lost is given to another; each shard is at most `TRIES` times begun.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tocsin.archive.captures import Shard
from tocsin.archive.coding import Coded, Settings
from tocsin.archive.runs import Plan, Told, finish_shard
from tocsin.archive.workers import Worker
from tocsin.errors import MissingError, StoreError, UsageError

TRIES = 4


class Actor:
    """Keeps a worker, which outlives what captures do to its process, and hands it the shards that it is given."""

    def __init__(self, settings: Settings) -> None:
        self._worker = Worker(settings)

    def code(self, shard: Shard, out: str) -> Coded:
        return self._worker.code(shard, Path(out))


def pool_size(workers: int, cpus: float) -> int:
    """How many actors: as asked for, but one CPU of the cluster stays free for Ray's own tasks. Raises `UsageError` where none fits."""
    most = int(cpus) - 1 if cpus >= 2 else 0
    if most < 1:
        raise UsageError(f"the Ray cluster has {cpus:g} CPUs; at least 2 are needed, one stays free")
    return min(workers, most) if workers else most


def run_ray(
    out: Path, wanted: Plan, left: Sequence[Shard], workers: int, told: Told, address: str | None = "auto"
) -> None:
    """Codes the shards that are left on a cluster. Raises `MissingError` without Ray, `StoreError` where a shard failed too often."""
    try:
        import ray
    except ImportError as problem:
        raise MissingError("the engine ray needs: pip install 'tocsin[ray]'") from problem
    if not ray.is_initialized():
        try:
            ray.init(address=address, log_to_driver=False)
        except ConnectionError as problem:
            raise UsageError(f"no Ray cluster at {address!r}; `ray start --head` starts one: {problem}") from problem
    actor = ray.remote(num_cpus=1, max_restarts=0)(Actor)
    resources: dict[str, float] = ray.cluster_resources()
    size = pool_size(workers, resources.get("CPU", 0))
    _Feed(ray, lambda: actor.remote(wanted.settings), out, told).all(left, min(size, len(left)))


class _Feed:
    """Gives each actor one shard at a time; the shard of an actor that was lost with its node goes to another."""

    def __init__(self, ray: Any, start: Callable[[], Any], out: Path, told: Told) -> None:
        self._ray, self._start, self._out, self._told = ray, start, out, told
        self._tried: Counter[int] = Counter()
        self._under_way: dict[Any, tuple[Any, Shard]] = {}

    def all(self, left: Sequence[Shard], size: int) -> None:
        queue = sorted(left, key=lambda one: (one.size, -one.number))  # the largest is taken first, from the end
        idle = [self._start() for _ in range(size)]
        finished = 0
        while queue or self._under_way:
            if queue and not idle and not self._under_way:
                idle.append(self._start())  # every actor was lost
            while queue and idle:
                self._give(idle.pop(), queue.pop())
            ready, _ = self._ray.wait(list(self._under_way), num_returns=1)
            worker, shard = self._under_way.pop(ready[0])
            one = self._result(ready[0], shard)
            if isinstance(one, Coded):
                finished += 1
                finish_shard(self._out, one)
                self._told(one, finished, len(left))
                idle.append(worker)
            else:
                queue.insert(0, shard)
                if one == "failed":  # the actor itself lives
                    idle.append(worker)

    def _give(self, worker: Any, shard: Shard) -> None:
        self._tried[shard.number] += 1
        self._under_way[worker.code.remote(shard, str(self._out.resolve()))] = (worker, shard)

    def _result(self, ready: Any, shard: Shard) -> Coded | str:
        """What became of a shard; `lost` or `failed` where it is to be tried again. Raises `StoreError` the last time."""
        errors = self._ray.exceptions
        try:
            found: Coded = self._ray.get(ready)
        except (errors.RayActorError, errors.RayTaskError) as problem:
            if self._tried[shard.number] >= TRIES:
                raise StoreError(f"{shard.name} failed {TRIES} times: {problem}") from problem
            return "lost" if isinstance(problem, errors.RayActorError) else "failed"
        return found
