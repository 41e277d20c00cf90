# SPDX-License-Identifier: GPL-3.0-or-later
"""A hospital whose Orthanc and Sekisho came from packages, run as Debian's service runs them."""
import contextlib
import ctypes
import json
import os
import time

from clean_root import ENVIRONMENT
from clinic import Ledger
from hospital import Hospital
from launch import Archive, LaunchError, OrthancProcess, Staff

EXAMPLE = "/usr/share/doc/orthanc-sekisho/examples/sekisho.json"
UNIT = "/usr/lib/systemd/system/orthanc.service"
GATEWAY = "10.20.0.1"  # the address in the example
CLONE_NEWNET = 0x40000000
USERS = {"staff": "password"}


def service_of(root):
    """The settings of Orthanc's service: Debian's unit and the drop-ins over it, key to value."""
    files = [root.path(UNIT), *sorted(root.path(f"{UNIT}.d").glob("*.conf"))]
    lines = [line for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))


def user_of(root, name):
    """Number of the user and of its group."""
    entries = root.path("/etc/passwd").read_text(encoding="utf-8").splitlines()
    entry = next(entry.split(":") for entry in entries if entry.startswith(f"{name}:"))
    return int(entry[2]), int(entry[3])


def configure(root, authority):
    """The example beside Debian's own configuration, with what it marks to be changed, and staff."""
    for name, settings in (("staff", {"AuthenticationEnabled": True}),
                           ("credentials", {"RegisteredUsers": USERS})):
        root.path(f"/etc/orthanc/{name}.json").write_text(json.dumps(settings), encoding="utf-8")
    text = root.path(EXAMPLE).read_text(encoding="utf-8")
    assert "https://share.hospital.example" in text and f'"{GATEWAY}"' in text
    root.path("/etc/orthanc/sekisho.json").write_text(
        text.replace("https://share.hospital.example", f"https://{GATEWAY}"), encoding="utf-8")
    certificate, key = authority.issue("gateway", "serverAuth", (GATEWAY,))
    for source, name in ((certificate, "gateway.pem"), (key, "gateway.key")):
        target = root.path(f"/etc/sekisho/{name}")
        target.write_bytes(source.read_bytes())
        target.chmod(0o600)
        os.chown(target, *user_of(root, "orthanc"))


class InstalledOrthanc(OrthancProcess):
    """Orthanc in a root as systemd starts it: user, directories, umask, capabilities.

    It has a network of its own: loopback with the example's address, where every port is free.
    """

    def __init__(self, root, state):
        super().__init__(state, {"HttpPort": 8042, "RegisteredUsers": USERS})
        self.root = root

    def start(self):
        service = service_of(self.root)
        self._make_state_directories(service)
        return self.spawn(self.root.command(
            "setpriv", f"--reuid={service['User']}", f"--regid={service['Group']}", "--init-groups",
            *_capabilities(service), "--pdeathsig=TERM",
            "sh", "-c", 'umask "$1"; shift; exec "$@"', "sh", service.get("UMask", "0022"),
            *service["ExecStart"].split(), addresses=[f"{GATEWAY}/32"]), ENVIRONMENT)

    def _make_state_directories(self, service):
        for name in service.get("StateDirectory", "").split():
            directory = self.root.path(f"/var/lib/{name}")
            directory.mkdir(exist_ok=True)
            directory.chmod(int(service["StateDirectoryMode"], 8))
            os.chown(directory, *user_of(self.root, service["User"]))

    @contextlib.contextmanager
    def running(self):
        """Starts it, and ends it in the end, whatever has happened."""
        try:
            yield self.start()
        finally:
            self.kill()

    @contextlib.contextmanager
    def network(self):
        """Has this thread in its network, from which nothing else can be reached."""
        self._wait_for_its_network()
        with open("/proc/thread-self/ns/net", "rb") as own:
            with open(f"/proc/{self.process.pid}/ns/net", "rb") as its:
                _enter(its)
            try:
                yield self
            finally:
                _enter(own)

    def _wait_for_its_network(self):
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline and self.is_running():
            if os.readlink(f"/proc/{self.process.pid}/exe").endswith("/Orthanc"):
                return
            time.sleep(0.02)
        raise LaunchError(f"Orthanc does not start:\n{self.log()}")

    def log(self):
        own = self.root.path("/var/log/orthanc/Orthanc.log")
        return super().log() + (own.read_text(encoding="utf-8") if own.exists() else "")


def _capabilities(service):
    names = service.get("AmbientCapabilities", "").split()
    wanted = ",".join("+" + name.removeprefix("CAP_").lower() for name in names)
    return [f"--inh-caps={wanted}", f"--ambient-caps={wanted}"] if names else []


def _enter(network):
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.setns(network.fileno(), CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "setns")


class InstalledHospital(Hospital):
    """The hospital of the integration tests, of which nothing is put together by the tests: what
    Hospital makes when it is made is there already."""

    def __init__(self, root, orthanc, authority):
        self.root, self.orthanc, self.authority = root, orthanc, authority
        self.data = root.path("/var/lib/sekisho")
        self.url = f"https://{GATEWAY}"
        self.staff = Staff(orthanc.url, orthanc.credentials)
        self.archive = Archive(orthanc.url, orthanc.credentials)
        self.ledger = Ledger()
        self.should_run = False

    def open(self):
        self.orthanc.wait_until(lambda: self.orthanc.answers() and self.staff.door_is_open())
        self.should_run = True
        return self

    def audit(self, *arguments, check=False):
        """Runs the installed sekisho-audit as Orthanc's user; its paths are those in the root."""
        inside = [str(argument).removeprefix(str(self.root.directory)) for argument in arguments]
        done = self.root.run("runuser", "-u", "orthanc", "--", "sekisho-audit", *inside,
                             capture_output=True, text=True, timeout=120)
        assert not check or done.returncode == 0, f"sekisho-audit: {done.stdout}{done.stderr}"
        return done
