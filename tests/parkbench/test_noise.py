"""What is read about the machine's quiet, and the grade."""

import unittest

from support import TemporaryFolderTest
from parkbench import noise


class NoiseTest(TemporaryFolderTest):
    def write_proc(self, stat: str, pressure: str = "") -> None:
        (self.folder / "pressure").mkdir(exist_ok=True)
        (self.folder / "stat").write_text(stat)
        (self.folder / "pressure" / "cpu").write_text(pressure)

    def test_steal_and_pressure_are_read(self):
        self.write_proc(
            "cpu  10 0 20 60 0 0 3 7 0 0\ncpu0 1 2 3\n",
            "some avg10=14.15 avg60=6.88 avg300=1.74 total=7\nfull avg10=0.00\n",
        )
        found = noise.read_noise(self.folder, 0)
        self.assertEqual((found["steal_ticks"], found["all_ticks"], found["psi_cpu_some_avg10"]), (7, 100, 14.15))
        self.assertIsNone(found["busy_share"], "no time has passed between the two readings")

    def test_a_system_that_tells_nothing_gives_nothing(self):
        found = noise.read_noise(self.folder / "nowhere", 0)
        self.assertEqual(
            {found[key] for key in ("steal_ticks", "all_ticks", "psi_cpu_some_avg10", "busy_share")}, {None}
        )
        self.assertIsNone(noise.grade(noise.figures({"before": found, "after": found}, 2, None)))

    def test_the_grade_is_the_worst_of_its_figures(self):
        def graded(steal: int = 0, spread: float = 0.01, busy: float = 0.0) -> str:
            before = {"steal_ticks": 0, "all_ticks": 0, "busy_share": 0.0}
            after = {"steal_ticks": steal, "all_ticks": 1000, "busy_share": busy}
            return noise.grade(noise.figures({"before": before, "after": after}, 2, spread))

        self.assertEqual(graded(), "quiet")
        self.assertEqual(graded(steal=5), "fair")
        self.assertEqual(graded(steal=50), "noisy")
        self.assertEqual(graded(spread=0.1), "fair")
        self.assertEqual(graded(steal=5, spread=0.3), "noisy")
        self.assertEqual(graded(busy=0.05), "fair")

    def test_the_load_that_a_build_left_behind_is_told_but_not_graded(self):
        figures = noise.figures({"before": {"load1": 5.0, "psi_cpu_some_avg10": 80.0}}, 2, 0.01)
        self.assertEqual([figure.text for figure in figures][-2:], ["250 %", "80 %"])
        self.assertEqual(noise.grade(figures), "quiet")


if __name__ == "__main__":
    unittest.main()
