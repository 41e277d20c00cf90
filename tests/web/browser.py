# SPDX-License-Identifier: GPL-3.0-or-later
"""Debian's Chromium without a screen, driven by W3C WebDriver. Used by the integration tests."""
import base64
import re
import subprocess
import time

import requests

# The first line is for a machine without a display, where tests may run as root; the others keep it
# from calling home.
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
         "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]

# WebGL without a graphics card: what viewers draw with.
SOFTWARE_WEBGL = ["--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]


def start_driver(attempts=5):
    """A chromedriver that listens, and its port. It takes a free port of IPv4 and then wants the same
    one of IPv6; where somebody else listens there, it ends: then another port is tried."""
    told = []
    for _ in range(attempts):
        driver = subprocess.Popen(["/usr/bin/chromedriver", "--port=0"], text=True,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        for line in driver.stdout:
            told.append(line)
            if found := re.search(r"started successfully on port (\d+)", line):
                return driver, found[1]
        driver.wait(30)
        driver.stdout.close()
    raise AssertionError("chromedriver does not listen: " + "".join(told))


class Browser:
    """One browser with an empty profile of its own. `hosts` maps names to addresses."""

    def __init__(self, profile, hosts=None, flags=()):
        self._driver, port = start_driver()
        try:
            self._session = self._new_session(port, profile, hosts or {}, flags)
        except BaseException:
            self.close()
            raise

    def _new_session(self, port, profile, hosts, more):
        rules = ",".join(f"MAP {name} {address}" for name, address in hosts.items())
        flags = [*FLAGS, *more, f"--user-data-dir={profile}", f"--host-resolver-rules={rules}"]
        options = {"binary": "/usr/bin/chromium", "args": flags}
        driver = f"http://127.0.0.1:{port}/session"
        answer = requests.post(driver, timeout=60, json={
            "capabilities": {"alwaysMatch": {"goog:chromeOptions": options,
                                             "goog:loggingPrefs": {"browser": "ALL"}}}}).json()["value"]
        assert "sessionId" in answer, answer
        return f"{driver}/{answer['sessionId']}"

    def _do(self, command, **body):
        return self._value(requests.post(f"{self._session}/{command}", json=body, timeout=60))

    def _get(self, command):
        return self._value(requests.get(f"{self._session}/{command}", timeout=60))

    def command(self, verb, path, body=None):
        """Any other command of WebDriver."""
        return self._value(requests.request(verb, f"{self._session}/{path}", json=body, timeout=60))

    @staticmethod
    def _value(answer):
        answer = answer.json()["value"]
        assert not (isinstance(answer, dict) and "error" in answer), answer
        return answer

    def open(self, url):
        """Returns when the page has loaded."""
        self._do("url", url=url)

    def run(self, script, *arguments):
        """Runs JavaScript in the page until it calls its last argument; gives what that was told."""
        return self._do("execute/async", script=script, args=list(arguments))

    def leave_by(self, script, *arguments):
        """Runs JavaScript that leads to another page; returns when that page has loaded."""
        before = self._get("url")
        self.run(f"{script}; arguments[arguments.length - 1]()", *arguments)
        deadline = time.monotonic() + 30
        while self._get("url") == before:
            assert time.monotonic() < deadline, "the page stays"
            time.sleep(0.02)

    def text(self):
        """What the page shows."""
        return self._do("execute/sync", script="return document.body.innerText", args=[])

    def find(self, script, *arguments):
        """The element that JavaScript returns, or None."""
        found = self._do("execute/sync", script=script, args=list(arguments))
        return found and next(iter(found.values()))

    def click(self, element):
        """As a mouse does: scrolled to, and not through what lies above it."""
        self._do(f"element/{element}/click")

    def type(self, element, text):
        """Key by key, behind what stands there."""
        self._do(f"element/{element}/value", text=text)

    def resize(self, width, height):
        """Of the part that shows the page, in CSS pixels."""
        self.command("POST", "goog/cdp/execute", {"cmd": "Emulation.setDeviceMetricsOverride", "params": {
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}})

    def console(self):
        """What the browser has complained of since this was asked last."""
        return [entry["message"] for entry in self._do("se/log", type="browser")]

    def screenshot(self):
        """The bytes of a PNG."""
        return base64.b64decode(self._get("screenshot"))

    def close(self):
        if hasattr(self, "_session"):
            requests.delete(self._session, timeout=60)
        self._driver.terminate()
        self._driver.wait(30)
        self._driver.stdout.close()
