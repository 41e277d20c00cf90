# SPDX-License-Identifier: GPL-3.0-or-later
"""Somebody who follows a page from its first line to its last on a server."""
import re
import subprocess

from debian_hospital import wait_for_start
from machine import Failed


class Reader:
    """Types every command of a page as whom the page names, and remembers what was printed."""

    def __init__(self, machine, values=(), scenes=(), untyped=(), lasting=None):
        """`values`: pairs of what the page leaves open, a regular expression, and what this reader
        has for it (text, or a function that gives it). `scenes`: pairs of a regular expression and
        what happens before a command that it matches. `untyped`: pairs of a regular expression and
        why such a command is not run here. `lasting`: what does not end by itself; it is left
        running."""
        self.machine = machine
        self._values = [(re.compile(pattern), value) for pattern, value in values]
        self._scenes = [(re.compile(pattern), act) for pattern, act in scenes]
        self._untyped = [(re.compile(pattern), reason) for pattern, reason in untyped]
        self._lasting = lasting and re.compile(lasting)
        self._met = set()  # patterns that were of use
        self.printed = []  # (command, output) in order

    def follow(self, commands):
        for command in commands:
            assert command.account, f"{command!r}: the page does not say who types this"
            if not self._is_untyped(command):
                self._type(command)

    def unmet(self):
        """Patterns that met nothing: the page has changed, and this test has not."""
        every = [pattern for pattern, _ in (*self._values, *self._scenes, *self._untyped)]
        return [pattern.pattern for pattern in every if pattern not in self._met]

    def output_of(self, pattern):
        """What the newest command that matches has printed."""
        return next(out for text, out in reversed(self.printed) if re.search(pattern, text))

    def _is_untyped(self, command):
        found = [pattern for pattern, _ in self._untyped if pattern.search(command.text)]
        self._met.update(found)
        return bool(found)

    def _type(self, command):
        for pattern, act in self._scenes:
            if pattern.search(command.text):
                self._met.add(pattern)
                act()
        text = self.filled(command.text)
        assert "…" not in text, f"{command!r}: nobody knows what to put for … in {text}"
        if self._lasting and self._lasting.search(text):
            text += " &"
        try:
            out = self.machine.run(command.account, text)
            if re.search(r"systemctl (re)?start orthanc", text):
                wait_for_start(self.machine)
        except Failed as failed:
            raise AssertionError(f"{command!r}: {text}\n{failed}") from None
        self.printed.append((command.text, out))

    def filled(self, text):
        """The command as this reader types it."""
        for pattern, value in self._values:
            if pattern.search(text):
                self._met.add(pattern)
                filled = value() if callable(value) else value
                text = pattern.sub(lambda _, filled=filled: filled, text)
        return text


def carry(machine, source, target, owner):
    """A file goes from one person's machine to another's: here all are one machine."""
    subprocess.run(machine.enter("install", "-m", "0644", "-o", owner, source, target), check=True)
