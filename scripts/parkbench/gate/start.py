"""How a side's binary is started: its own arguments, its environment, and the folder it runs in."""

from __future__ import annotations

import argparse
import shlex
from dataclasses import dataclass, field
from pathlib import Path
from typing import Optional

SIDES = ("base", "head")


@dataclass(frozen=True)
class Start:
    """Of one side."""

    arguments: tuple[str, ...] = ()
    environment: dict[str, str] = field(default_factory=dict)
    folder: Optional[Path] = None


def start_of(side: str, options: argparse.Namespace) -> Start:
    """What the options say of that side, and of both."""
    environment, folder = {}, None
    for where, (name, value) in options.env:
        if where in ("", side):
            environment[name] = value
    for where, path in options.cwd:
        if where in ("", side):
            folder = path
    return Start((*options.args, *getattr(options, f"{side}_args")), environment, folder)


def of_a_side(text: str) -> tuple[str, str]:
    """'base=X' is of base alone, 'X' of both."""
    side, separator, rest = text.partition("=")
    return (side, rest) if separator and side in SIDES else ("", text)


def variable(text: str) -> tuple[str, tuple[str, str]]:
    """[SIDE=]NAME=VALUE."""
    side, rest = of_a_side(text)
    if side and "=" not in rest:  # a variable that is called so
        side, rest = "", text
    name, separator, value = rest.partition("=")
    if not separator or not name:
        raise argparse.ArgumentTypeError(f"'{text}' is not NAME=VALUE, nor base=NAME=VALUE")
    return side, (name, value)


def working_folder(text: str) -> tuple[str, Path]:
    """[SIDE=]DIR."""
    side, rest = of_a_side(text)
    path = Path(rest)
    if not path.is_dir():
        raise argparse.ArgumentTypeError(f"'{rest}' is no folder")
    return side, path.absolute()


def words(text: str) -> tuple[str, ...]:
    """Several arguments, quoted as in a shell."""
    try:
        return tuple(shlex.split(text))
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"'{text}' cannot be split into words ({error})") from None
