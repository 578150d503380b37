"""The page: right for machines from 1 to 256 CPUs, alone and side by side, and small enough to be sent by mail."""

import itertools
import json
import os
import re
import unittest
from pathlib import Path

import machines
import support  # noqa: F401  (finds parkbench)
from parkbench.problem import Problem

try:
    import jinja2  # noqa: F401
    from parkbench.page import MOST_BYTES, RunView, render, small_page
    from parkbench.plotly_script import plotly_js
    from plotly.offline import get_plotlyjs

    SCRIPT = plotly_js()
    SCRIPTS = {"what setup found": SCRIPT, "the large one of Python's plotly": get_plotlyjs()}
except ModuleNotFoundError as missing:
    raise unittest.SkipTest(f"no module {missing.name}: run scripts/setup") from None
except Problem as missing:
    raise unittest.SkipTest(str(missing)) from None

from parkbench import page as page_module
from parkbench.charts import Charts
from parkbench.findings import command_line
from parkbench.forest_chart import forest_chart
from parkbench.hardware_charts import MOST_NUMBERED
from parkbench.measurements import Measurements
from parkbench.packing import unpacked_page
from parkbench.usl import Fit

SIZES = (1, 2, 16, 256)
SECTIONS = ("verdict", "throughput", "scaling", "placement", "latency", "cost", "fairness", "machine", "method")
OF_TUNING = {"curves"}  # test_tuning.py


def view(cpus):
    return view_of(cpus, {})


def view_of(cpus, machine):
    """Of a machine that differs in this."""
    document = machines.run(cpus)
    document["park"]["machine"] |= machine
    return RunView(Measurements(document), "", packed=False)


class MachinesTest(unittest.TestCase):
    def test_each_has_all_panels_and_is_small(self):
        for cpus, script in itertools.product(SIZES, SCRIPTS):
            with self.subTest(cpus=cpus, script=script):
                page = small_page([Measurements(machines.placed(cpus))], SCRIPTS[script])
                self.assertLess(len(page.encode()), MOST_BYTES)
                for section in SECTIONS:
                    self.assertTrue(f'<section id="{section}">' in page, section)
                words = re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)
                self.assertIsNone(re.search(r"\b(None|nan|NaN|inf|Undefined)\b", words))
                self.assertEqual(cpus > 1, 'id="core-to-core"' in words)

    def test_these_are_all_sections_that_the_templates_have(self):
        templates = (Path(page_module.__file__).parent / "template").glob("*.j2")
        found = {
            name for each in templates for name in re.findall(r'<section id="{{ view.prefix }}(\w+)"', each.read_text())
        }
        self.assertEqual({*SECTIONS, *OF_TUNING}, found)

    def test_several_stand_on_one_page(self):
        for script in SCRIPTS:
            page = small_page([Measurements(machines.run(cpus)) for cpus in SIZES], SCRIPTS[script])
            self.assertLess(len(page.encode()), MOST_BYTES, script)
            for index, cpus in enumerate(SIZES, 1):
                self.assertTrue(f"Made-up machine of {cpus}" in page)
                self.assertTrue(f'id="r{index}-throughput"' in page)
            identifiers = re.findall(r'\bid="([^"]+)"', page)
            self.assertEqual(len(identifiers), len(set(identifiers)), "each identifier once")


class ScalingTest(unittest.TestCase):
    def test_the_law_is_found_where_the_cpus_allow(self):
        for cpus in (16, 256):
            for law in view(cpus).laws:
                if law.workload != "Crowd":
                    continue
                with self.subTest(cpus=cpus, implementation=law.implementation):
                    self.assertIsInstance(law.found, Fit)
                    alpha, _, _ = machines.TRUTH[law.implementation]
                    self.assertAlmostEqual(alpha, law.found.alpha.value, delta=0.35 * alpha)

    def test_with_two_cpus_there_is_none_and_the_reason_is_said(self):
        small = view(2)
        self.assertFalse(small.fitted)
        page = render([Measurements(machines.run(2))], SCRIPT, packed=False)
        self.assertTrue("2 thread counts within the CPUs; 6 are needed" in page)

    def test_threads_that_have_no_cpu_of_their_own_are_left_out(self):
        for limit in ({"usable_cpus": 2}, {"cgroup_quota_cpus": 2.9}):
            narrow = view_of(16, limit)
            self.assertEqual(
                {"2 thread counts within the CPUs; 6 are needed"},
                {law.found for law in narrow.laws if law.workload == "Crowd"},
            )
            for chart in narrow.speed_up:
                self.assertEqual([2, 2], [choice.traces[0]["x"][-1] for choice in chart.choices])
        self.assertEqual(1, view_of(16, {"cgroup_quota_cpus": 0.5}).run.usable_cpus)

    def test_the_machines_edges_are_marked_once_each(self):
        def marks(size, **machine):
            return Charts(view_of(size, machine).run, "").marks()

        self.assertEqual([(16, "16 per LLC"), (128, "128 cores"), (256, "256 CPUs")], marks(256))
        self.assertEqual([(4, "4 usable"), (8, "8 cores"), (16, "16 CPUs")], marks(16, usable_cpus=4))
        self.assertEqual([(8, "8 cores"), (16, "16 CPUs")], marks(16, cpus=None))

    def test_their_labels_do_not_meet(self):
        def anchors(**machine):
            return [one["xanchor"] for one in Charts(view_of(256, machine).run, "").against_threads()["annotations"]]

        self.assertEqual(["center", "right", "left"], anchors())
        self.assertEqual(["right", "center", "center", "left"], anchors(usable_cpus=48))

    def test_the_speed_up_of_one_thread_is_one(self):
        for chart in view(16).speed_up:
            for trace in chart.choices[0].traces[1:]:
                if 1 in trace["x"]:
                    self.assertEqual(1.0, trace["y"][trace["x"].index(1)])

    def test_efficiency_is_the_speed_up_over_the_threads(self):
        crowd = next(chart for chart in view(16).speed_up if chart.title == "Crowd")
        self.assertEqual("1.00 (100 %)", crowd.table.rows[0][1])
        for times, share in zip(*(choice.traces[1:] for choice in crowd.choices)):
            self.assertEqual([y / x for x, y in zip(times["x"], times["y"])], share["y"])


class PlacementTest(unittest.TestCase):
    def test_each_policy_has_its_line_for_each_implementation(self):
        shown = RunView(Measurements(machines.placed(16)), "", packed=False)
        self.assertEqual(["placement-crowd"], [chart.identifier for chart in shown.placement])
        chart = shown.placement[0]
        self.assertEqual(["park", "std", "POSIX"], [choice.label for choice in chart.choices])
        for choice in chart.choices:
            free, one = [trace for trace in choice.traces if trace["mode"] == "lines+markers"]
            self.assertEqual(("pin:none", "pin:one"), (free["meta"], one["meta"]))
            self.assertGreater(free["y"][free["x"].index(16)], 2 * one["y"][one["x"].index(16)])
        self.assertEqual("park, 1", chart.table.rows[0][0])
        self.assertEqual(3, len(chart.table.header))

    def test_the_page_says_which_of_them_the_rest_shows_and_which_could_not_be_had(self):
        page = render([Measurements(machines.placed(4))], SCRIPT, packed=False)
        for words in (
            "Everywhere else on this page: the system places the threads.",
            "Left out: numa: 1 NUMA node.",
            'href="#placement"',
        ):
            self.assertTrue(words in page, words)

    def test_a_run_of_one_policy_has_no_such_section(self):
        self.assertFalse('id="placement"' in render([Measurements(machines.run(4))], SCRIPT, packed=False))

    def test_what_is_drawn_is_the_same_unpacked_as_if_it_had_never_been_packed(self):
        runs = [Measurements(machines.run(2))]
        script = SCRIPT + 'const end = "</script>";'
        plain, unpacked = render(runs, script, packed=False), unpacked_page(render(runs, script, packed=True))
        drawn = re.compile(
            r'<script type="application/json" id="figures">(.*?)</script>\n(<script.*?</script>)', re.DOTALL
        )
        (figures, library), (unpacked_figures, unpacked_library) = (
            drawn.search(plain).groups(),
            drawn.search(unpacked).groups(),
        )
        self.assertEqual(json.loads(figures), json.loads(unpacked_figures))
        self.assertEqual(library, unpacked_library)
        self.assertEqual(plain, unpacked_page(plain))


class HeatMapTest(unittest.TestCase):
    def test_it_has_a_row_for_each_cpu_and_numbers_where_they_can_be_read(self):
        for cpus, rows in ((2, 2), (16, 16), (256, 32)):
            first = view(cpus).heat_maps[0]
            trace = first.choices[0].traces[0]
            self.assertEqual((rows, rows), (len(trace["z"]), len(trace["z"][0])))
            self.assertEqual(rows <= MOST_NUMBERED, "texttemplate" in trace)
            self.assertEqual(rows, len(first.table.rows))

    def test_one_cpu_has_none(self):
        self.assertEqual([], view(1).heat_maps)


class AgainTest(unittest.TestCase):
    def words(self, document, **park):
        document["park"] |= park
        return command_line(Measurements(document)).partition("--cell-seconds 0.1 ")[2]

    def test_the_command_names_the_pin_policies(self):
        self.assertEqual("--threads 1,2,3,4,6,8,16", self.words(machines.run(4)))
        self.assertEqual("--pin none one --threads 1,2,3,4,6,8,16", self.words(machines.placed(4)))

    def test_and_what_only_the_command_of_the_run_tells(self):
        given = [
            "parkbench",
            "bench",
            "--binary",
            "b",
            "--quick",
            "--timeout=9",
            "--peer-binary",
            "my bench",
            "--threads",
            "1",
        ]
        self.assertEqual(
            "--quick --timeout 9 --peer-binary 'my bench' --threads 1",
            self.words(machines.run(4), command=given, threads=[1]),
        )

    def test_but_not_the_binary_that_scripts_bench_adds(self):
        given = ["parkbench", "bench", "--peer-binary", "/r/build/bench-libcxx/bench/park_bench", "--peers"]
        self.assertEqual("--peers", self.words(machines.run(4), command=given, peers=True, threads=[]))


@unittest.skipUnless(os.name == "posix", "needs a shell")
class ExportTest(support.TemporaryFolderTest):
    def exported(self, script):
        """With a browser that does this."""
        (self.folder / "chromium").write_text(f"#!/bin/sh\necho first >&2; echo no display >&2; {script}\n")
        (self.folder / "chromium").chmod(0o755)
        (self.folder / "run.json").write_text(json.dumps(machines.run(2)))
        return self.parkbench("report", "run.json", "-o", "page.html", "--export", "pictures")

    def environment(self):
        return {**super().environment(), "PATH": f"{self.folder}:{os.environ['PATH']}"}

    def test_a_browser_that_fails_is_refused_with_its_last_words(self):
        self.assert_refused(self.exported("exit 3"), "ended with 3: no display")
        self.assert_refused(self.exported("exit 0"), "drew no panels: no display")

    def test_a_picture_of_an_earlier_export_is_none_of_this(self):
        (self.folder / "pictures").mkdir()
        (self.folder / "pictures" / "page.png").write_text("old")
        self.assert_refused(
            self.exported("echo '<pre id=\"panels\">{}</pre>'"), "wrote no pictures/page.png: no display"
        )


class ComparisonTest(support.TemporaryFolderTest):
    def test_the_worst_is_on_top_and_each_verdict_has_its_mark(self):
        chart = forest_chart(machines.COMPARISON, "c1-")
        self.assertEqual(["BM_fast", "BM_slow"], chart.layout["yaxis"]["categoryarray"], "drawn from below")
        regressed, passed = chart.choices[0].traces
        self.assertEqual(("regressed", ["BM_slow"], [20.0]), (regressed["name"], regressed["y"], regressed["x"]))
        self.assertNotEqual(regressed["marker"]["symbol"], passed["marker"]["symbol"])
        self.assertEqual(["BM_fast", "BM_slow", "BM_new"], [row[0] for row in chart.table.rows])

    def test_the_command_draws_it_and_writes_a_summary(self):
        (self.folder / "told.json").write_text(json.dumps(machines.COMPARISON))
        (self.folder / "run.json").write_text(json.dumps(machines.run(16)))
        page, summary = self.folder / "page.html", self.folder / "summary.md"
        done = self.parkbench(
            *(
                "report",
                self.folder / "run.json",
                "-o",
                page,
                "--compare",
                self.folder / "told.json",
                "--markdown",
                summary,
            )
        )
        self.assertEqual(0, done.returncode, done.stderr)
        self.assertTrue('id="c1-change"' in page.read_text())
        text = summary.read_text()
        self.assertIn("### Made-up machine of 16\n", text)
        self.assertIn("| workload | threads | park | std | posix |", text)
        self.assertRegex(text, r"\| Crowd \| 16 \| \*\*2\.[0-9]+\*\* \| ")
        self.assertRegex(text, r"- Crowd, park: contention 0\.0[0-9]+ \(")

    def test_what_is_no_comparison_is_refused_in_one_line(self):
        (self.folder / "told.json").write_text("{}")
        (self.folder / "run.json").write_text(json.dumps(machines.run(2)))
        done = self.parkbench("report", self.folder / "run.json", "--compare", self.folder / "told.json")
        self.assert_refused(done, "is no comparison; give a file that 'parkbench compare --json' wrote")


if __name__ == "__main__":
    unittest.main()
