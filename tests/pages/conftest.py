# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages, tried out on a server with Debian's Orthanc and what this build installs."""
import pathlib
import subprocess

import pytest

from machine import Machine

PLUGIN = "libOrthancSekisho.so"
REPOSITORY = pathlib.Path(__file__).resolve().parents[2]


def pytest_addoption(parser):
    parser.addoption("--build", default="build", help="build directory under test")


@pytest.fixture(scope="session")
def build(pytestconfig):
    return (REPOSITORY / pytestconfig.getoption("--build")).resolve()


@pytest.fixture(scope="module")
def machine(build):
    """One server for each module, with the plugin where Debian's Orthanc looks for plugins."""
    with Machine() as made:
        subprocess.run(["cmake", "--install", build, "--prefix", made.path("/usr")],
                       check=True, capture_output=True)
        link = made.path("/usr/share/orthanc/plugins") / PLUGIN  # as the package's postinst does
        link.symlink_to(f"/usr/lib/orthanc/{PLUGIN}")
        yield made
