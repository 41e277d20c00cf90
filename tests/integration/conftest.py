# SPDX-License-Identifier: GPL-3.0-or-later
"""Integration tests: a real Orthanc process, real TLS, pydicom as the independent witness."""
import pathlib
import subprocess

import pytest

from hospital import Hospital
from launch import Authority
from samples import Study

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]


def pytest_addoption(parser):
    parser.addoption("--build", default="build", help="build directory under test")


@pytest.fixture(scope="session")
def build(pytestconfig):
    return (REPOSITORY / pytestconfig.getoption("--build")).resolve()


@pytest.fixture(scope="session")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="session")
def sanitizer_environment(build, tmp_path_factory):
    """What a sanitized plugin needs inside the stock Orthanc: nothing for an ordinary build.

    The runtime must be loaded first, and must have allocated before Orthanc's own libraries do.
    """
    needed = subprocess.run(["ldd", build / "libOrthancSekisho.so"], capture_output=True, text=True,
                            check=True).stdout
    runtimes = [line.split()[2] for line in needed.splitlines() if "san.so" in line]
    if not runtimes:
        return {}
    early = tmp_path_factory.mktemp("early") / "early.so"
    subprocess.run(["gcc", "-shared", "-fPIC", "-Wl,-z,initfirst", "-o", early,
                    REPOSITORY / "tests/support/early_malloc.c"], check=True)
    return {"LD_PRELOAD": ":".join([*runtimes, str(early)]),
            "ASAN_OPTIONS": "detect_leaks=0:abort_on_error=1",
            "UBSAN_OPTIONS": "print_stacktrace=1:halt_on_error=1",
            "TSAN_OPTIONS": "ignore_noninstrumented_modules=1:exitcode=66"}


@pytest.fixture(scope="session")
def small():
    return Study(REPOSITORY / "build/testdata/small")


@pytest.fixture(scope="session")
def utf8():
    return Study(REPOSITORY / "build/testdata/utf8")


@pytest.fixture(scope="session")
def large():
    return Study(REPOSITORY / "build/testdata/large")


class Hospitals:
    """Makes hospitals and knows all that were made."""

    def __init__(self, build, authority, environment, directories):
        self._build, self._authority, self._environment = build, authority, environment
        self._directories = directories
        self.made = []

    def new(self, **more):
        hospital = Hospital(self._directories.mktemp("hospital"), self._build, self._authority,
                            self._environment, **more)
        self.made.append(hospital)
        return hospital


@pytest.fixture(scope="module")
def hospitals(build, authority, sanitizer_environment, tmp_path_factory):
    """A maker of hospitals; those that still run when the module is over are closed."""
    made = Hospitals(build, authority, sanitizer_environment, tmp_path_factory)
    yield made
    for hospital in made.made:
        if hospital.orthanc.is_running():
            hospital.close()


@pytest.fixture(scope="module")
def hospital(hospitals, small, utf8):
    """The module's hospital, with the two small studies in its archive."""
    hospital = hospitals.new().open()
    hospital.archive.store_files([*small.files(), *utf8.files()])
    return hospital


@pytest.fixture(autouse=True)
def oracles(request):
    """After every test, every running hospital is sound."""
    yield
    if "hospitals" in request.fixturenames:
        for hospital in request.getfixturevalue("hospitals").made:
            if hospital.should_run:
                hospital.check()
