# SPDX-License-Identifier: GPL-3.0-or-later
"""Packages come and go while the PACS runs."""
import pytest

from installed import InstalledOrthanc, configure
from launch import Staff, StaffError


@pytest.fixture
def root(roots):
    return roots.new(roots.base)


@pytest.fixture
def orthanc(root, tmp_path):
    """Debian's Orthanc, without Sekisho so far."""
    orthanc = InstalledOrthanc(root, tmp_path)
    with orthanc.running():
        with orthanc.network():
            orthanc.wait_until(orthanc.answers)
        # Where Debian's script would find it, to stop it.
        root.path("/run/orthanc.pid").write_text(f"{orthanc.process.pid}\n", encoding="ascii")
        yield orthanc


def test_nothing_stops_or_restarts_it(roots, packages, root, orthanc):
    assert "loads Sekisho at its next restart" in roots.install(root, *packages)
    roots.apt(root, "install", "-y", "--reinstall", f"/tmp/{packages[0].name}")
    roots.apt(root, "remove", "-y", "orthanc-sekisho")
    roots.apt(root, "purge", "-y", "orthanc-sekisho", "sekisho-audit")
    assert orthanc.is_running()
    with orthanc.network():
        assert orthanc.answers()
    # That it could have been stopped.
    root.run("/etc/init.d/orthanc", "stop", check=True)
    assert orthanc.process.wait(60) == 0


def test_after_a_restart_without_configuration_it_runs_and_says_that_nothing_is_shared(
        roots, packages, root, tmp_path):
    roots.install(root, packages[0])
    orthanc = InstalledOrthanc(root, tmp_path)
    with orthanc.running(), orthanc.network():
        orthanc.wait_until(orthanc.answers)
        with pytest.raises(StaffError):
            Staff(orthanc.url, orthanc.credentials).status()
        assert orthanc.stop() == 0
    assert "Sekisho is switched off" in orthanc.log()


def test_a_purge_says_what_it_leaves_and_leaves_it(roots, installed, authority, tmp_path):
    root = roots.new(installed)
    configure(root, authority)
    orthanc = InstalledOrthanc(root, tmp_path)
    with orthanc.running(), orthanc.network():
        staff = Staff(orthanc.url, orthanc.credentials)
        orthanc.wait_until(lambda: orthanc.answers() and staff.door_is_open())
        said = roots.apt(root, "purge", "-y", "orthanc-sekisho")
        assert staff.door_is_open()
        assert orthanc.stop() == 0
    assert "/var/lib/sekisho\n" in said and "/var/lib/sekisho-anchor" not in said
    assert root.path("/var/lib/sekisho/audit.db").exists()
