"""The machine's CPUs as nested boxes: package, NUMA node, last-level cache, core, CPU."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

LEVELS = (("package", "package"), ("numa", "NUMA node"), ("l3", "L3"), ("core", "core"))


@dataclass
class Box:
    """A part of the machine and its parts; a core has CPUs instead."""

    level: str
    title: str
    boxes: list["Box"] = field(default_factory=list)
    cpus: list[int] = field(default_factory=list)


def boxes(machine: dict) -> list[Box]:
    """The packages of the machine; none where the topology is unknown. A level unknown everywhere is left out."""
    cpus = [cpu for cpu in machine.get("cpus") or [] if isinstance(cpu, dict) and isinstance(cpu.get("cpu"), int)]
    levels = [level for level in LEVELS if any(cpu.get(level[0]) is not None for cpu in cpus)]
    if "numa" in dict(levels) and len({cpu.get("numa") for cpu in cpus}) <= len({cpu.get("package") for cpu in cpus}):
        levels = [level for level in levels if level[0] != "numa"]  # says no more than the package
    return nest(cpus, levels) if levels else []


def nest(cpus: list[dict[str, Any]], levels: list[tuple[str, str]]) -> list[Box]:
    """Group the CPUs by the first level, and those groups by the next."""
    if not levels:
        return []
    (key, noun), rest = levels[0], levels[1:]
    groups: dict[Any, list[dict]] = {}
    for cpu in cpus:
        groups.setdefault(cpu.get(key), []).append(cpu)
    return [
        Box(
            key,
            f"{noun} {name}" if name is not None else noun,
            nest(group, rest),
            [] if rest else sorted(c["cpu"] for c in group),
        )
        for name, group in groups.items()
    ]
