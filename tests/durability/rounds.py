"""Rounds of `kill -9`: `python -m tests.durability.rounds FOLDER SEED KIND=ROUNDS…`

A process without threads that has everything loaded forks a child for each round, kills it at a
random moment and looks. Prints one line of JSON: rounds, what was answered in all, the faults, and
the seed that makes the same moments again.
"""

import json
import os
import signal
import sys
import threading
import time
import traceback
from pathlib import Path

import faiss  # noqa: F401 - loaded before the first fork

from tests.durability.homes import Homes, dice
from tests.durability.look import Known, Line, look
from tests.durability.work import KINDS

SERIES = 10  # rounds in one home before it is made anew
LONGEST = {"editing": 0.12, "migrating": 0.25, "generation": 0.7, "importing": 0.25, "copying": 0.7}


def killed(kind: str, home: Path, seed: int, after: float) -> list[Line]:
    """Let a child work for so many seconds, kill it, and return what it said."""
    reading, writing = os.pipe()
    process = os.fork()
    if process == 0:
        try:
            os.close(reading)

            def say(*line: object) -> None:
                os.write(writing, f"{json.dumps(line, ensure_ascii=True)}\n".encode())

            KINDS[kind](home, say, dice(seed))
        except BaseException:  # noqa: BLE001 - told by the parent
            os.write(writing, f"{json.dumps(['broken', traceback.format_exc()[-900:]])}\n".encode())
        finally:
            os._exit(1)
    os.close(writing)
    heard: list[bytes] = []

    def kill() -> None:
        os.kill(process, signal.SIGKILL)

    with os.fdopen(reading, "rb") as pipe:
        heard.append(pipe.readline())  # the work begins
        ending = threading.Timer(after, kill)
        ending.start()
        heard += pipe.readlines()
        ending.join()  # no thread may be left when the next child is forked
    os.waitpid(process, 0)
    return [json.loads(line) for line in heard if line.endswith(b"\n")]


def main() -> None:
    """Run the rounds that were asked for."""
    folder, seed = Path(sys.argv[1]), int(sys.argv[2])
    rng = dice(seed)
    homes, faults, rounds, began = Homes(folder, rng), [], 0, time.monotonic()
    answered: dict[str, int] = {}
    spent: dict[str, float] = {}
    for kind, count in (asked.split("=") for asked in sys.argv[3:]):
        started = time.monotonic()
        for number in range(int(count)):
            if number % SERIES == 0 or kind == "migrating":
                home, known = homes.begin(kind), Known()
            after = rng.uniform(0, LONGEST[kind])
            lines = killed(kind, home, rng.getrandbits(32), after)
            acknowledged = sum(line[0] == "ack" for line in lines)
            answered[kind] = answered.get(kind, 0) + acknowledged
            found = [line[1] for line in lines if line[0] == "broken"]
            try:
                found += look(kind, home, lines, known)
            except Exception:  # noqa: BLE001 - a fault of the round, told with its place
                found.append(traceback.format_exc()[-900:])
            faults += [f"{kind} {number} (seed {seed}, {after:.4f} s): {one}" for one in found]
            if found:
                home, known = homes.begin(kind), Known()
            rounds += 1
        spent[kind] = round(time.monotonic() - started, 1)
    sys.stdout.write(
        json.dumps(
            {
                "seed": seed,
                "rounds": rounds,
                "answered": answered,
                "seconds": round(time.monotonic() - began, 1),
                "spent": spent,
                "faults": faults,
            },
            ensure_ascii=False,
        )
    )


if __name__ == "__main__":
    main()
