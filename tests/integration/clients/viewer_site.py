# SPDX-License-Identifier: GPL-3.0-or-later
"""A clinic's web server: a viewer's pages, and in front of the gateway a proxy that logs in for it.

The proxy is what a clinic puts before a viewer in a browser: pages and DICOMweb have one origin, the
token stays on the server, and what Sekisho gives as `PublicUrl` is the address of this server.
"""
import http.client
import http.server
import mimetypes
import pathlib
import ssl
import threading
from urllib.parse import unquote, urlsplit

from clinic import RECEIPT, Answer
from launch import free_port

NOT_PASSED_ON = ("connection", "keep-alive", "transfer-encoding", "host", "authorization", "origin")
TO_THE_GATEWAY = ("/shares/", "/dicom-web/", "/receipts/")


class ViewerSite:
    """Serves `pages` (paths to bytes) and the files of `directory` on a free loopback port."""

    def __init__(self, directory, pages=None, front=None, port=None):
        self.port = port or free_port()
        self.url = f"http://localhost:{self.port}"
        self.directory, self.pages, self.front = pathlib.Path(directory), pages or {}, front
        self.clinic = None  # whom the proxy logs in as
        self.requests = []  # (method, target, headers, status) of what went to the gateway
        site = self

        class Handler(_Handler):
            pass
        Handler.site = site
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()

    def file(self, path):
        """The bytes and type of a page; `front` for every path that is none, as viewers want it."""
        if path in self.pages:
            return self.pages[path], mimetypes.guess_type(path)[0] or "text/html"
        file = (self.directory / path.lstrip("/")).resolve()
        if not (file.is_file() and file.is_relative_to(self.directory.resolve())):
            if self.front is None or pathlib.PurePath(path).suffix:
                return None, None
            file = self.directory / self.front
        kind = mimetypes.guess_type(file.name)[0]
        return file.read_bytes(), "text/javascript" if file.suffix == ".mjs" else kind


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    site = None

    def log_message(self, *_):
        pass

    def do_GET(self):
        if self.path.startswith(TO_THE_GATEWAY):
            self._pass_on()
            return
        body, kind = self.site.file(unquote(urlsplit(self.path).path))
        self.send_response(200 if body is not None else 404)
        self.send_header("Content-Type", kind or "application/octet-stream")
        self.send_header("Content-Length", str(len(body or b"")))
        # What a viewer with workers and WebAssembly asks of its server.
        self.send_header("Cross-Origin-Opener-Policy", "same-origin")
        self.send_header("Cross-Origin-Embedder-Policy", "require-corp")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body or b"")

    do_HEAD = do_GET

    def do_POST(self):
        self._pass_on()

    do_OPTIONS = do_POST

    def _pass_on(self):
        clinic = self.site.clinic
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name: value for name, value in self.headers.items()
                   if name.lower() not in NOT_PASSED_ON}
        connection = clinic.connect()
        try:
            connection.request(self.command, self.path, body or None, clinic.headers(headers))
            answer = connection.getresponse()
            content = answer.read()
        except (http.client.HTTPException, ssl.SSLError, OSError):
            self.close_connection = True  # cut as the gateway cut it
            return
        finally:
            connection.close()
        self._keep(answer, content)
        self._answer(answer, content)

    def _keep(self, answer, content):
        self.site.requests.append((self.command, self.path, dict(self.headers.items()), answer.status))
        if self.command == "GET":
            receipt = answer.getheader(RECEIPT)
            self.site.clinic.ledger.keep(Answer(
                answer.status, {RECEIPT: receipt} if receipt else {}, content, self.path))

    def _answer(self, answer, content):
        self.send_response(answer.status, answer.reason)
        for name, value in answer.getheaders():
            if name.lower() not in (*NOT_PASSED_ON, "content-length", "server", "date"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        try:
            if self.command != "HEAD":
                self.wfile.write(content)
        except OSError:
            pass  # the page went elsewhere
