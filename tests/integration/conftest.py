# SPDX-License-Identifier: GPL-3.0-or-later
"""Integration tests: a real Orthanc process, real TLS, pydicom as the independent witness."""
import json
import os
import pathlib
import subprocess
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from hospital import Hospital  # noqa: E402
from launch import Authority  # noqa: E402
from samples import Study  # noqa: E402
from sanitizers import Sanitizers  # noqa: E402

SANITIZED_SLOWNESS = 5  # a sanitized server answers so many times later than an ordinary one
SANITIZED_GROWTH_BYTES = 400_000_000  # freed memory is kept in quarantine (256 MB), its use is noted
REPOSITORY = pathlib.Path(__file__).resolve().parents[2]


def pytest_addoption(parser):
    parser.addoption("--build", default="build", help="build directory under test")
    # What ./dev soak does in large is done in small at every run.
    parser.addoption("--kills", type=int, default=4, help="how often a loaded server is killed")
    parser.addoption("--many-faults", action="store_true",
                     help="fail hundreds of writes and syncs of the log's database, not a few")
    parser.addoption("--entries", type=int, default=30_000, help="of the log whose speed is measured")
    parser.addoption("--grown-log", help="directory of a log to measure, else one is grown")


@pytest.fixture(scope="session")
def build(pytestconfig):
    return (REPOSITORY / pytestconfig.getoption("--build")).resolve()


@pytest.fixture(scope="session")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="session")
def sanitizers(build, tmp_path_factory):
    return Sanitizers(build / "libOrthancSekisho.so", tmp_path_factory.mktemp("sanitizers"))


@pytest.fixture(scope="session")
def patience(sanitizers):
    """What every limit of time is multiplied by."""
    return SANITIZED_SLOWNESS if sanitizers else 1


@pytest.fixture(scope="session")
def allowance_bytes(sanitizers):
    """What is added to every limit of memory."""
    return SANITIZED_GROWTH_BYTES if sanitizers else 0


@pytest.fixture(scope="session")
def small():
    return Study(REPOSITORY / "build/testdata/small")


@pytest.fixture(scope="session")
def utf8():
    return Study(REPOSITORY / "build/testdata/utf8")


@pytest.fixture(scope="session")
def large():
    return Study(REPOSITORY / "build/testdata/large")


@pytest.fixture(scope="session")
def verify_log(tmp_path_factory):
    """The Go program: gives what it printed, or None where it refused."""
    program = tmp_path_factory.mktemp("go") / "verify_log"
    places = {"GO111MODULE": "off", "GOPATH": "/usr/share/gocode",
              "GOCACHE": str(program.parent / "cache"), "GOFLAGS": ""}
    source = REPOSITORY / "tests/verifiers/verify_log.go"
    subprocess.run(["go", "build", "-o", program, source], check=True, env=os.environ | places)

    def run(*arguments):
        done = subprocess.run([program, *map(str, arguments)], capture_output=True, text=True)
        assert done.returncode in (0, 1), done.stderr
        return done.stdout.strip() if done.returncode == 0 else None
    return run


@pytest.fixture(scope="session")
def verify_receipts():
    """npm's @sigstore/verify: gives for each receipt None, or why it was refused."""
    program = REPOSITORY / "tests/verifiers/sigstore/verify_receipts.js"
    assert (program.parent / "node_modules").exists(), (
        f"./dev test installs it; by hand: npm ci --prefix {program.parent}")

    def run(key, receipts):
        done = subprocess.run(["node", program, key], input=json.dumps(receipts), check=True,
                              stdout=subprocess.PIPE, text=True)
        return json.loads(done.stdout)
    return run


class Hospitals:
    """Makes hospitals and knows all that were made."""

    def __init__(self, build, authority, sanitizers, directories):
        self._build, self._authority, self._sanitizers = build, authority, sanitizers
        self._directories = directories
        self.made = []

    def new(self, **more):
        hospital = Hospital(self._directories.mktemp("hospital"), self._build, self._authority,
                            self._sanitizers, **more)
        self.made.append(hospital)
        return hospital


@pytest.fixture(scope="module")
def hospitals(build, authority, sanitizers, tmp_path_factory):
    """A maker of hospitals; those that still run when the module is over are closed."""
    made = Hospitals(build, authority, sanitizers, tmp_path_factory)
    yield made
    for hospital in made.made:
        if hospital.orthanc.is_running():
            hospital.close()
    assert sanitizers.new_reports() == ""


@pytest.fixture(scope="module")
def hospital(hospitals, small, utf8):
    """The module's hospital, with the two small studies in its archive."""
    hospital = hospitals.new().open()
    hospital.archive.store_files([*small.files(), *utf8.files()])
    return hospital


@pytest.fixture
def anchored(hospitals, tmp_path, small):
    """A hospital whose log has an anchor; it runs, and a clinic has used it."""
    from test_access_log import opened  # which the rewriting of assertions must see first
    (tmp_path / "anchor").mkdir()
    hospital = hospitals.new(sekisho={"AuditAnchorDirectory": str(tmp_path / "anchor")}).open()
    hospital.archive.store_files(small.files())
    hospital.clinic_used = opened(hospital, small)
    return hospital


@pytest.fixture(autouse=True)
def oracles(request, sanitizers):
    """After every test, no sanitizer has complained and every running hospital is sound."""
    yield
    assert sanitizers.new_reports() == ""
    if "hospitals" in request.fixturenames:
        for hospital in request.getfixturevalue("hospitals").made:
            if hospital.should_run:
                hospital.check()
