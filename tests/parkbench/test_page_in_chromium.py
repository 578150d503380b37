"""The page in a real browser without a window: no complaint on its console, every panel drawn, and its switches
work."""

import json
import unittest
from xml.etree import ElementTree

import machines
from browser import CHROMIUM, Browser
from support import TemporaryFolderTest
from parkbench.problem import Problem

try:
    from parkbench.measurements import Measurements
    from parkbench.page import small_page
    from parkbench.plotly_script import plotly_js
    from plotly.offline import get_plotlyjs

    plotly_js()
except ModuleNotFoundError as missing:
    raise unittest.SkipTest(f"no module {missing.name}: run scripts/setup") from None
except Problem as missing:
    raise unittest.SkipTest(str(missing)) from None

# Of each panel: its name, how many points and maps its figure has, and how many are drawn.
PANELS = """[...document.querySelectorAll(".chart")].map((panel) => [
  panel.id,
  panel.data.reduce(
    (sum, one) => sum + (one.type === "heatmap" ? 1 : one.mode.includes("markers") ? one.x.length : 0), 0),
  panel.querySelectorAll(".points .point, .heatmaplayer image").length,
])"""
UNNAMED = """[...document.querySelectorAll("button, select, a, .chart, div.legend")].filter((one) => {
  const label = one.getAttribute("aria-label");
  return !(one.matches(".chart, .legend") ? one.getAttribute("role") && label : label || one.textContent.trim());
}).map((one) => one.outerHTML)"""
POINTS = 'document.querySelectorAll(".chart .point").length'
PRESSED = 'document.activeElement.getAttribute("aria-pressed")'
COLOURS = """({
  paper: getComputedStyle(document.body).backgroundColor,
  ours: getComputedStyle(document.querySelector(".chart .scatterlayer .trace:last-child .js-line")).stroke,
  words: getComputedStyle(document.querySelector(".chart .xtick text")).fill,
})"""
SHAPE = (
    """({
  ...%s,
  open: document.querySelectorAll("details[open]").length,
  closed: document.querySelectorAll("details:not([open])").length,
  widths: [...new Set(
    [...document.querySelectorAll(".chart .main-svg:first-child")].map((one) => one.getAttribute("width")))],
})"""
    % COLOURS
)


@unittest.skipUnless(CHROMIUM, "chromium is missing: scripts/setup --browser")
class Chromium(TemporaryFolderTest):
    plotly_js: dict = {}

    def opened(self, *cpus, scheme="light", script=None):
        """A browser that shows the page of these machines."""
        page = self.folder / "page.html"
        page.write_text(
            small_page(
                [Measurements(machines.placed(count)) for count in cpus], script or plotly_js(), [machines.COMPARISON]
            )
        )
        browser = Browser(self.folder / "profile")
        self.addCleanup(browser.close)
        browser.prefer(scheme)
        browser.open(page)
        return browser

    def check(self, *cpus, script=None):
        browser = self.opened(*cpus, script=script)
        panels = browser.evaluate(PANELS)
        self.assertTrue(any("fairness" in name for name, _, _ in panels))
        self.assertTrue(any("cost-futex_calls_per_op" in name for name, _, _ in panels))
        self.assertEqual(
            [], [panel for panel in panels if not panel[1] == panel[2] > 0], "name, points to draw, points drawn"
        )
        self.assertEqual([], browser.complaints())
        self.assertEqual([], browser.evaluate(UNNAMED))
        self.assertEqual(
            [],
            browser.evaluate('performance.getEntriesByType("resource").map((one) => one.name)'),
            "nothing is fetched",
        )
        return len(panels)

    def test_every_point_of_every_panel_is_drawn(self):
        self.assertEqual(16, self.check(16))

    def test_and_of_several_machines_on_one_page(self):
        self.assertEqual(31, self.check(2, 256))

    def test_and_where_only_the_large_plotly_is_there_which_is_packed(self):
        self.assertEqual(16, self.check(16, script=get_plotlyjs()))
        self.assertIn('id="plotly"', (self.folder / "page.html").read_text())

    def test_a_browser_that_unpacks_nothing_says_so(self):
        page = self.folder / "packed.html"
        text = small_page([Measurements(machines.run(2))], get_plotlyjs())
        page.write_text(text.replace("<head>", "<head><script>delete globalThis.DecompressionStream</script>"))
        browser = Browser(self.folder / "profile")
        self.addCleanup(browser.close)
        browser.load(page)
        browser.evaluate("drawn.catch(() => 0)")
        self.assertIn(
            "this browser unpacks nothing", browser.evaluate('document.querySelector("main > p").textContent')
        )

    def test_a_series_is_reached_and_switched_by_keys(self):
        browser = self.opened(16)
        before = browser.evaluate(POINTS)
        for _ in range(50):
            browser.press("Tab")
            if browser.evaluate('document.activeElement.matches("button[data-series]")'):
                break
        browser.press(" ")
        self.assertEqual("false", browser.evaluate(PRESSED))
        self.assertLess(browser.evaluate(POINTS), before)
        browser.press("Enter")
        self.assertEqual(("true", before), (browser.evaluate(PRESSED), browser.evaluate(POINTS)))

    def test_a_panel_is_saved_as_svg_by_its_button(self):
        browser = self.opened(16)
        panel = browser.evaluate('document.querySelector("button[data-svg]").dataset.svg')
        name, saved = browser.saved(self.folder / "saved", "button[data-svg]")
        drawing = ElementTree.fromstring(saved)
        self.assertEqual((f"{panel}.svg", "{http://www.w3.org/2000/svg}svg"), (name, drawing.tag))
        points = browser.evaluate(f'document.getElementById("{panel}").querySelectorAll(".points .point").length')
        self.assertEqual(points, sum("point" in one.get("class", "").split() for one in drawing.iter()))

    def test_the_measurements_are_saved_as_json_by_their_link(self):
        self.check_download(None)

    def test_and_unpacked_where_they_are_packed(self):
        self.check_download(get_plotlyjs())

    def check_download(self, script):
        browser = self.opened(16, script=script)
        _, saved = browser.saved(self.folder / "saved", "a[data-download]")
        self.assertEqual(machines.placed(16), json.loads(saved))

    def test_another_choice_draws_other_points_on_its_own_axis(self):
        browser = self.opened(16)
        panel = 'document.getElementById("speed-up-crowd")'
        shown = f"[{panel}.data.map((one) => one.y.join()).join(), {panel}.querySelector('.ytitle').textContent]"
        points, title = browser.evaluate(shown)
        browser.evaluate(
            """(() => {
          const select = document.querySelector('select[data-chart="speed-up-crowd"]');
          select.selectedIndex = 1;
          select.dispatchEvent(new Event("change"));
        })()"""
        )
        others, other = browser.evaluate(shown)
        self.assertNotEqual(points, others)
        self.assertEqual(("speed-up", "efficiency"), (title, other))

    def test_dark_is_another_page_and_other_charts(self):
        browser = self.opened(16, scheme="dark")
        dark = browser.evaluate(COLOURS)
        browser.prefer("light")
        light = browser.evaluate(COLOURS)
        for what in dark:
            self.assertNotEqual(dark[what], light[what], what)

    def test_on_paper_it_is_light_as_wide_as_the_paper_and_all_tables_are_open(self):
        browser = self.opened(16, scheme="dark")
        browser.prefer("light")
        light = browser.evaluate(COLOURS)
        browser.prefer("dark")
        before = browser.evaluate(SHAPE)
        browser.evaluate(f'addEventListener("beforeprint", () => {{ globalThis.printed = {SHAPE}; }})')
        paper = browser.print()
        self.assertEqual(b"%PDF", paper[:4])
        printed = browser.evaluate("globalThis.printed")
        self.assertEqual(light, {what: printed[what] for what in light})
        self.assertEqual(
            (before["open"] + before["closed"], 0, ["640"]), (printed["open"], printed["closed"], printed["widths"])
        )
        self.assertEqual(before, browser.evaluate(SHAPE), "things are put back")
        self.assertEqual([], browser.complaints())

    def environment(self):
        return {
            **{name: value for name, value in super().environment().items() if name != "PARK_PLOTLY_JS"},
            **self.plotly_js,
        }  # the real one

    def test_each_panel_is_exported_as_svg_and_png(self):
        self.check_export({})

    def test_and_of_a_packed_page(self):
        large = self.folder / "large.js"
        large.write_text(get_plotlyjs())
        self.check_export({"PARK_PLOTLY_JS": str(large)})

    def check_export(self, plotly_js):
        self.plotly_js = plotly_js
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
