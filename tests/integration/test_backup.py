# SPDX-License-Identifier: GPL-3.0-or-later
"""A copy of the data directory, made beside the service, and what comes of putting it back."""
import shutil
import subprocess
import threading

from access_log import Log


class Load:
    """Clinics that search without a pause, each of whose answers waits for a commit."""

    def __init__(self, clinic, callers=4):
        self._clinic, self._over, self.answers = clinic, threading.Event(), 0
        self._callers = [threading.Thread(target=self._call) for _ in range(callers)]

    def _call(self):
        while not self._over.is_set():
            assert self._clinic.get(f"{self._clinic.root}/studies").status == 200
            self.answers += 1

    def __enter__(self):
        for caller in self._callers:
            caller.start()
        return self

    def __exit__(self, *_):
        self._over.set()
        for caller in self._callers:
            caller.join()


def put_back(hospital, copy, anchor, *more):
    """The copy takes the place of the data directory, which is set aside."""
    aside = hospital.data.with_name(f"aside-{copy.name}")
    shutil.move(hospital.data, aside)
    hospital.data.mkdir(0o700)
    done = hospital.audit("restore", "--copy", copy, "--data", hospital.data, "--anchor", anchor, *more)
    if done.returncode != 0:
        assert not any(hospital.data.iterdir())
        hospital.data.rmdir()
        shutil.move(aside, hospital.data)
    return done


def test_a_copy_made_under_load_verifies_and_is_behind_the_anchor_later(anchored, tmp_path):
    hospital, clinic = anchored, anchored.clinic_used
    with Load(clinic) as load:
        before = load.answers
        hospital.audit("backup", "--data", hospital.data, "--to", tmp_path / "copy", check=True)
        assert load.answers > before, "nobody waited for it"
    assert hospital.audit("verify", "--data", tmp_path / "copy", "--key",
                          hospital.data / "audit.pub").returncode == 0
    subprocess.run(["sha256sum", "--check", "--quiet", "manifest"], cwd=tmp_path / "copy", check=True)
    assert clinic.get(f"{clinic.root}/studies").status == 200
    hospital.close()

    copied = Log(tmp_path / "copy", hospital.build).size()
    missing = len(hospital.entries()) - copied
    assert missing > 0
    refused = put_back(hospital, tmp_path / "copy", tmp_path / "anchor")
    assert refused.returncode != 0 and f"lacks {missing} entries" in refused.stderr
    accepted = put_back(hospital, tmp_path / "copy", tmp_path / "anchor", "--accept-loss")
    assert accepted.returncode == 0 and f"lacks {missing} entries" in accepted.stdout
    hospital.orthanc.start()
    hospital.orthanc.wait_until(lambda: hospital.orthanc.answers() and
                                hospital.staff.status()["Problems"])
    assert "older than its anchor" in str(hospital.staff.status()["Problems"])
    assert not hospital.staff.door_is_open()
    hospital.close()


def test_a_copy_of_the_newest_state_goes_on_as_if_nothing_had_been(anchored, tmp_path):
    hospital, clinic = anchored, anchored.clinic_used
    hospital.close()
    hospital.audit("backup", "--data", hospital.data, "--to", tmp_path / "copy", check=True)
    assert put_back(hospital, tmp_path / "copy", tmp_path / "anchor").returncode == 0
    hospital.open()
    assert hospital.staff.status()["Problems"] == []
    assert clinic.get(f"{clinic.root}/studies").status == 200
    hospital.close()
    hospital.check()


def test_a_copy_under_a_log_that_grows_as_fast_as_it_can_ends(build, tmp_path):
    (tmp_path / "data").mkdir()
    log = Log(tmp_path / "data", build)
    log.grow_to(20_000)
    writer = subprocess.Popen([build / "tests/tools/grow_log", log.data, "100000000", "8"],
                              stdout=subprocess.DEVNULL)
    try:
        while log.size() == 20_000:
            assert writer.poll() is None
        done = log.command("backup", "--to", tmp_path / "copy")
        assert done.returncode == 0, done.stderr
        assert log.size() > Log(tmp_path / "copy", build).size() > 20_000
    finally:
        writer.kill()
        writer.wait()
