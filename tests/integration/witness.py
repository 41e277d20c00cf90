# SPDX-License-Identifier: GPL-3.0-or-later
"""A witness under test: the real sekisho-witness process on a free loopback port."""
import os
import pathlib
import signal
import subprocess

from launch import free_port


class Witness:
    """One sekisho-witness; its state outlives its processes."""

    def __init__(self, directory, build, name, environment=None, tls=None):
        self.state = pathlib.Path(directory) / name.replace("/", "-")
        self.name, self.tls = name, tls
        self._program = build / "sekisho-witness"
        self._environment = {**os.environ, **(environment or {})}
        self.port = free_port()
        self.process = None
        self.key = self._run("init", "--state", self.state, "--name", name).strip()

    def _run(self, *arguments):
        return subprocess.run([self._program, *map(str, arguments)], check=True, text=True,
                              capture_output=True, timeout=60, env=self._environment).stdout

    def member(self, ca_file=None):
        """What stands in the plugin's configuration."""
        scheme = "https" if self.tls else "http"
        member = {"Key": self.key, "Url": f"{scheme}://localhost:{self.port}"}
        return {**member, "CaFile": str(ca_file)} if ca_file else member

    def start(self, *log_keys):
        """Returns when it listens."""
        arguments = ["run", "--state", self.state, "--listen", f"127.0.0.1:{self.port}"]
        for key in log_keys:
            arguments += ["--log", key]
        if self.tls:
            arguments += ["--certificate", self.tls[0], "--certificate-key", self.tls[1]]
        self.process = subprocess.Popen(
            [self._program, *map(str, arguments)], stdin=subprocess.DEVNULL, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=self._environment)
        line = self.process.stdout.readline()
        assert line.startswith("listening on port"), self.process.communicate()[1]
        return self

    def stop(self, how=signal.SIGTERM):
        """Ends the process; what it said to its operator."""
        self.process.send_signal(how)
        said = self.process.communicate(timeout=30)[1]
        assert self.process.returncode == (0 if how == signal.SIGTERM else -how), said
        self.process = None
        return said

    def show(self):
        return self._run("show", "--state", self.state)

    def size(self):
        """Of the newest cosigned checkpoint; 0 where there is none."""
        lines = self.show().splitlines()
        return int(lines[4]) if len(lines) > 4 else 0
