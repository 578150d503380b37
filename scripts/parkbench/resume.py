"""Going on with a run that ended early: the same arguments, binaries and machine, or a refusal that says what differs."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from .journal import Journal, hash_of, lasting
from .problem import Problem

# what says which run it is; the rest says where it goes, or what is done with it
RECORDED = (
    "binary", "quick", "peers", "tuning", "modes", "constant", "peer_binary", "workload", "implementation", "threads", "repetitions",
    "cell_seconds", "timeout", "seed", "pin",
)  # fmt: skip
BINARIES = ("binary", "peer_binary")


def arguments_of(options: argparse.Namespace) -> dict[str, Any]:
    """The recorded arguments as JSON has them."""
    return {name: as_json(getattr(options, name)) for name in RECORDED}


def as_json(value: Any) -> Any:
    if isinstance(value, list):
        return [as_json(item) for item in value]
    return str(value.absolute()) if isinstance(value, Path) else value


def head(options: argparse.Namespace, seed: int, machine: dict, created: str, command: list[str]) -> dict:
    """The first line of a new journal."""
    return {
        "created": created,
        "command": command,
        "seed": seed,
        "arguments": arguments_of(options),
        "hashes": hashes([options.binary, *options.peer_binary]),
        "machine": lasting(machine),
    }


def hashes(binaries: list[Path]) -> list[str]:
    return [hash_of(path) for path in binaries]


def take_up(options: argparse.Namespace) -> Journal:
    """Open the journal of --resume and put its arguments into the options; refuse others, and other binaries."""
    if options.output is not None:
        raise Problem("--resume goes on in the folder of that run; leave out --output")
    journal = Journal(options.resume, create=False)
    try:
        if not journal.holds_something:
            raise Problem(f"nothing was measured yet in {journal.folder}; start a new run")
        check_arguments(options, journal.head["arguments"])
        found = [options.binary or Path(journal.head["arguments"]["binary"])]
        found += options.peer_binary or [Path(path) for path in journal.head["arguments"]["peer_binary"]]
        check_binaries(found, journal.head["hashes"])
    except BaseException:
        journal.close()
        raise
    for name, value in journal.head["arguments"].items():
        setattr(options, name, value)
    options.binary, options.peer_binary = found[0], found[1:]
    options.output, options.seed = options.resume.resolve(), journal.head["seed"]
    return journal


def check_arguments(options: argparse.Namespace, recorded: dict) -> None:
    """Those that are given must be those of the run; those that are not are taken from it."""
    for name, there in recorded.items():
        here = as_json(getattr(options, name))
        if name not in BINARIES and is_given(here) and here != there:
            flag = "--" + name.replace("_", "-")
            raise Problem(
                f"{flag} is {in_words(here)} here and was {in_words(there)} in the run of {options.resume}; "
                f"leave it out, or start a new run"
            )


def is_given(value: Any) -> bool:
    return value is not None and value is not False and value != []


def in_words(value: Any) -> str:
    if not is_given(value):
        return "not given"
    if isinstance(value, list):
        return ",".join(str(item) for item in value)
    return "given" if value is True else str(value)


def check_binaries(found: list[Path], recorded: list[str]) -> None:
    if len(found) != len(recorded):
        raise Problem(f"the run was begun with {len(recorded) - 1} --peer-binary; leave them out, or start a new run")
    for path, there in zip(found, recorded):
        if hash_of(path) != there:
            raise Problem(
                f"{path} is not the binary that the run was begun with: it has been built anew since; start a new run"
            )


def check_machine(journal: Journal, machine: dict) -> None:
    """Half a run on one machine and half on another would be a run of none."""
    here, there = lasting(machine), journal.head["machine"]
    for field in sorted(here.keys() | there.keys()):
        one, other = here.get(field), there.get(field)
        if one != other:
            told = isinstance(one, (list, dict)) or isinstance(other, (list, dict))
            what = f"its {field} differ" if told else f"{field} is {one} here and was {other}"
            raise Problem(f"this is not the machine that {journal.folder} was begun on: {what}; start a new run")
