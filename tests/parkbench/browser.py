"""A Chromium without a window, told what to do by its DevTools protocol over two pipes: pages, keys, colour schemes and paper."""

from __future__ import annotations

import base64
import json
import os
import select
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
WITHIN_S = 120
KEYS = {"Tab": (9, ""), "Enter": (13, "\r"), " ": (32, " ")}


class Browser:
    """One page at a time."""

    def __init__(self, profile: Path):
        answers, to_us = os.pipe()
        from_us, orders = os.pipe()
        self.answers, self.orders, self.unread, self.number = answers, orders, b"", 0
        self.events: list[dict] = []
        flags = ("--headless", "--no-sandbox", "--disable-gpu", "--window-size=1280,1440", "--remote-debugging-pipe", f"--user-data-dir={profile}")
        self.process = subprocess.Popen(
            ["bash", "-c", f'exec "$@" 3<&{from_us} 4>&{to_us}', "bash", CHROMIUM, *flags],  # sh knows no descriptors above 9
            pass_fds=(from_us, to_us),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(from_us)
        os.close(to_us)
        self.session: dict[str, str] = {}
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = {"sessionId": self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]}
        for domain in ("Page", "Runtime", "Log"):
            self.call(f"{domain}.enable")
        self.call("Emulation.setFocusEmulationEnabled", enabled=True)

    def close(self) -> None:
        os.close(self.orders)
        os.close(self.answers)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def call(self, method: str, **parameters: Any) -> dict:
        """Give an order; its result."""
        self.number += 1
        order = {"id": self.number, "method": method, "params": parameters, **self.session}
        os.write(self.orders, json.dumps(order).encode() + b"\0")
        told = self.wait_for(lambda one: one.get("id") == self.number)
        assert "error" not in told, f"{method}: {told}"
        return told["result"]

    def wait_for(self, is_it) -> dict:
        deadline = time.monotonic() + WITHIN_S
        while True:
            while b"\0" not in self.unread:
                assert select.select([self.answers], [], [], max(0, deadline - time.monotonic()))[0], "Chromium does not answer"
                read = os.read(self.answers, 1 << 20)
                assert read, "Chromium has ended"
                self.unread += read
            message, _, self.unread = self.unread.partition(b"\0")
            told = json.loads(message)
            if is_it(told):
                return told
            self.events.append(told)

    def open(self, page: Path) -> None:
        """Until it has loaded and drawn."""
        self.load(page)
        self.evaluate('typeof drawn === "undefined" || drawn.then(() => true)')

    def load(self, page: Path) -> None:
        self.call("Page.navigate", url=page.as_uri())
        self.evaluate('new Promise((done) => document.readyState === "complete" ? done() : addEventListener("load", () => done()))')

    def evaluate(self, expression: str) -> Any:
        found = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in found, found
        return found["result"].get("value")

    def complaints(self) -> list[dict]:
        """What the console said until now."""
        self.evaluate("0")
        told = ("Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded")
        return [one for one in self.events if one.get("method") in told]

    def press(self, key: str) -> None:
        code, text = KEYS[key]
        for kind in ("keyDown", "keyUp"):
            typed = {"text": text} if text and kind == "keyDown" else {}
            self.call("Input.dispatchKeyEvent", type=kind, key=key, windowsVirtualKeyCode=code, **typed)

    def saved(self, folder: Path, click: str) -> tuple[str, bytes]:
        """What a click on the element has the browser save in a new folder: its name, and what is in it."""
        folder.mkdir()
        self.call("Page.setDownloadBehavior", behavior="allow", downloadPath=str(folder))
        self.evaluate(f"document.querySelector({json.dumps(click)}).click()")
        deadline = time.monotonic() + WITHIN_S
        while not (done := [one for one in folder.glob("*") if one.suffix != ".crdownload" and one.stat().st_size]):
            assert time.monotonic() < deadline, "nothing is saved"
            self.evaluate("new Promise((done) => setTimeout(done, 20))")
        return done[0].name, done[0].read_bytes()

    def prefer(self, scheme: str) -> None:
        """Light or dark."""
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        self.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())))")  # the page is told in the next frame

    def print(self) -> bytes:
        """The page as PDF."""
        return base64.b64decode(self.call("Page.printToPDF", printBackground=True)["data"])
