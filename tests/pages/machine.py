# SPDX-License-Identifier: GPL-3.0-or-later
"""A hospital's server on which pages are tried out: this machine's system under an overlay, with a
network and processes of its own. What is done there leaves nothing behind here. Needs root.
"""
import ctypes
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
ADDRESSES = ("10.20.0.1/24", "10.20.0.5/24", "10.20.0.9/24")  # the VPN's, of pages
HOSTS = {"10.20.0.1": "share.hospital.example audit.hospital.example",
         "10.20.0.5": "witness.clinic.example", "10.20.0.9": "witness.other.example"}
GIVEN = ("/etc/sekisho", "/var/lib/sekisho", "/var/lib/sekisho-anchor", "/var/lib/sekisho-spool",
         "/var/lib/sekisho-witness")
START = """set -e
mount -t tmpfs -o mode=755 pages "$1"
mkdir "$1/upper" "$1/work" "$1/root"
mount -t overlay -o "lowerdir=/,upperdir=$1/upper,workdir=$1/work" pages "$1/root"
mount -t proc proc "$1/root/proc"
mount --rbind /dev "$1/root/dev"
mount --bind /sys "$1/root/sys"
mount -t tmpfs -o mode=1777 tmp "$1/root/tmp"
mount -t tmpfs -o mode=755 run "$1/root/run"
ip link set lo up
shift
for address; do ip address add "$address" dev lo; done
echo ready
while :; do sleep 1; done  # and reaps what its parents left
"""


class Failed(Exception):
    """A command ended with another code than 0; the text is what a person would have seen."""


class Machine:
    """Lives from `with` to its end."""

    def __enter__(self):
        self._place = pathlib.Path(tempfile.mkdtemp(prefix="sekisho-pages-"))
        self._sessions = {}
        self._holder = subprocess.Popen(
            ["unshare", "--mount", "--net", "--pid", "--fork", "--kill-child", "--propagation",
             "private", "sh", "-c", START, "sh", self._place, *ADDRESSES],
            stdout=subprocess.PIPE, text=True, start_new_session=True, preexec_fn=_end_with_parent)
        if self._holder.stdout.readline() != "ready\n":
            raise Failed("this machine cannot make an overlay of itself: is this root?")
        children = pathlib.Path(f"/proc/{self._holder.pid}/task/{self._holder.pid}/children")
        self._first = children.read_text(encoding="ascii").split()[0]
        # The overlay as this process sees it: through the namespace of its first process.
        self.root = pathlib.Path(f"/proc/{self._first}/root{self._place}/root")
        self._settle()
        return self

    def _settle(self):
        for directory in GIVEN:
            shutil.rmtree(self.path(directory), ignore_errors=True)
        with open(self.path("/etc/hosts"), "a", encoding="ascii") as hosts:
            hosts.writelines(f"{address} {names}\n" for address, names in HOSTS.items())
        shutil.copy(HERE / "systemctl", self.path("/usr/local/bin/systemctl"))

    def __exit__(self, *_):
        for session in self._sessions.values():
            session.end()
        os.killpg(self._holder.pid, signal.SIGKILL)
        self._holder.wait()
        os.rmdir(self._place)

    def path(self, path):
        return self.root / str(path).lstrip("/")

    def enter(self, *command):
        """The command line that runs `command` on that machine, as root."""
        return ["nsenter", f"--target={self._first}", "--mount", "--net", "--pid",
                "chroot", f"{self._place}/root", *map(str, command)]

    def add_account(self, account):
        """A person with a home directory and no rights."""
        subprocess.run(self.enter("useradd", "--create-home", "--no-user-group", "--gid=users",
                                  "--shell=/bin/sh", account),
                       check=True)

    def run(self, account, command):
        """What `command` printed when it was typed in the account's shell, which stays open."""
        if account not in self._sessions:
            self._sessions[account] = Session(self, account)
        return self._sessions[account].run(command)


class Session:
    """One person's shell: variables and functions stay from command to command."""

    def __init__(self, machine, account):
        self._directory = machine.path("/tmp") / f"session-{account}"
        self._inside = f"/tmp/session-{account}"
        self._directory.mkdir(mode=0o755)
        group, home = _passwd(machine, account)
        as_whom = ["setpriv", f"--reuid={account}", f"--regid={group}", "--init-groups",
                   "--inh-caps=-all"] if account != "root" else []
        self._shell = subprocess.Popen(
            machine.enter("env", "-i", f"PATH={PATH}", f"HOME={home}", f"USER={account}",
                          "LANG=C.UTF-8", *as_whom, "sh"),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._count = 0
        self.run(f"cd {home}")

    def run(self, command):
        self._count += 1
        step = f"{self._inside}/{self._count}"
        outside = self._directory / str(self._count)
        outside.write_text(command + "\n", encoding="utf-8")
        for stream in ("out", "err"):
            outside.with_suffix(f".{stream}").touch()
            outside.with_suffix(f".{stream}").chmod(0o666)
        # Not in a subshell: what it sets stays.
        print(f". {step} </dev/null >{step}.out 2>{step}.err; echo $?", file=self._shell.stdin,
              flush=True)
        code = self._shell.stdout.readline().strip()
        out, err = (outside.with_suffix(f".{stream}").read_text(encoding="utf-8", errors="replace")
                    for stream in ("out", "err"))
        if code != "0":
            raise Failed(f"exit code {code or 'unknown'}:\n{out}{err}")
        return out

    def end(self):
        self._shell.stdin.close()
        self._shell.wait()


def _passwd(machine, account):
    """The account's group and home directory: passwd(5)."""
    lines = machine.path("/etc/passwd").read_text(encoding="utf-8").splitlines()
    line = next(line for line in lines if line.startswith(f"{account}:")).split(":")
    return line[3], line[5]


def _end_with_parent():
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)


def wait_until(is_so, seconds=60):
    """Polls; Failed where it stays false."""
    deadline = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > deadline:
            raise Failed(f"still not so after {seconds} s: {is_so.__name__}")
        time.sleep(0.05)
