"""How fast the desk answers twenty readers while pages are being added, on a ledger that `ledgers.py` made.

    python benchmarks/speed/ledgers.py big --claims 100000
    python benchmarks/speed/serve.py big --seconds 30

The server is a process of its own, as `tocsin serve` starts it; so is the writer, which adds a page every `--pause` seconds, each
linked and grouped in a transaction as `tocsin add` does. Each reader asks again as soon as it has its answer, so that twenty
requests are always under way, and takes gzip as browsers do; `--think` gives them the pause of a person (seconds, on average)
instead. Prints the median and the 95th percentile of each page in milliseconds, and the server's largest memory. Wanted at 100,000
claims: p95 < 150 ms, memory < 1 GB.
"""

from __future__ import annotations

import argparse
import http.client
import json
import multiprocessing
import os
import random
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections import defaultdict
from pathlib import Path

from ledgers import World


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--readers", type=int, default=20)
    parser.add_argument("--think", type=float, default=0.0)
    parser.add_argument("--pause", type=float, default=0.5, help="between two pages that are added; negative: none are")
    chosen = parser.parse_args()
    port = _free_port()
    server = subprocess.Popen([sys.executable, __file__, "--be-server", str(chosen.folder), str(port)])
    writer = multiprocessing.get_context("spawn").Process(target=write, args=(chosen.folder, chosen.pause), daemon=True)
    try:
        paths = _paths(port)
        if chosen.pause >= 0:
            writer.start()
            time.sleep(5)  # the writer's imports
        took = read(port, paths, chosen.readers, chosen.seconds, chosen.think)
        memory = _memory(server.pid)
    finally:
        if writer.is_alive():
            writer.kill()
        server.terminate()
    _tell(took, chosen, memory)


def _paths(port: int) -> dict[str, list[str]]:
    """What is asked for: each kind of page, with the incidents of the newest list."""
    until = time.monotonic() + 60
    while True:
        try:
            rows = json.loads(_get(port, "/incidents.json?limit=100"))["rows"]
            break
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.3)
    for path in ("/map", "/map.json", "/inbox"):  # the first answers load templates and fill the database's cache
        _get(port, path)
    return {
        "map": ["/map"], "map points": ["/map.json"], "map points, filtered": [f"/map.json?place={one['place']['name'].replace(' ', '+')}" for one in rows if one["place"]][:20],
        "inbox": ["/inbox"], "incident": [f"/incidents/{one['id']}" for one in rows],
    }  # fmt: skip


def read(port: int, paths: dict[str, list[str]], readers: int, seconds: float, think: float) -> dict[str, list[float]]:
    took: dict[str, list[float]] = defaultdict(list)
    until = time.monotonic() + seconds

    def reader(number: int) -> None:
        choice = random.Random(number)
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        while time.monotonic() < until:
            name = choice.choice(list(paths))
            begun = time.perf_counter()
            connection.request(
                "GET", choice.choice(paths[name]), headers={"accept": "text/html,*/*", "accept-encoding": "gzip"}
            )
            answer = connection.getresponse()
            answer.read()
            assert answer.status == 200, (name, answer.status)
            took[name].append((time.perf_counter() - begun) * 1000)
            if think:
                time.sleep(choice.expovariate(1 / think))

    sys.setswitchinterval(0.0002)  # else a reader's answer waits here for the other readers
    threads = [threading.Thread(target=reader, args=(number,)) for number in range(readers)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return took


def write(folder: Path, pause: float) -> None:
    """Adds pages of another invented year, for ever."""
    from tocsin import grouping
    from tocsin.merge.blocks import block_keys
    from tocsin.project import load

    store = load(folder).open()
    for version, raw, record, claims in World(seed=int(time.time())).pages(1_000_000):
        with store.writing():
            store.put_version(version, raw)
            store.put_reading(version.id, record, claims, {one.id: block_keys(one) for one in claims})
            store.put_signature(version.id, [], None, version.id)
            grouping.link(store, claims)
            grouping.regroup(store, [one.id for one in claims])
        time.sleep(pause)


def serve(folder: Path, port: int) -> None:
    from tocsin.commands.serve import run
    from tocsin.project import load
    from tocsin.serve.settings import Settings

    run(load(folder), Settings(port=port), open_browser=False)


def _get(port: int, path: str) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path)
    return connection.getresponse().read()


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _memory(process: int) -> float:
    """The largest resident memory that the process ever had, in MB."""
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM"))


def _tell(took: dict[str, list[float]], chosen: argparse.Namespace, memory: float) -> None:
    print(
        f"{chosen.readers} readers, think {chosen.think} s, a page added every {chosen.pause} s, load {os.getloadavg()[0]:.1f}"
    )
    for name, values in took.items():
        ninety_fifth = statistics.quantiles(values, n=20)[18] if len(values) > 1 else values[0]
        print(
            f"{name:22} {len(values):6} answers  median {statistics.median(values):7.1f} ms  p95 {ninety_fifth:7.1f} ms"
        )
    print(
        f"{sum(map(len, took.values())) / chosen.seconds:.0f} answers a second; the server's largest memory {memory:.0f} MB"
    )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--be-server"]:
        serve(Path(sys.argv[2]), int(sys.argv[3]))
    else:
        main()
