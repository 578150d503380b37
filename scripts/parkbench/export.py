"""Each panel of a page as SVG and PNG, and the page's first screen as PNG, drawn by a Chromium without a window."""

from __future__ import annotations

import base64
import json
import re
import shutil
import subprocess
import tempfile
from html import unescape
from pathlib import Path
from urllib.parse import unquote_to_bytes

from .packing import unpacked_page
from .problem import Problem

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
SCREEN = "1280,1440"
WITHIN_S = 300
VIRTUAL_MS = 600_000  # of the clock of the page, which runs ahead whenever the page waits
PANELS = """
<script>
addEventListener("load", async () => {
  await drawn;
  const told = {};
  for (const panel of document.querySelectorAll(".chart")) {
    const {width, height} = panel.getBoundingClientRect();
    for (const format of ["svg", "png"]) {
      const paper_bgcolor = getComputedStyle(panel.closest("figure")).backgroundColor;
      const picture = {data: panel.data, layout: {...panel.layout, paper_bgcolor}};
      const scale = format === "png" ? 2 : 1;
      told[`${panel.id}.${format}`] = await Plotly.toImage(picture, {format, width, height, scale});
    }
  }
  const written = document.createElement("pre");
  written.id = "panels";
  written.textContent = JSON.stringify(told);
  document.body.append(written);
});
</script>
"""


def find_browser() -> str:
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if not found:
        raise Problem("--export needs a Chromium, which is not there: run scripts/setup --browser, or install it")
    return found


def export(page: Path, folder: Path) -> list[Path]:
    """Writes FOLDER/<panel>.svg, FOLDER/<panel>.png and FOLDER/page.png; what was written."""
    browser = find_browser()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="parkbench-") as scratch:
            whole, told = Path(scratch) / "whole.html", Path(scratch) / "page.html"
            # Chromium unpacks in a thread of its own, for which the clock of the page does not wait.
            text = unpacked_page(page.read_text(encoding="utf-8"))
            whole.write_text(text, encoding="utf-8")
            told.write_text(text.replace("</body>", PANELS + "</body>"), encoding="utf-8")
            drawn = run(browser, scratch, "--dump-dom", told.as_uri())
            screen = folder / "page.png"
            screen.unlink(missing_ok=True)
            shot = run(browser, scratch, f"--window-size={SCREEN}", f"--screenshot={screen.absolute()}", whole.as_uri())
        panels = re.search(r'<pre id="panels">(.*?)</pre>', drawn.stdout, re.DOTALL)
        if not panels:
            raise Problem(
                f"--export: {browser} drew no panels{why(drawn)}; "
                f"open {page} in a browser, whose panels have 'save as SVG'"
            )
        if not screen.exists():
            raise Problem(f"--export: {browser} wrote no {screen}{why(shot)}")
        written = [write(folder / name, url) for name, url in json.loads(unescape(panels[1])).items()]
    except OSError as error:
        raise Problem(f"cannot write to {folder} ({error.strerror}); name another with --export") from None
    return [*written, screen]


def run(browser: str, scratch: str, *arguments: str) -> subprocess.CompletedProcess:
    """One call of the browser, to its good end."""
    command = [
        browser,
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--hide-scrollbars",
        f"--user-data-dir={scratch}/profile",
    ]
    try:
        done = subprocess.run(
            [*command, f"--virtual-time-budget={VIRTUAL_MS}", *arguments],
            capture_output=True,
            text=True,
            timeout=WITHIN_S,
        )
    except subprocess.TimeoutExpired:
        raise Problem(f"--export: {browser} took more than {WITHIN_S} s") from None
    if done.returncode:
        raise Problem(f"--export: {browser} ended with {done.returncode}{why(done)}")
    return done


def why(done: subprocess.CompletedProcess) -> str:
    """The last line of what it complained about."""
    lines = done.stderr.strip().splitlines()
    return f": {lines[-1]}" if lines else ""


def write(path: Path, url: str) -> Path:
    """The content of a data URL, in base64 or not."""
    head, _, data = url.partition(",")
    path.write_bytes(base64.b64decode(data) if head.endswith(";base64") else unquote_to_bytes(data))
    return path
