"""Baselines as plain files, DIR/<fingerprint>/<time>.json, which a branch of git can hold; each is a finished run too."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from pathlib import Path
from typing import Optional

from ..document import parse, write_whole
from ..problem import Problem
from .fingerprint import differences, key
from .samples import Samples

KEEP = 10  # of each fingerprint


class Store:
    """A folder of baselines."""

    def __init__(self, folder: Path):
        self.folder = folder
        if folder.exists() and not folder.is_dir():
            raise Problem(f"--store: {folder} is no folder; name another")

    def latest(self, here: dict) -> Optional[tuple[Path, dict]]:
        """The newest that was taken on such a machine with such software."""
        for path in reversed(self.of(key(here))):
            return path, self.load(path)
        return None

    def nearest(self, here: dict) -> list[str]:
        """How the baseline that differs least differs; empty where there is none at all."""
        theirs = [self.load(self.of(folder.name)[-1])["fingerprint"] for folder in self.folders() if self.of(folder.name)]
        return min((differences(here, there) for there in theirs), key=len, default=[])

    def add(self, here: dict, context: Optional[dict], samples: dict[str, Samples]) -> Path:
        """Keep a run, and of its kind no more than KEEP."""
        created = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H-%M-%S.%fZ")
        path = self.folder / key(here) / f"{created}.json"
        document = {
            "schema": 1,
            "created": created,
            "fingerprint": here,
            "context": context or {},
            "benchmarks": [entry for name, each in samples.items() for entry in entries(name, each)],
        }
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Problem(f"--store: cannot make {path.parent} ({error.strerror}); name another folder") from None
        write_whole(path, json.dumps(document, indent=1, allow_nan=False) + "\n")
        for old in self.of(key(here))[:-KEEP]:
            old.unlink(missing_ok=True)
        return path

    def folders(self) -> list[Path]:
        return sorted(each for each in self.folder.iterdir() if each.is_dir()) if self.folder.is_dir() else []

    def of(self, kind: str) -> list[Path]:
        """Oldest first."""
        return sorted((self.folder / kind).glob("*.json"))

    def load(self, path: Path) -> dict:
        try:
            document = parse(path.read_text(encoding="utf-8"))
            if isinstance(document["fingerprint"], dict) and isinstance(document["benchmarks"], list):
                return document
        except (OSError, ValueError, KeyError, TypeError):
            pass
        raise Problem(f"--store: {path} is no baseline; delete it, or name another folder")


def entries(name: str, samples: Samples) -> list[dict]:
    """In Google Benchmark's form."""
    common = {"name": name, "run_name": name, "run_type": "iteration", "iterations": 1, "time_unit": "ns"}
    if samples.trouble:
        return [{**common, "error_occurred": True, "error_message": samples.trouble, "real_time": 0.0}]
    return [{**common, "repetition_index": index, "real_time": time} for index, time in enumerate(samples.times_ns)]
