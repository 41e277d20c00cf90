# SPDX-License-Identifier: GPL-3.0-or-later
"""npm's dicomweb-client, in Node or in a page of Debian's Chromium: calls as JSON, bytes as bytes."""
import base64
import json
import pathlib
import subprocess
from urllib.parse import urlsplit

from clinic import RECEIPT, Answer

HERE = pathlib.Path(__file__).resolve().parent
MODULES = HERE / "node_modules"


class Bytes(bytes):
    """A part of an answer: its bytes, and the type and transfer syntax that the client read for it."""

    media_type = transfer_syntax = None


class Failed(Exception):
    """The client gave up. `status` is the answer's, or the text of what it threw."""

    def __init__(self, status):
        super().__init__(status)
        self.status = status


def modules():
    """Where npm put the clients."""
    assert MODULES.exists(), f"./dev test installs it; by hand: npm ci --prefix {HERE}"
    return MODULES


class JavaScriptClient:
    """A DICOMwebClient at one root. What it is answered is kept in the ledger."""

    def __init__(self, engine, ledger, root, headers):
        self._engine, self._ledger = engine, ledger
        self.options = {"url": root, "headers": headers}

    def __getattr__(self, method):
        """retrieve_series_metadata(studyInstanceUID=…) calls retrieveSeriesMetadata({…})."""
        first, *others = method.split("_")
        name = first + "".join(word.capitalize() for word in others)
        return lambda **argument: self._call(name, argument)

    def _call(self, method, argument):
        argument["datasets"] = [base64.b64encode(each).decode() for each in argument["datasets"]] \
            if "datasets" in argument else None
        argument = {name: value for name, value in argument.items() if value is not None}
        told = self._engine({"options": self.options, "method": method, "argument": argument})
        for answer in told["answers"]:
            self._keep(answer)
        if "failed" in told:
            raise Failed(told["failed"])
        return _understood(told.get("result"))

    def _keep(self, answer):
        if answer["verb"] == "get":
            receipt = {RECEIPT: answer["receipt"]} if answer["receipt"] else {}
            self._ledger.keep(Answer(answer["status"], receipt, b"", urlsplit(answer["url"]).path))


def _understood(value):
    if isinstance(value, dict) and "base64" in value:
        data = Bytes(base64.b64decode(value["base64"]))
        data.media_type = value.get("contentType")
        data.transfer_syntax = value.get("transferSyntaxUID")
        return data
    return [_understood(each) for each in value] if isinstance(value, list) else value


class Node:
    """A process of Node that makes one call after another over TLS."""

    def __init__(self, authority, certificate=None):
        modules()
        files = [authority, *(certificate or [])]
        self._process = subprocess.Popen(["node", HERE / "node_client.mjs", *map(str, files)], text=True,
                                         stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def __call__(self, request):
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, "Node ended"
        return json.loads(line)

    def close(self):
        self._process.stdin.close()
        self._process.wait(30)
        self._process.stdout.close()


class Page:
    """A page that has loaded calls.mjs and the client."""

    def __init__(self, browser, url):
        self._browser = browser
        browser.open(url)

    def __call__(self, request):
        return self._browser.run("window.make(arguments[0]).then(arguments[1])", request)
