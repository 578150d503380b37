"""The page in a real browser without a window: no complaint on its console, every panel drawn, and its switches work."""

import json
import re
import shutil
import subprocess
import unittest
from pathlib import Path

import machines
from support import TemporaryFolderTest

try:
    from parkbench.measurements import Measurements
    from parkbench.page import write_page
    from parkbench.plotly_script import plotly_js

    plotly_js()
except ImportError as missing:
    raise unittest.SkipTest(f"no module {missing.name}: run scripts/setup") from None
except Exception as missing:
    raise unittest.SkipTest(str(missing)) from None

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
SWITCHES = """
<script>
addEventListener("load", () => {
  const told = {panels: [...document.querySelectorAll(".chart")].map((one) => [one.id, one.querySelectorAll(".main-svg").length])};
  const lines = () => document.querySelectorAll(".chart .trace, .chart .points .point").length;
  told.before = lines();
  const button = document.querySelector("button[data-series]");
  button.focus();
  told.focused = document.activeElement === button;
  button.click();
  told.after = lines();
  told.pressed = button.getAttribute("aria-pressed");
  button.click();
  told.again = lines();
  const select = document.querySelector("select[data-chart]");
  if (select) {
    const shown = () => document.getElementById(select.dataset.chart).data.map((trace) => trace.y.join());
    told.chosen = [shown()];
    select.selectedIndex = (select.selectedIndex + 1) % select.options.length;
    select.dispatchEvent(new Event("change"));
    told.chosen.push(shown());
  }
  told.unnamed = [...document.querySelectorAll("button, select, a")]
    .filter((one) => !(one.textContent.trim() || one.getAttribute("aria-label"))).length;
  told.from_elsewhere = performance.getEntriesByType("resource").map((one) => one.name);
  const written = document.createElement("pre");
  written.id = "told";
  written.textContent = JSON.stringify(told);
  document.body.append(written);
});
</script>
"""


@unittest.skipUnless(CHROMIUM, "chromium is missing: scripts/setup --browser")
class Chromium(TemporaryFolderTest):
    def opened(self, cpus, *flags):
        """What the page's own script could tell, and what the console said."""
        page = self.folder / "page.html"
        write_page([Measurements(machines.placed(count)) for count in cpus], page, [machines.COMPARISON])
        page.write_text(page.read_text().replace("</body>", SWITCHES + "</body>"))
        command = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", f"--user-data-dir={self.folder}"]
        done = subprocess.run(
            [*command, *flags, "--virtual-time-budget=10000", "--dump-dom", page.as_uri()],
            capture_output=True,
            text=True,
            timeout=180,
        )
        told = re.search(r'<pre id="told">(.*?)</pre>', done.stdout, re.DOTALL)
        self.assertIsNotNone(told, done.stderr[-2000:])
        return json.loads(told[1].replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">")), re.findall(r"CONSOLE.*", done.stderr)

    def check(self, cpus, *flags):
        told, console = self.opened(cpus, *flags)
        self.assertEqual([], console)
        self.assertGreaterEqual(len(told["panels"]), 8)
        self.assertEqual([], [name for name, drawn in told["panels"] if drawn == 0])
        self.assertLess(told["after"], told["before"], "a series was switched off")
        self.assertEqual(("false", told["before"]), (told["pressed"], told["again"]))
        self.assertNotEqual(*told["chosen"])
        self.assertTrue(told["focused"])
        self.assertEqual(0, told["unnamed"])
        self.assertEqual([], told["from_elsewhere"], "nothing is fetched")

    def test_one_machine(self):
        self.check([16])

    def test_several_machines_in_the_dark(self):
        self.check([2, 256], "--force-dark-mode", "--blink-settings=preferredColorScheme=0")

    def environment(self):
        return {name: value for name, value in super().environment().items() if name != "PARK_PLOTLY_JS"}  # the real one

    def test_each_panel_is_exported_as_svg_and_png(self):
        (self.folder / "run.json").write_text(json.dumps(machines.run(16)))
        folder = self.folder / "pictures"
        done = self.parkbench("report", self.folder / "run.json", "-o", self.folder / "page.html", "--export", folder)
        self.assertEqual(0, done.returncode, done.stderr)
        for panel in ("throughput-crowd", "speed-up-crowd", "core-to-core"):
            self.assertIn(b"<svg", (folder / f"{panel}.svg").read_bytes()[:200])
            self.assertEqual(b"\x89PNG", (folder / f"{panel}.png").read_bytes()[:4])
        self.assertGreater((folder / "page.png").stat().st_size, 20_000)
        self.assertEqual(f"{len(list(folder.iterdir()))} pictures in pictures", done.stdout.splitlines()[-1])


if __name__ == "__main__":
    unittest.main()
