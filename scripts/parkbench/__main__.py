"""The commands: bench, run, report, check, compare, calibrate."""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import shutil
import sys
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Iterator, Optional, Sequence

from . import check, comparison, curves, findings, interrupt, overtaking, pinning, resume, scenes, verdict
from .arguments import check_compare, check_report_needs, check_that_they_fit, make_parser, prepare_folder
from .binary import Binary
from .catalogue import STANDARD, UNPINNED, Catalogue, Cell, default_sweep, restricted
from .document import load, load_any, save, write_whole
from .ensemble import Ensemble
from .export import export
from .forest_chart import load_comparison
from .journal import Journal
from .measurements import Measurements
from .plan import FULL, MODES, MODES_QUICK, PEERS, PEERS_QUICK, QUICK, TUNING, TUNING_QUICK
from .problem import Problem
from .quantity import plural
from .runner import Order, Runner
from .tunable import Tunable

REPOSITORY = Path(__file__).resolve().parents[2]
RUNS = (REPOSITORY / "build" if (REPOSITORY / "CMakePresets.json").exists() else Path.cwd()) / "bench"  # installed: where one stands
INTERRUPTED = 130
LIBCXX = {"name": "libcxx", "package": "clang-19 with libc++-19-dev and libc++abi-19-dev"}


def main(arguments: list[str]) -> int:
    """Run one command; its exit status."""
    options = make_parser().parse_args(arguments)
    interrupt.listen()
    try:
        commands = {
            "bench": bench,
            "run": bench,
            "report": report,
            "check": check_run,
            "compare": compare,
            "calibrate": calibrate,
        }
        return commands[options.command](options, arguments)
    except Problem as problem:
        return complain(str(problem))
    except KeyboardInterrupt:
        complain("interrupted")
        return INTERRUPTED
    except BrokenPipeError:
        sys.stdout = open(os.devnull, "w")  # whoever read our output has enough; let the exit be silent
        return 0
    except Exception as error:
        if os.environ.get("PARKBENCH_TRACEBACK"):
            raise
        return complain(
            f"{type(error).__name__}: {error}; set PARKBENCH_TRACEBACK=1 to see where, and please report it"
        )


def complain(message: str) -> int:
    """One line on stderr; the exit status of bad input."""
    print(f"parkbench: {message}", file=sys.stderr)
    return 2


def bench(options: argparse.Namespace, arguments: list[str]) -> int:
    """Measure, and unless the command is run, draw the report."""
    created = datetime.now(timezone.utc)
    journal = resume.take_up(options) if options.resume else None
    folder = options.output or RUNS / created.strftime("%Y-%m-%dT%H-%M-%SZ")
    draws = options.command == "bench"
    check_that_they_fit(options)
    if options.probe:
        raise Problem("--probe goes with no other argument, and through scripts/bench: scripts/bench --probe")
    if draws:
        check_report_needs()
    if options.check_arguments:
        prepare_folder(folder, keep=False)
        return 0
    if options.binary is None:
        raise Problem("which binary? Name the built park_bench with --binary, or use scripts/bench, which builds it")
    if options.tuning:
        binary = Tunable(Binary(options.binary), options.constant)
        listed, catalogue, cells, sweep = binary.listed, Catalogue(binary.listed), binary.cells(), []
        pins, left_out = [UNPINNED], []
    else:
        binary = Ensemble(Binary(options.binary), [Binary(path) for path in options.peer_binary])
        listed = taking_part(options, binary.listed)
        catalogue = Catalogue(listed)
        pins, left_out = pinning.choose(catalogue, options.pin)
        cells, sweep = select(options, catalogue, pins)
        for one in left_out:
            print(f"left out: --pin {one['name']}: {one['why_not']}", file=sys.stderr)
    machine = binary.machine()
    tuning = binary.document() if options.tuning else None
    wanted = replace(order(options, sweep, tuning), pins=tuple(pins), pins_left_out=tuple(left_out))
    if journal:
        resume.check_machine(journal, machine)
    else:
        prepare_folder(folder, keep=True)
        journal = Journal(folder, create=True)
        command = ["parkbench", *arguments]
        journal.begin(resume.head(options, wanted.seed, machine, created.isoformat(timespec="seconds"), command))
    again = f"go on with --resume {shown(folder)}"
    runner = Runner(binary, catalogue, cells, wanted, journal)
    try:
        runner.measure()
    finally:
        if not journal.holds_something:
            journal.remove()
    if not runner.found.entries:
        complain("interrupted before anything was measured")
        return INTERRUPTED
    document = runner.document(listed, machine)
    save(document, folder / "run.json", f"make room, then {again}")
    if not runner.found.interrupted:
        journal.remove()
    run = Measurements(document)
    tell(run, folder)
    if draws:
        draw([run], folder / "report.html")
    if folder.resolve().parent == RUNS:
        point_latest_at(folder)
    print(f"\n{'report' if draws else 'run'}: {shown(folder / ('report.html' if draws else 'run.json'))}")
    if runner.found.interrupted:
        complain(f"interrupted; what was measured until then is in {shown(folder / 'run.json')}; {again}")
        return INTERRUPTED
    return 0 if any(one.good for one in run.of_pins()) else complain("no cell was measured; the errors are in run.json")


def taking_part(options: argparse.Namespace, listed: dict) -> dict:
    """The list of cells without the peers, floors and lengthy workloads that nobody asked for."""
    everything = Catalogue(listed)
    named = everything.select("implementation", options.implementation) if options.implementation else []
    wanted = [name for name, role in everything.roles.items() if options.peers or role == STANDARD or name in named]
    workloads = [
        name
        for name, workload in everything.workloads.items()
        if workload.on_demand == options.modes or name in (options.workload or [])
    ]
    if options.peers and "libcxx" not in everything.implementations:
        listed = {**listed, "absent": [*(listed.get("absent") or []), LIBCXX]}
    return restricted(listed, wanted, workloads)


def select(options: argparse.Namespace, catalogue: Catalogue, pins: list[str]) -> tuple[list[Cell], list[int]]:
    """The cells that were asked for, and the thread counts of the sweep."""
    workloads = catalogue.select("workload", options.workload)
    implementations = catalogue.select("implementation", options.implementation)
    sweep = options.threads or ([] if options.peers else default_sweep(catalogue.hardware_concurrency))
    cells = catalogue.cells(workloads, implementations, sweep, pins)
    unpinned = pinning.unpinned_only([catalogue.workloads[name] for name in workloads], pins)
    if unpinned and (options.workload or len(unpinned) == len(workloads)):
        raise Problem(f"no policy places the threads of {unpinned[0]}; add none to --pin, or leave it out")
    if unpinned:
        print(f"left out: {', '.join(unpinned)}, whose threads no policy places", file=sys.stderr)
    for name in workloads:
        least = catalogue.workloads[name].minimum_threads
        if not catalogue.thread_counts(name, sweep):
            if options.workload:
                raise Problem(f"{name} needs at least {least} threads; add {least} to --threads")
            print(f"left out: {name}, which needs at least {least} threads", file=sys.stderr)
    if not cells:
        raise Problem(
            "none of these implementations has any of these workloads; leave out --workload or --implementation"
        )
    return cells, sweep


def order(options: argparse.Namespace, sweep: list[int], tuning: Optional[list[dict]] = None) -> Order:
    seed = random.SystemRandom().randrange(2**32) if options.seed is None else options.seed
    full, quick = FULL, QUICK
    for asked, thoroughness in (
        (options.peers, (PEERS, PEERS_QUICK)),
        (options.tuning, (TUNING, TUNING_QUICK)),
        (options.modes, (MODES, MODES_QUICK)),
    ):
        full, quick = thoroughness if asked else (full, quick)
    return Order(
        quick if options.quick else full,
        sweep,
        seed,
        options.repetitions,
        options.cell_seconds,
        options.timeout,
        options.peers,
        tuning,
    )


def tell(run: Measurements, folder: Path) -> None:
    """What was found, once for each pin policy."""
    for one in run.of_pins():
        if run.pins != [UNPINNED]:
            print(f"\npin {one.pin}: {pinning.POLICIES.get(one.pin, '')}")
        tell_of_one(one, folder, "" if one.pin == run.pins[0] else f"-{one.pin}")
    if run.park.get("counts_unavailable"):
        print(f"system calls were not counted: {run.park['counts_unavailable']}")


def tell_of_one(run: Measurements, folder: Path, suffix: str) -> None:
    """The verdict table, the comparison, the curves or the scenes, and by name what failed."""
    others = {"tuning": curves.as_text, "peers": comparison.as_text, "modes": modes_as_text}
    kind = next((name for name in others if run.park.get(name)), "modes" if scenes.alone(run) else None)
    text = others[kind](run) if kind else verdict.as_text(verdict.verdicts(run), run.implementations)
    if kind:
        write_whole(folder / f"{kind}{suffix}.txt", text + "\n")
    print(text)
    if run.park["peers"] and run.catalogue.absent:
        print(f"absent: {findings.absent_in_words(run)}; scripts/setup --peers installs what it can")
    for cell, messages in sorted(run.errors.items()):
        print(f"error: {cell.name}: {messages[0]}")


def modes_as_text(run: Measurements) -> str:
    return "\n\n".join(filter(None, (scenes.as_text(run), overtaking.as_text(run))))


def draw(runs: list[Measurements], path: Path, comparisons: Sequence[dict] = ()) -> None:
    from .page import write_page  # not before it is needed: run and check work without jinja2

    write_page(runs, path, comparisons)


def point_latest_at(folder: Path) -> None:
    """build/bench/latest leads to the last run; a copy where there are no links."""
    latest, new = folder.parent / "latest", folder.parent / f".latest-{os.getpid()}"
    try:
        new.symlink_to(folder.name, target_is_directory=True)
        os.replace(new, latest)
    except OSError:
        new.unlink(missing_ok=True)
        if latest.is_dir() and not latest.is_symlink():
            shutil.rmtree(latest)
        shutil.copytree(folder, latest)


def shown(path: Path) -> str:
    """A path as short as it can be copied."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path.resolve())


def report(options: argparse.Namespace, _: list[str]) -> int:
    """Draw the report of finished runs."""
    check_report_needs()
    runs = [Measurements(load_any(path, options.implementation)) for path in options.runs]
    for run, path in zip(runs, options.runs):
        if not run.good:
            raise Problem(f"{path} holds no measured cell; run it again")
    comparisons = [load_comparison(path) for path in options.compare]
    if options.markdown:
        from .summary import as_markdown

        write_whole(options.markdown, as_markdown(runs))
    draw(runs, options.output, comparisons)
    print(shown(options.output))
    if options.export:
        print(f"{plural(len(export(options.output, options.export)), 'picture')} in {shown(options.export)}")
    return 0


def compare(options: argparse.Namespace, _: list[str]) -> int:
    """Tell whether something has become slower."""
    check_compare(options)
    with gate_needs():
        from .gate.compare import compare as gate  # not before it is needed: the rest works without scipy
    return gate(options)


def calibrate(options: argparse.Namespace, _: list[str]) -> int:
    """Tell how often compare is wrong here, and what it finds."""
    with gate_needs():
        from .gate.calibrate import calibrate as trials
    return trials(options)


@contextlib.contextmanager
def gate_needs() -> Iterator[None]:
    """Says what is missing, and how to get it."""
    try:
        yield
    except ImportError as missing:
        raise Problem(
            f"{sys.executable} has no package {missing.name}; run scripts/setup, "
            "or use the python3 that your distribution's python3-scipy belongs to"
        ) from None


def check_run(options: argparse.Namespace, _: list[str]) -> int:
    """Tell what a run lacks."""
    run = Measurements(load(options.run))
    for note in (note for one in run.of_pins() for note in check.notes(one)):
        print(f"note: {note}")
    complaints = check.missing(run)
    for complaint in complaints:
        print(complaint, file=sys.stderr)
    if not complaints:
        cells = sum(len(one.cells) for one in run.of_pins())
        print(f"{options.run}: all {cells} cells of {len(run.workloads)} workloads are there")
    return 1 if complaints else 0


def entry() -> None:
    """The command that an installation has."""
    sys.exit(main(sys.argv[1:]))


if __name__ == "__main__":
    entry()
