"""The journal of a run: what each process has measured, so that a run which ends early, however it ends, can go on.

journal.jsonl lies in the run's folder for as long as the run is not whole. Its first line, the head, says which run it is: arguments,
binaries by their hashes, machine. Of the lines that follow, in the order in which things happened, each is one of

  {"sitting": {"began": ..., "before": ...}}         somebody sat down to measure; before: the noise then
  {"probe": {...}}                                   what hardware.probe() found
  {"plan": {...}}                                    a Plan
  {"pass": "timed", "cell": NAME, "repetition": 0, "elapsed_s": ..., "entries": [...], "context": ..., "hung": ..., "unsupported": ...}
                                                     a process is over; pass: timed, counts or shares; null and false are left out
  {"end": "timed", "repetitions": 9}                 there are so many repetitions, and there will be no more
  {"stood_up": {"after": ..., "wall_s": ...}}        the sitting is over, in good order

A line is there whole or not at all: one that could not be written whole is cut off again, and one that was cut short because the writer was
killed is cut off by whoever goes on. Nothing is forced onto the disk, which would disturb the measurement: a power failure may cost lines.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any, Optional

from .binary import Outcome
from .catalogue import Cell
from .document import parse, without_nonfinite
from .plan import Plan
from .problem import Problem

NAME = "journal.jsonl"
VERSION = 1
TIMED, COUNTS, SHARES = "timed", "counts", "shares"
OF_A_PROCESS = {"pass", "cell", "repetition", "elapsed_s", "entries"}
# what --machine measures, or says of the binary, which is compared by its hash
CHANGING = ("relax_ns", "tick_ns", "tick_resolution_ns", "clock_ns", "clock_resolution_ns", "library")


class Journal:
    """An open journal, locked; what it held when it was opened is what recall() and the like tell."""

    def __init__(self, folder: Path, create: bool):
        self.folder, self.path = folder, folder / NAME
        try:
            self.file = os.open(self.path, os.O_RDWR | os.O_CLOEXEC | (os.O_CREAT if create else 0), 0o666)
        except FileNotFoundError:
            raise Problem(f"{folder} holds no unfinished run ({NAME} is not there); name the folder of one") from None
        except OSError as error:
            raise Problem(f"cannot open {self.path} ({error.strerror}); name another folder") from None
        try:
            self.lock()
            self.lines, self.size = self.read()
        except BaseException:
            os.close(self.file)
            raise
        self.head: dict = self.lines[0] if self.lines else {}
        self.outcomes = {
            (line["pass"], line["cell"], line["repetition"]): line for line in self.lines if line.get("pass")
        }
        self.holds_something = bool(self.outcomes)
        self.has_context = any(line.get("context") for line in self.outcomes.values())

    def lock(self) -> None:
        try:
            fcntl.flock(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Problem(f"somebody is measuring into {self.folder} now; wait until that run is over") from None

    def read(self) -> tuple[list[dict], int]:
        """The whole lines, and how many bytes they are."""
        with open(self.path, "rb") as file:
            text = file.read()
        whole = text[: text.rfind(b"\n") + 1]
        try:
            lines = [parse(line.decode("utf-8")) for line in whole.splitlines()]
        except ValueError:
            lines = [None]
        if lines and not (all(map(well_formed, lines)) and lines[0].get("journal") == VERSION):
            raise Problem(f"{self.path} is not a journal that this parkbench can read; start a new run elsewhere")
        return lines, len(whole)

    def close(self) -> None:
        os.close(self.file)

    def begin(self, head: dict) -> None:
        """A new run, in place of one that had measured nothing yet."""
        if self.outcomes:
            raise Problem(
                f"{self.folder} holds an unfinished run; go on with --resume {self.folder}, or name another --output"
            )
        os.ftruncate(self.file, 0)
        self.lines, self.size = [], 0
        self.head = json.loads(json.dumps({"journal": VERSION, **head}))
        self.add(self.head)

    def add(self, line: dict) -> None:
        """Append a line, whole or not at all."""
        data = json.dumps(without_nonfinite(line), allow_nan=False, separators=(",", ":")).encode() + b"\n"
        try:
            os.ftruncate(self.file, self.size)  # what a killed writer may have left
            written = 0
            while written < len(data):
                written += os.pwrite(self.file, data[written:], self.size + written)
        except OSError as error:
            os.ftruncate(self.file, self.size)
            raise Problem(
                f"cannot write to {self.path} ({error.strerror}), which holds what was measured until then; "
                f"make room, then go on with --resume {self.folder}"
            ) from None
        self.size += len(data)

    def note(self, kind: str, cell: Cell, repetition: int, outcome: Outcome) -> None:
        """A process is over. The context is the same for all: the first is enough."""
        line: dict[str, Any] = {
            "pass": kind,
            "cell": cell.name,
            "repetition": repetition,
            "elapsed_s": round(outcome.elapsed_s, 6),
            "entries": outcome.entries,
            "context": None if self.has_context else outcome.context,
            "hung": outcome.hung,
            "unsupported": outcome.unsupported,
        }
        self.holds_something = True
        self.has_context = self.has_context or bool(outcome.context)
        self.add({key: value for key, value in line.items() if value is not None and value is not False})

    def recall(self, kind: str, cell: Cell, repetition: int) -> Optional[Outcome]:
        """What came of this process, if it was over before the run ended early."""
        line = self.outcomes.get((kind, cell.name, repetition))
        return line and Outcome(
            [dict(entry) for entry in line["entries"]],
            line.get("context"),
            line["elapsed_s"],
            line.get("hung", False),
            line.get("unsupported"),
        )

    def has_begun(self, kind: str, repetition: int) -> bool:
        return any(key[0] == kind and key[2] == repetition for key in self.outcomes)

    def probe(self) -> Optional[dict]:
        return next((line["probe"] for line in self.lines if "probe" in line), None)

    def keep_probe(self, probe: dict) -> None:
        self.add({"probe": probe})

    def plan(self) -> Optional[Plan]:
        return next((Plan(**line["plan"]) for line in self.lines if "plan" in line), None)

    def keep_plan(self, plan: Plan) -> None:
        self.add({"plan": asdict(plan)})

    def repetitions(self) -> Optional[int]:
        """How many repetitions there are, once that is settled."""
        return next((line["repetitions"] for line in self.lines if line.get("end") == TIMED), None)

    def settle(self, repetitions: int) -> None:
        self.add({"end": TIMED, "repetitions": repetitions})

    def sit_down(self, began: str, noise: dict) -> None:
        self.add({"sitting": {"began": began, "before": noise}})

    def stand_up(self, noise: dict, wall_s: float) -> None:
        self.add({"stood_up": {"after": noise, "wall_s": wall_s}})

    def sittings(self) -> list[dict]:
        """Those before this one; one that was killed has no "after"."""
        found: list[dict] = []
        for line in self.lines:
            if "sitting" in line:
                found.append({**line["sitting"], "processes": 0})
            elif "pass" in line and found:
                found[-1]["processes"] += 1
            elif "stood_up" in line and found:
                found[-1].update(line["stood_up"])
        return found

    def remove(self) -> None:
        """The run is whole, and its document written."""
        self.path.unlink(missing_ok=True)
        self.close()


def well_formed(line: Any) -> bool:
    return isinstance(line, dict) and ("pass" not in line or OF_A_PROCESS <= line.keys())


def hash_of(path: Path) -> str:
    """A binary's identity: of two builds of the same sources by the same tools it is the same."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise Problem(f"cannot read {path} ({error.strerror}), with which the run was begun; build it again") from None


def lasting(machine: dict) -> dict:
    """What --machine says that is the same however often it is asked."""
    return {key: value for key, value in machine.items() if key not in CHANGING}
