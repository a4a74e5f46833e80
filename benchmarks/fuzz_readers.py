"""Read thousands of damaged files: only riskmap's own errors may come out, no crash, no hang, no flood of memory.

Run it as a script, with the number of files and (to see one again) the name of a seed and the number of the copy:

    python benchmarks/fuzz_readers.py 12000
    python benchmarks/fuzz_readers.py --again p.gpkg 417

Each copy is read in a worker process of its own pool with bounded memory; a worker that dies or that computes for more
than ten seconds on one file is told with that file's name and number, by which `mutant` makes it anew.
"""

import argparse
import collections
import json
import queue
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import warnings
from pathlib import Path

import psutil

TESTS = Path(__file__).resolve().parents[1] / "tests"
MOST_BYTES = 8 << 30
MOST_SECONDS = 10.0
MOST_WAIT = 120.0
WORKERS = 2


def work(folder):
    """Read the copies that standard input names, one line of result each."""
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except ImportError:
        pass
    sys.path.insert(0, str(TESTS))
    import reader_seeds

    from riskmap.errors import RiskmapError

    warnings.simplefilter("ignore")
    place = Path(tempfile.mkdtemp(dir=folder))
    for line in sys.stdin:
        name, number = line.split()
        seed, copy = Path(folder) / "seeds" / name, place / number
        copy.mkdir()
        path = reader_seeds.mutant(seed, copy, int(number))
        try:
            reader_seeds.read(path)
            said = "read"
        except RiskmapError as fault:
            said = "refused" if str(fault).strip() else "WRONG: an empty message"
        except BaseException as fault:  # noqa: BLE001 - that is what is looked for
            said = f"WRONG: {type(fault).__module__}.{type(fault).__name__}: {fault}"
        shutil.rmtree(copy, ignore_errors=True)
        sys.stdout.write(json.dumps([name, int(number), said[:300]]) + "\n")
        sys.stdout.flush()


class Worker:
    """A process that reads copies, and what became of the last one."""

    def __init__(self, folder):
        self.folder = folder
        self.start()

    def start(self):
        command = [sys.executable, __file__, "--work", str(self.folder)]
        log = (self.folder / f"stderr-{id(self)}").open("wb")
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True)
        log.close()
        self.lines = queue.Queue()
        threading.Thread(target=self._listen, args=(self.process, self.lines), daemon=True).start()

    @staticmethod
    def _listen(process, lines):
        for line in process.stdout:
            lines.put(line)
        lines.put(None)

    def seconds(self):
        """Computing time of the process and its children so far."""
        try:
            own = psutil.Process(self.process.pid)
            return sum(sum(one.cpu_times()[:4]) for one in (own, *own.children(recursive=True)))
        except psutil.Error:
            return 0.0

    def read(self, name, number):
        """Result of one copy; crashes and hangs are results too."""
        before, begun = self.seconds(), time.monotonic()
        try:
            self.process.stdin.write(f"{name} {number}\n")
            self.process.stdin.flush()
        except OSError:
            pass
        while True:
            try:
                line = self.lines.get(timeout=0.5)
            except queue.Empty:
                waited = time.monotonic() - begun
                if waited > MOST_WAIT or (waited > MOST_SECONDS and self.seconds() - before > MOST_SECONDS):
                    self.stop()
                    self.start()
                    return name, number, "WRONG: hang", waited
                continue
            if line is None:
                code = self.process.wait()
                self.start()
                return name, number, f"WRONG: crash (exit {code})", time.monotonic() - begun
            return (*json.loads(line), time.monotonic() - begun)

    def stop(self):
        try:
            for one in psutil.Process(self.process.pid).children(recursive=True):
                one.kill()
        except psutil.Error:
            pass
        self.process.kill()
        self.process.wait()


def run(count, folder, kinds, first=0):
    """Read `count` copies, the same number of each seed; returns the results."""
    sys.path.insert(0, str(TESTS))
    import reader_seeds

    (folder / "seeds").mkdir()
    seeds = [one for one in reader_seeds.write(folder / "seeds") if not kinds or one in kinds]
    todo = queue.Queue()
    for number in range(count):
        todo.put((seeds[number % len(seeds)], first + number // len(seeds)))
    results = []

    def pull():
        worker = Worker(folder)
        while True:
            try:
                results.append(worker.read(*todo.get_nowait()))
            except queue.Empty:
                worker.stop()
                return

    pool = [threading.Thread(target=pull) for _ in range(WORKERS)]
    for one in pool:
        one.start()
    while any(one.is_alive() for one in pool):
        time.sleep(5)
        bad = sum(one[2].startswith("WRONG") for one in results)
        print(f"\r{len(results)} of {count}, {bad} wrong", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return results


def report(results):
    """Print counts by seed, the slowest reads and everything that is wrong; returns the number of the latter."""
    table = collections.defaultdict(collections.Counter)
    for name, _, said, _ in results:
        table[name]["WRONG" if said.startswith("WRONG") else said] += 1
    for name, counts in sorted(table.items()):
        print(f"{name:16} " + "  ".join(f"{kind} {counts[kind]:5}" for kind in ("read", "refused", "WRONG")))
    slow = sorted(results, key=lambda one: -one[3])[:5]
    print("slowest:", ", ".join(f"{name} {number} {seconds:.1f} s" for name, number, _, seconds in slow))
    wrong = [one for one in results if one[2].startswith("WRONG")]
    for name, number, said, seconds in sorted(wrong):
        print(f"{name} {number} ({seconds:.1f} s): {said}")
    whole = collections.Counter("WRONG" if said.startswith("WRONG") else said for _, _, said, _ in results)
    print(f"{len(results)} files: {whole['read']} read, {whole['refused']} refused, {whole['WRONG']} wrong")
    return len(wrong)


def again(folder, name, number):
    """Read one copy in this process, to see what happens."""
    sys.path.insert(0, str(TESTS))
    import reader_seeds

    (folder / "seeds").mkdir()
    (folder / "copy").mkdir()
    path = reader_seeds.mutant(reader_seeds.write(folder / "seeds")[name], folder / "copy", int(number))
    print(reader_seeds.read(path))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("count", type=int, nargs="?", default=12000)
    parser.add_argument("--first", type=int, default=0, help="number of the first copy: others than the last run's")
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--again", nargs=2)
    parser.add_argument("--work")
    said = parser.parse_args()
    if said.work:
        work(said.work)
        raise SystemExit(0)
    with tempfile.TemporaryDirectory() as where:
        if said.again:
            again(Path(where), *said.again)
            raise SystemExit(0)
        raise SystemExit(min(report(run(said.count, Path(where), said.only, said.first)), 1))
