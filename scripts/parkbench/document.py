"""The run's JSON document on disk: Google Benchmark's form, with our additions under "park"."""

from __future__ import annotations

import contextlib
import json
import math
import os
import re
from pathlib import Path
from typing import Any

from . import foreign, shape
from .problem import Problem

# older Google Benchmark prints these, which no JSON reader takes
STRING_OR_NO_NUMBER = re.compile(r'"(?:\\.|[^"\\])*"|-?\b(?:nan|inf)\b')


def parse(text: str) -> Any:
    """JSON, with the bare NaN and Infinity that Google Benchmark prints read as not measured."""
    try:
        return without_nonfinite(json.loads(text))
    except json.JSONDecodeError:
        return without_nonfinite(
            json.loads(STRING_OR_NO_NUMBER.sub(lambda m: m[0] if m[0][0] == '"' else "null", text))
        )


def without_nonfinite(value: Any) -> Any:
    """The same value with null where a number is not one."""
    if isinstance(value, dict):
        return {key: without_nonfinite(item) for key, item in value.items()}
    if isinstance(value, list):
        return [without_nonfinite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def read_json(path: Path, advice: str) -> Any:
    """What is in the file; where that cannot be had, the advice is part of the one line."""
    try:
        return parse(path.read_text(encoding="utf-8-sig", errors="replace"))  # a label may hold any bytes
    except OSError as error:
        raise Problem(f"cannot read {path} ({error.strerror}); {advice}") from None
    except ValueError as error:
        raise Problem(f"{path} is not JSON ({error}); {advice}") from None


def load(path: Path) -> dict:
    """A run's document, checked for the shape that the report relies on."""
    return checked(path, read_json(path, "give the run.json that 'parkbench run' wrote"))


def load_any(path: Path, implementation: str = foreign.IMPLEMENTATION) -> dict:
    """As load, and what any binary of Google Benchmark's wrote, whose names hold implementations as that pattern finds
    them."""
    document = read_json(path, "give a JSON that 'parkbench run', or a binary of Google Benchmark's, wrote")
    if foreign.is_foreign(document):
        try:
            document = foreign.adopt(document, implementation)
        except Problem as problem:
            raise Problem(f"{path}: {problem}") from None
    return checked(path, document)


def checked(path: Path, document: Any) -> dict:
    wrong = shape.complaint(document, shape.RUN) if document is not None else "it is null"
    if wrong:
        raise Problem(f"{path} is not a parkbench run: {wrong}; make one with 'parkbench run'")
    return document


ELSEWHERE = "name another place with --output"


def save(document: dict, path: Path, advice: str = ELSEWHERE) -> None:
    """Write the document whole or not at all."""
    write_whole(path, json.dumps(without_nonfinite(document), indent=1, allow_nan=False) + "\n", advice)


def write_whole(path: Path, text: str, advice: str = ELSEWHERE) -> None:
    """Write a file through a temporary one beside it, so that nobody reads half of it."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        temporary.write_text(text, encoding="utf-8")
        os.replace(temporary, path)
    except OSError as error:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise Problem(f"cannot write {path} ({error.strerror}); {advice}") from None
