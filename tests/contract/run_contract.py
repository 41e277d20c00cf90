#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Starts Orthanc with the contract plugin, waits for its verdict and stops Orthanc.

Usage: run_contract.py PLUGIN. Everything lives in a temporary directory and on a free port.
"""
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from sanitizers import Sanitizers  # noqa: E402

ORTHANC = "/usr/sbin/Orthanc"
LIMIT_SECONDS = 100
STOP_LIMIT_SECONDS = 20


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def stop(orthanc):
    """Ends the process as an operator would; returns its exit code."""
    if orthanc.poll() is None:
        orthanc.send_signal(signal.SIGTERM)
    try:
        return orthanc.wait(STOP_LIMIT_SECONDS)
    except subprocess.TimeoutExpired:
        orthanc.kill()
        return orthanc.wait()


def run(plugin, directory, sanitizers):
    """Orthanc's exit code, and what the plugin wrote: its exit code and the number of tests."""
    result = directory / "result"
    configuration = directory / "orthanc.json"
    configuration.write_text(json.dumps({
        "StorageDirectory": str(directory / "storage"),
        "IndexDirectory": str(directory / "index"),
        "HttpPort": free_port(),
        "DicomServerEnabled": False,
        "OverwriteInstances": True,
        "Plugins": [str(plugin)],
        "SekishoContract": {"Result": str(result)},
        **sanitizers.configuration(),
    }), encoding="utf-8")
    orthanc = subprocess.Popen([ORTHANC, str(configuration)], stdin=subprocess.DEVNULL,
                               env={**os.environ, **sanitizers.environment()})
    deadline = time.monotonic() + LIMIT_SECONDS
    while not result.exists() and orthanc.poll() is None and time.monotonic() < deadline:
        time.sleep(0.05)
    code = stop(orthanc)
    return code, result.read_text(encoding="ascii") if result.exists() else "none"


def main():
    plugin = pathlib.Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as directory:
        sanitizers = Sanitizers(plugin, directory)
        code, verdict = run(plugin, pathlib.Path(directory), sanitizers)
        reports = sanitizers.new_reports()
    passed, _, count = verdict.partition(" ")
    print(f"Orthanc ended with {code}; the plugin's verdict: {verdict}\n{reports}")
    sound = code == 0 and not reports
    return 0 if sound and passed == "0" and count.isdigit() and int(count) > 0 else 1


if __name__ == "__main__":
    sys.exit(main())
