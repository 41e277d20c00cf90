# SPDX-License-Identifier: GPL-3.0-or-later
"""Our pages in a Browser, used as people do: by what stands on them."""
import json
import pathlib
import time

AXE = pathlib.Path(__file__).with_name("node_modules") / "axe-core/axe.min.js"

FIELD = """
const label = [...document.querySelectorAll('label')].findLast(each => each.innerText.trim() === arguments[0] && each.checkVisibility());
return label ? label.control : null"""
BUTTON = """
return [...document.querySelectorAll('button, a, summary')].findLast(
  each => each.innerText.trim() === arguments[0] && each.checkVisibility() && !each.disabled) ?? null"""
# WCAG 2.2, levels A and AA, and what axe calls best practice.
AUDIT = """
const done = arguments[arguments.length - 1];
axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}).then(
  ({violations}) => done(violations.map(({id, nodes}) => id + ': ' + nodes.map(node => node.html).join(' | '))))"""


class Page:
    """`violations`: every breach of the Content Security Policy so far."""

    def __init__(self, browser, url, patience=1):
        self.browser, self.url, self._seconds = browser, url, 60 * patience
        self.violations, self.complaints = [], []

    def open(self, path="/"):
        self.browser.open("about:blank")  # a fragment alone would load nothing
        self.browser.open(self.url + path)
        return self

    def wait(self, ask, what):
        """Returns what `ask` gives, once that is something."""
        deadline = time.monotonic() + self._seconds
        while not (found := ask()):
            assert time.monotonic() < deadline, f"no {what} in:\n{self.browser.text()}\n{self.listen()}"
            time.sleep(0.05)
        return found

    def fill(self, label, text):
        field = self.wait(lambda: self.browser.find(FIELD, label), f"field {label}")
        self.browser.type(field, text)

    def empty(self, label):
        field = self.wait(lambda: self.browser.find(FIELD, label), f"field {label}")
        self.browser.command("POST", f"element/{field}/clear", {})

    def press(self, words):
        self.browser.click(self.wait(lambda: self.browser.find(BUTTON, words), f"button {words}"))

    def shows(self, words):
        """Returns when it does."""
        self.wait(lambda: words in self.browser.text(), f"'{words}'")

    def becomes(self, script):
        """Returns when JavaScript finds it so: what it found."""
        return self.wait(lambda: self.evaluate(script), script)

    def evaluate(self, expression):
        return json.loads(self.browser.run(
            f"arguments[0](JSON.stringify(({expression}) ?? null))"))

    def address(self):
        return self.evaluate("location.pathname + location.hash")

    def listen(self):
        """Takes down what the browser complained of."""
        for message in self.browser.console():
            self.complaints.append(message)
            if "Content Security Policy" in message or "Trusted" in message:
                self.violations.append(message)
        return self.complaints[-5:]

    def audit(self):
        """What axe finds wrong with the page as it is."""
        self.browser.run(AXE.read_text(encoding="utf-8") + ";arguments[0]()")
        return self.browser.run(AUDIT)

    def is_too_wide(self):
        """Whether one has to scroll sideways."""
        return self.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
