"""What a baseline is of: the hardware and the software that a time depends on."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
from pathlib import Path
from typing import Optional

from ..noise import read_text

COMPILER = re.compile(rb"GCC: \([^)\0]{1,80}\) [0-9.]+|clang version [0-9.]+[^\0\n]{0,40}")


def fingerprint(binary: Path, root: Path = Path("/")) -> dict[str, Optional[str]]:
    """Field by field; None where this system does not tell."""
    cpuinfo = read_text(root / "proc" / "cpuinfo")
    return {
        "cpu": model(cpuinfo),
        "cpus": str(os.cpu_count()),
        "topology": topology(root),
        "quota": quota(root),
        "hypervisor": hypervisor(cpuinfo, root),
        "kernel": platform.system() + " " + ".".join(platform.release().split(".")[:2]),
        "libc": " ".join(platform.libc_ver()).strip() or None,
        "compilers": compilers(binary),
    }


def first(pattern: str, text: str) -> Optional[str]:
    found = re.search(pattern, text, re.MULTILINE)
    return found[1].strip() if found else None


def model(cpuinfo: str) -> str:
    """The CPU's name; on AArch64 the numbers that stand for it."""
    named = first(r"^(?:model name|cpu|Processor|uarch)\s*:\s*(.+)$", cpuinfo)
    numbers = [first(rf"^CPU {key}\s*:\s*(.+)$", cpuinfo) for key in ("implementer", "part")]
    if not named and all(numbers):
        named = "implementer {}, part {}".format(*numbers)
    return named or platform.processor() or platform.machine()


def topology(root: Path) -> Optional[str]:
    """How many packages, cores and hardware threads."""
    places = set()
    threads = sorted((root / "sys/devices/system/cpu").glob("cpu[0-9]*"))
    for cpu in threads:
        package, core = (read_text(cpu / "topology" / name).strip() for name in ("physical_package_id", "core_id"))
        if package and core:
            places.add((package, core))
    if not places:
        return None
    packages = {package for package, _ in places}
    return f"{len(packages)} packages, {len(places)} cores, {len(threads)} threads"


def quota(root: Path) -> Optional[str]:
    """The CPU time that a container may have, by version 2 of cgroups or by 1."""
    groups = root / "sys/fs/cgroup"
    limit = read_text(groups / "cpu.max").split()
    limit = limit or [read_text(groups / f"cpu/cpu.cfs_{name}_us").strip() for name in ("quota", "period")]
    return f"{int(limit[0]) / int(limit[1]):g} CPUs" if len(limit) == 2 and limit[0].isdigit() else None


def hypervisor(cpuinfo: str, root: Path) -> Optional[str]:
    """Who is beneath, if anybody is seen to be."""
    named = read_text(root / "sys/class/dmi/id/sys_vendor").strip() or read_text(root / "sys/hypervisor/type").strip()
    return (named or "some") if re.search(r"^flags\s*:.*\bhypervisor\b", cpuinfo, re.MULTILINE) else None


def compilers(binary: Path) -> Optional[str]:
    """As the compilers wrote their names into the binary."""
    try:
        found = {match.decode(errors="replace") for match in COMPILER.findall(binary.read_bytes())}
    except OSError:
        return None
    return ", ".join(sorted(found)) or None


def key(of: dict) -> str:
    """A folder's name."""
    return hashlib.sha256(json.dumps(of, sort_keys=True).encode()).hexdigest()[:16]


def differences(here: dict, there: dict) -> list[str]:
    """In words, field by field."""
    return [
        f"{field} is {here.get(field) or 'unknown'} here, {there.get(field) or 'unknown'} there"
        for field in sorted(here.keys() | there.keys())
        if here.get(field) != there.get(field)
    ]


def of_machine(whole: dict) -> dict:
    """Without what a binary brings."""
    return {field: value for field, value in whole.items() if field != "compilers"}
