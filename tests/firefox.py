"""A headless Firefox without network, led by WebDriver BiDi (https://w3c.github.io/webdriver-bidi), for pages from the disk."""

import json
import re
import shutil
import subprocess
import time
from pathlib import Path

import websocket

SECONDS = 60
PREFERENCES = {
    "network.proxy.type": 1,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": 9,
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": 9,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "intl.accept_languages": "zh-CN",
}
"""Every address but the disk leads to a port where nobody listens."""


def firefox_program():
    """Path of Firefox, or None."""
    return shutil.which("firefox-esr") or shutil.which("firefox")


class Firefox:
    """One window; what its pages ask for and complain about is remembered."""

    def __init__(self, profile: Path):
        text = "".join(f'user_pref("{key}", {json.dumps(value)});\n' for key, value in PREFERENCES.items())
        (profile / "user.js").write_text(text, encoding="utf-8")
        self.log = profile / "firefox.log"
        command = [firefox_program(), "--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0"]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen([*command, "about:blank"], stdout=log, stderr=log)
        self.requests, self.complaints, self.sent = [], [], 0
        try:
            self.socket = websocket.create_connection(
                f"{self._address()}/session", timeout=SECONDS, suppress_origin=True
            )
            self.version = self.ask("session.new", capabilities={})["capabilities"]["browserVersion"]
            self.ask("session.subscribe", events=["log.entryAdded", "network.beforeRequestSent"])
            self.window = self.ask("browsingContext.getTree")["contexts"][0]["context"]
            size = {"width": 1440, "height": 900}
            self.ask("browsingContext.setViewport", context=self.window, viewport=size)
        except BaseException:
            self.end()
            raise

    def _address(self):
        for _ in range(10 * SECONDS):
            found = re.search(rb"WebDriver BiDi listening on (ws://\S+)", self.log.read_bytes())
            if found:
                return found.group(1).decode()
            time.sleep(0.1)
        raise TimeoutError(self.log.read_text(errors="replace"))

    def ask(self, method, **params):
        """Answer to one command; events that come before it are kept."""
        self.sent += 1
        self.socket.send(json.dumps({"id": self.sent, "method": method, "params": params}))
        while True:
            told = json.loads(self.socket.recv())
            if told.get("id") == self.sent:
                if told["type"] == "error":
                    raise RuntimeError(f"{method}: {told['message']}")
                return told["result"]
            if told.get("method") == "network.beforeRequestSent":
                self.requests.append(told["params"]["request"]["url"])
            elif told.get("method") == "log.entryAdded":
                self.complaints.append(told["params"]["text"])

    def open(self, path: Path):
        """Seconds from the call until the page is ready and one frame of it is drawn."""
        self.ask("browsingContext.navigate", context=self.window, url="about:blank", wait="complete")
        start = time.perf_counter()
        self.ask("browsingContext.navigate", context=self.window, url=path.as_uri(), wait="none")
        self.wait("document.documentElement && document.documentElement.hasAttribute('data-ready')")
        self.run("new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0)))")
        return time.perf_counter() - start

    def run(self, expression):
        """Value of an expression in the page, as JSON."""
        script = f"Promise.resolve({expression}).then((value) => JSON.stringify(value === undefined ? null : value))"
        target = {"context": self.window}
        told = self.ask("script.evaluate", expression=script, target=target, awaitPromise=True)
        if told["type"] == "exception":
            raise RuntimeError(told["exceptionDetails"]["text"])
        return json.loads(told["result"]["value"])

    def wait(self, expression):
        """Until an expression holds."""
        end = time.monotonic() + SECONDS
        while not self.run(f"Boolean({expression})"):
            if time.monotonic() > end:
                raise TimeoutError(expression)
            time.sleep(0.02)

    def press(self, x, y):
        """Click with the mouse at a place in the window."""
        steps = [
            {"type": "pointerMove", "x": round(x), "y": round(y)},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        mouse = {"type": "pointer", "id": "mouse", "actions": steps}
        self.ask("input.performActions", context=self.window, actions=[mouse])

    def press_on(self, selector):
        """Click in the middle of an element."""
        element = f"document.querySelector({json.dumps(selector)})"
        self.run(f"{element}.scrollIntoView({{ block: 'nearest' }})")
        self.press(
            *self.run(f"((box) => [box.x + box.width / 2, box.y + box.height / 2])({element}.getBoundingClientRect())")
        )

    def keys(self, *keys):
        """Press keys, one after another."""
        steps = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        self.ask("input.performActions", context=self.window, actions=[{"type": "key", "id": "keys", "actions": steps}])

    def text(self, selector):
        return self.run(f"document.querySelector({json.dumps(selector)}).innerText")

    def end(self):
        """Close the window and the program."""
        if hasattr(self, "socket"):
            self.socket.close()
        self.process.terminate()
        self.process.wait(timeout=SECONDS)
