# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs Orthanc with Sekisho on this machine: certificates, configuration, process, staff client.

Used by `./dev demo`, by the integration tests and by the bench. Needs Debian's orthanc, openssl and
python3-requests.
"""
import contextlib
import ctypes
import ipaddress
import json
import os
import pathlib
import secrets
import signal
import socket
import subprocess
import time

import requests
from urllib3.util.retry import Retry

ORTHANC = "/usr/sbin/Orthanc"
START_LIMIT_SECONDS = 60
STOP_LIMIT_SECONDS = 30


class LaunchError(Exception):
    """Orthanc did not do what it was started for; the text is for the person who started it."""


FIRST_PORT, FIRST_OF_CONNECTIONS = 10_000, 32_768  # ip_local_port_range of Linux begins there


def free_port():
    """A loopback TCP port that nobody listens on at this moment. None of those that the system takes for
    connections: it would give one away again before somebody listens on it."""
    while True:
        port = secrets.randbelow(FIRST_OF_CONNECTIONS - FIRST_PORT) + FIRST_PORT
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


# --- certificates -----------------------------------------------------------------------------


def _openssl(*arguments):
    done = subprocess.run(["openssl", *map(str, arguments)], capture_output=True, text=True)
    if done.returncode != 0:
        raise LaunchError(f"openssl {arguments[0]} failed: {done.stderr.strip()}")


class Authority:
    """A certificate authority in a directory: ca.pem, and what it issues beside it."""

    def __init__(self, directory):
        self.directory = pathlib.Path(directory)
        self.directory.mkdir(parents=True, exist_ok=True)
        self.certificate, self._key = self.directory / "ca.pem", self.directory / "ca.key"
        if not self.certificate.exists():
            self._new_key(self._key)
            _openssl("req", "-x509", "-new", "-key", self._key, "-out", self.certificate, "-days",
                     30, "-subj", "/CN=Sekisho demo authority", "-addext",
                     "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign")

    @staticmethod
    def _new_key(path, kind="EC"):
        option = {"EC": "ec_paramgen_curve:P-256", "RSA": "rsa_keygen_bits:2048"}[kind]
        _openssl("genpkey", "-algorithm", kind, "-pkeyopt", option, "-out", path)
        path.chmod(0o600)

    def issue(self, name, usage, alternative_names=(), days=30, kind="EC"):
        """Issues name.pem and name.key anew; returns both paths. `usage`: serverAuth, clientAuth;
        `kind` of the key: EC, RSA."""
        certificate = self.directory / f"{name}.pem"
        key, request = certificate.with_suffix(".key"), certificate.with_suffix(".csr")
        extensions = certificate.with_suffix(".ext")
        lines = ["basicConstraints=critical,CA:FALSE", f"extendedKeyUsage={usage}"]
        if alternative_names:
            lines.append("subjectAltName=" + ",".join(map(_alternative_name, alternative_names)))
        extensions.write_text("\n".join(lines) + "\n", encoding="ascii")
        self._new_key(key, kind)
        _openssl("req", "-new", "-key", key, "-subj", f"/CN={name}", "-out", request)
        _openssl("x509", "-req", "-in", request, "-CA", self.certificate, "-CAkey", self._key,
                 "-CAcreateserial", "-days", days, "-extfile", extensions, "-out", certificate)
        return certificate, key


def _alternative_name(name):
    try:
        return f"IP:{ipaddress.ip_address(name)}"
    except ValueError:
        return f"DNS:{name}"


# --- configuration ----------------------------------------------------------------------------


def orthanc_configuration(state, staff_port, user, password, plugins, **more):
    """Orthanc's configuration with everything in `state` and nothing on the outside."""
    configuration = {
        "Name": "Sekisho",
        "StorageDirectory": str(state / "storage"),
        "IndexDirectory": str(state / "index"),
        "HttpPort": staff_port,
        "DicomServerEnabled": False,
        "RemoteAccessAllowed": False,
        "AuthenticationEnabled": True,
        "RegisteredUsers": {user: password},
        "Plugins": [str(plugin) for plugin in plugins],
    }
    configuration.update(more)
    return configuration


def sekisho_configuration(state, gateway_port, certificate, key, **more):
    """The object "Sekisho": TLS on loopback, data below `state`."""
    configuration = {
        "DataDirectory": str(state / "sekisho"),
        "PublicUrl": f"https://localhost:{gateway_port}",
        "Gateway": {
            "Address": "127.0.0.1",
            "Port": gateway_port,
            "Certificate": str(certificate),
            "PrivateKey": str(key),
        },
    }
    configuration.update(more)
    return configuration


# --- process ----------------------------------------------------------------------------------


def _end_with_parent():
    """In the child: SIGTERM when whoever started it dies, however that comes (prctl(2))."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)


class OrthancProcess:
    """One Orthanc as a plain process. Its log goes to `state`/orthanc.log."""

    def __init__(self, state, configuration, environment=None):
        self.state = pathlib.Path(state)
        self.state.mkdir(parents=True, exist_ok=True)
        self.configuration = configuration
        self.url = f"http://127.0.0.1:{configuration['HttpPort']}"
        self.credentials = next(iter(configuration.get("RegisteredUsers", {}).items()), None)
        self.log_file = self.state / "orthanc.log"
        self._environment = environment
        self.process = None

    def start(self, by=()):
        """Starts it and returns at once. `by`: a command that becomes the one behind it."""
        file = self.state / "orthanc.json"
        file.write_text(json.dumps(self.configuration, indent=2), encoding="utf-8")
        file.chmod(0o600)  # it holds the staff password
        return self.spawn([*by, ORTHANC, str(file)], {**os.environ, **(self._environment or {})})

    def spawn(self, command, environment):
        """Starts it by this command, which must become Orthanc's own process."""
        with open(self.log_file, "ab") as log:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment,
                start_new_session=True, preexec_fn=_end_with_parent)
        return self

    def wait_until(self, is_ready):
        """Polls `is_ready()` until it is true. Raises LaunchError if Orthanc ends or takes too long."""
        deadline = time.monotonic() + START_LIMIT_SECONDS
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise LaunchError(f"Orthanc ended with {self.process.returncode}:\n{self.log()}")
            try:
                if self._can_be_stopped() and is_ready():
                    return self
            except requests.ConnectionError:
                pass
            time.sleep(0.05)
        self.kill()
        raise LaunchError(f"Orthanc is not ready after {START_LIMIT_SECONDS} s:\n{self.log()}")

    def _can_be_stopped(self):
        """Orthanc answers before it listens to SIGTERM, which until then would just kill it."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        caught = next(line for line in status.splitlines() if line.startswith("SigCgt:"))
        return int(caught.split()[1], 16) >> (signal.SIGTERM - 1) & 1 == 1

    def answers(self):
        """True once Orthanc's own REST API answers."""
        return requests.get(f"{self.url}/system", auth=self.credentials, timeout=10).ok

    def stop(self):
        """Asks it to end (SIGTERM) and returns its exit code."""
        if self.is_running():
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(STOP_LIMIT_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            raise LaunchError(f"Orthanc did not stop within {STOP_LIMIT_SECONDS} s") from None

    def kill(self):
        """Ends it as a power cut would."""
        if self.is_running():
            self.process.kill()
        self.process.wait()

    def is_running(self):
        return self.process is not None and self.process.poll() is None

    def log(self):
        return self.log_file.read_text(encoding="utf-8", errors="replace")


# --- the two ways in --------------------------------------------------------------------------


def _session(credentials):
    """Connections are kept: with "Connection: close" on each request, some were never answered by
    Orthanc 1.10.1 on a busy machine. One that Orthanc closes as a GET comes is opened anew."""
    session = requests.Session()
    session.auth = credentials
    again = Retry(total=2, connect=0, allowed_methods=["GET"])
    session.mount("http://", requests.adapters.HTTPAdapter(max_retries=again))
    return session


class Archive:
    """Orthanc's own REST API, as a modality or a PACS administrator uses it."""

    def __init__(self, url, credentials):
        self.url = url
        self.session = _session(credentials)

    def store(self, content):
        """Stores one DICOM file and returns Orthanc's answer.

        Orthanc 1.10.1 closes about one upload in 500 without an answer where several come at once
        (measured without any plugin): then it is sent again, which stores nothing twice.
        """
        for last in (False, False, True):
            try:
                answer = self.session.post(f"{self.url}/instances", data=content, timeout=60)
                answer.raise_for_status()
                return answer.json()
            except requests.ConnectionError:
                if last:
                    raise

    def store_files(self, files):
        return [self.store(pathlib.Path(file).read_bytes()) for file in files]


class StaffError(Exception):
    """The staff API refused. `status` and `answer` are what it said."""

    def __init__(self, status, answer):
        super().__init__(f"{status}: {answer}")
        self.status, self.answer = status, answer


class Staff:
    """The staff API: /sekisho/api on Orthanc's port."""

    def __init__(self, url, credentials):
        self.url = f"{url}/sekisho/api"
        self.session = _session(credentials)

    def call(self, method, path, body=None, **more):
        """The JSON answer; StaffError for anything but 2xx."""
        answer = self.session.request(method, f"{self.url}{path}", json=body, timeout=60,
                                      headers={"Content-Type": "application/json"}, **more)
        if not answer.ok:
            raise StaffError(answer.status_code, answer.text)
        return answer.json() if answer.content else None

    def status(self):
        return self.call("GET", "/status")

    def door_is_open(self):
        return self.status()["Doors"]["Gateway"]["Open"]

    def new_recipient(self, name, networks=("127.0.0.0/8", "::1/128"), **more):
        """Registers somebody, whoever looks like them."""
        body = {"Name": name, "Networks": list(networks), **more}
        try:
            return self.call("POST", "/recipients", body)
        except StaffError as error:
            look_alikes = json.loads(error.answer).get("LookAlikes")
            if error.status != 409 or not look_alikes:
                raise
        seen = [recipient["ID"] for recipient in look_alikes]
        return self.call("POST", "/recipients", {**body, "LookAlikesSeen": seen})

    def new_token(self, recipient, expires_at, name="viewer"):
        return self.call("POST", f"/recipients/{recipient}/tokens",
                         {"Name": name, "ExpiresAt": expires_at})

    def new_share(self, recipient, scope, **more):
        """The share; residual risks are looked up and acknowledged as staff would do it."""
        body = {"Recipient": recipient, "Scope": scope, **more}
        try:
            return self.call("POST", "/shares", body)
        except StaffError as error:
            if error.status != 409 or "Risks" not in json.loads(error.answer):
                raise
        seen = self.call("POST", "/shares/preview", body)
        return self.call("POST", "/shares", {**body, "Acknowledgement": seen["Acknowledgement"]})

    def approve(self, share, series):
        """The same for what the headers of the series carry."""
        path, body = f"/shares/{share}/series/approve", {"SeriesInstanceUID": series}
        try:
            return self.call("POST", path, body)
        except StaffError as error:
            answer = json.loads(error.answer)
            if error.status != 409 or "Acknowledgement" not in answer:
                raise
        return self.call("POST", path, {**body, "Acknowledgement": answer["Acknowledgement"]})

    def revoke(self, share, reason="shown to be over"):
        return self.call("POST", f"/shares/{share}/revoke", {"Reason": reason})


def rfc3339(seconds_from_now):
    """A time as the staff API takes it: RFC 3339 in UTC, whole seconds."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + seconds_from_now))
