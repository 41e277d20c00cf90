# SPDX-License-Identifier: GPL-3.0-or-later
"""The log of a service that has a user of its own, as root and as an auditor handle it."""
import os
import pathlib
import shutil
import subprocess
import tempfile

import pytest

from access_log import ORIGIN

SERVICE, AUDITOR = 33, 65534  # www-data and nobody, as any two users that are not root
CASE = ("--case", "2026-0017", "--recipient", "a1b2c3d4e5f60718293a4b5c6d7e1001")

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root becomes somebody else")


class Place:
    """Directories of the service's user, and the commands where everybody can run them."""

    def __init__(self, root, build):
        self.root = root
        self.data, self.anchor = root / "data", root / "anchor"
        for directory in (self.data, self.anchor):
            directory.mkdir(0o700)
            os.chown(directory, SERVICE, SERVICE)
        for program in ("sekisho-audit", "tests/tools/grow_log"):
            shutil.copy(build / program, root)

    def command(self, user, program, *arguments, capabilities=()):
        return subprocess.run(
            ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups", *capabilities,
             self.root / program, *map(str, arguments)],
            capture_output=True, text=True, timeout=300, umask=0o077)

    def audit(self, user, *arguments):
        return self.command(user, "sekisho-audit", *arguments)

    def run(self, user, *arguments):
        done = self.audit(user, *arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def grow(self, size):
        done = self.command(SERVICE, "grow_log", self.data, size)
        assert done.returncode == 0, done.stderr

    def not_the_services(self):
        """What in its directories the service does not own."""
        return [str(file) for directory in (self.data, self.anchor)
                for file in [directory, *directory.rglob("*")] if file.lstat().st_uid != SERVICE]


@pytest.fixture
def place(build):
    with tempfile.TemporaryDirectory(prefix="sekisho-") as root:
        os.chmod(root, 0o755)
        place = Place(pathlib.Path(root), build)
        place.run(SERVICE, "init", "--data", place.data, "--origin", ORIGIN)
        place.grow(600)
        yield place


def test_the_service_goes_on_with_what_root_has_maintained(place):
    data, anchor = ("--data", place.data), ("--anchor", place.anchor)
    for act in (("anchor", *data, *anchor),
                ("hold", *data, *anchor, *CASE),
                ("hold", *data, *anchor, *CASE, "--end"),
                ("shred", *data, *anchor, *CASE),
                ("rotate-key", *data)):
        place.run(0, *act)
        assert place.not_the_services() == [], act
    place.run(SERVICE, "hold", *data, *anchor, *CASE)
    (place.data / "audit.key").unlink()
    place.run(0, "recover", *data, *anchor, "--origin", ORIGIN + "-2", "--reason", "a key was lost")
    assert place.not_the_services() == []
    place.grow(100)
    place.run(SERVICE, "verify", *data)
