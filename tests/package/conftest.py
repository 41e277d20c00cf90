# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the release as it is shipped: the packages, installed by apt into a clean Debian."""
import pathlib
import platform
import shutil
import subprocess
import sys

import pytest

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(REPOSITORY / place) for place in ("deploy/debian", "demo", "tests/integration")]
from clean_root import Root, make_tarball  # noqa: E402
from installed import InstalledHospital, InstalledOrthanc, configure  # noqa: E402
from launch import Authority  # noqa: E402
from samples import Study  # noqa: E402

DEBS = "/var/cache/apt/archives"


class Roots:
    """Clean roots of this machine's Debian with its Orthanc. What apt fetched for one, all have."""

    def __init__(self, directory):
        self._directory, self._debs = directory, directory / "debs"
        self._made = 0
        tarball = directory / "base.tar"
        make_tarball(platform.freedesktop_os_release()["VERSION_CODENAME"], tarball, ["orthanc"])
        self.base = Root.unpack(tarball, directory / "base")
        tarball.unlink()
        # These roots need not outlive a power cut: dpkg does not wait for the disk.
        settings = self.base.path("/etc/dpkg/dpkg.cfg.d/unsafe-io")
        settings.write_text("force-unsafe-io\n", encoding="ascii")

    def new(self, source):
        self._made += 1
        return source.copy(self._directory / f"root-{self._made}")

    def install(self, root, *packages):
        """apt-get install, as an administrator would; gives what it said."""
        self.apt(root, "update", "-q")
        for package in packages:
            shutil.copy(package, root.path("/tmp"))
        return self.apt(root, "install", "-y", *(f"/tmp/{package.name}" for package in packages))

    def apt(self, root, *arguments):
        done = root.run("apt-get", *arguments, mounts={self._debs: DEBS}, text=True,
                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        assert done.returncode == 0, done.stdout
        return done.stdout


@pytest.fixture(scope="session")
def roots(tmp_path_factory):
    directory = tmp_path_factory.mktemp("roots")
    yield Roots(directory)
    shutil.rmtree(directory)


@pytest.fixture(scope="session")
def packages():
    """The packages that ./dev package made for this machine: orthanc-sekisho and sekisho-audit."""
    release = platform.freedesktop_os_release()["VERSION_ID"]
    found = sorted((REPOSITORY / "build").glob(f"*_*-deb{release}_*.deb"))
    assert [file.name.split("_")[0] for file in found] == ["orthanc-sekisho", "sekisho-audit"], (
        "./dev test package makes them first")
    return found


@pytest.fixture(scope="session")
def installed(roots, packages):
    """A root with both packages, in which nothing runs: to look at, and to copy."""
    root = roots.new(roots.base)
    roots.install(root, *packages)
    return root


@pytest.fixture(scope="session")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="session")
def small():
    return Study(REPOSITORY / "build/testdata/small")


@pytest.fixture(scope="module")
def hospital(roots, installed, authority, small, tmp_path_factory):
    """A hospital that did what docs/operating.md says, with one study in its archive."""
    root = roots.new(installed)
    configure(root, authority)
    orthanc = InstalledOrthanc(root, tmp_path_factory.mktemp("orthanc"))
    hospital = InstalledHospital(root, orthanc, authority)
    with orthanc.running(), orthanc.network():
        hospital.open()
        hospital.archive.store_files(small.files())
        yield hospital
        hospital.check()
        hospital.close()
