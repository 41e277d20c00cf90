# SPDX-License-Identifier: GPL-3.0-or-later
"""Two real witnesses beside a real hospital: what they see, what they refuse, what staff learn."""
import shutil
import signal
import time

import pytest
import requests

from witness import Witness


def wait_until(condition, patience, what):
    deadline = time.monotonic() + 40 * patience
    while time.monotonic() < deadline:
        if condition():
            return
        time.sleep(0.1)
    raise AssertionError(f"in vain: {what()}")


@pytest.fixture
def two(build, authority, tmp_path, sanitizers):
    """Two witnesses that do not run yet, the second behind TLS."""
    certificate = authority.issue("witness", "serverAuth", ("localhost", "127.0.0.1"))
    one = Witness(tmp_path, build, "witness.example/w1", sanitizers.options())
    other = Witness(tmp_path, build, "witness.example/w2", sanitizers.options(), certificate)
    yield one, other
    for witness in (one, other):
        if witness.process:
            witness.stop(signal.SIGKILL)


@pytest.fixture
def watched(hospitals, two, authority):
    """Makes a hospital that wants both witnesses; its log exists, it does not run yet."""
    def make(**policy):
        one, other = two
        hospital = hospitals.new(sekisho={"Witnesses": {
            "Quorum": 2, "IntervalSeconds": 5,
            "Members": [one.member(), other.member(authority.certificate)], **policy}})
        hospital.data.mkdir(mode=0o700)
        hospital.audit("init", "--data", hospital.data, "--origin", "localhost/sekisho", check=True)
        hospital.log_key = (hospital.data / "audit.pub").read_text(encoding="ascii").strip()
        return hospital
    return make


def witnesses(hospital):
    return hospital.staff.status()["Witnesses"]


def wait_for_witnesses(hospital, patience):
    """Until the whole of the log is witnessed."""
    wait_until(lambda: witnesses(hospital).get("Size") == hospital.staff.status()["Log"]["Size"],
               patience, lambda: hospital.staff.status())


def problems_of(hospital):
    return " ".join(hospital.staff.status()["Problems"])


def test_both_witnesses_cosign_what_grows(watched, two, patience, verify_log, tmp_path):
    hospital = watched()
    for witness in two:
        witness.start(hospital.log_key)
    hospital.open()
    wait_for_witnesses(hospital, patience)
    status = hospital.staff.status()
    assert status["Problems"] == [] and not status["Witnesses"]["Overdue"]
    assert [member["Name"] for member in status["Witnesses"]["Members"]] == [w.name for w in two]
    before = witnesses(hospital)["Size"]
    hospital.clinic()
    wait_for_witnesses(hospital, patience)
    assert witnesses(hospital)["Size"] > before
    kept = hospital.data / "audit.witnessed"
    note = kept.read_text(encoding="utf-8")
    signers = [line.split()[1] for line in note.split("\n\n")[1].splitlines()]
    assert signers == ["localhost/sekisho", two[0].name, two[1].name]
    assert all(witness.size() == witnesses(hospital)["Size"] for witness in two)
    hospital.close()
    # What they signed holds for code that is not ours, and only what they signed.
    forged = tmp_path / "forged"
    forged.write_text(note.replace(f"\n{note.splitlines()[1]}\n", "\n999\n", 1), encoding="utf-8")
    for witness, other in (two, reversed(two)):
        assert verify_log("witnessed", hospital.log_key, kept, witness.key) is not None
        assert verify_log("witnessed", hospital.log_key, forged, witness.key) is None
        alone = tmp_path / "alone"
        lines = [line for line in note.splitlines(True) if f" {other.name} " not in line]
        alone.write_text("".join(lines), encoding="utf-8")
        assert verify_log("witnessed", hospital.log_key, alone, witness.key) is not None
        assert verify_log("witnessed", hospital.log_key, alone, other.key) is None


def test_a_receipt_comes_with_what_the_witnesses_signed(
        watched, two, small, patience, verify_log, build, tmp_path):
    hospital = watched()
    for witness in two:
        witness.start(hospital.log_key)
    hospital.open()
    hospital.archive.store_files(small.files())
    clinic = hospital.clinic()
    root = hospital.share(clinic, small)["DicomWebRoot"]
    kept = clinic.get(f"{root}/studies").receipt
    wait_for_witnesses(hospital, patience)
    receipt = clinic.get(kept.path)
    assert receipt.status == 200
    checkpoint = tmp_path / "checkpoint"
    checkpoint.write_bytes(receipt.body.split(b"\n\n", 1)[1])
    assert int(checkpoint.read_text(encoding="utf-8").splitlines()[1]) > kept.number
    for witness in two:
        assert verify_log("witnessed", hospital.log_key, checkpoint, witness.key) is not None
    file = tmp_path / "receipt"
    file.write_bytes(receipt.body)
    assert verify_log("receipt", hospital.log_key, file) is not None
    hospital.audit("receipt", "--check", file, "--key", hospital.data / "audit.pub", check=True)
    hospital.close()
    for witness in two:
        witness.stop()
    hospital.open()
    assert two[0].name.encode() in clinic.get(kept.path).body, "kept over a restart"
    newest = clinic.get(f"{root}/studies").receipt
    plain = clinic.get(newest.path).body
    assert two[0].name.encode() not in plain, "nobody has witnessed that entry"
    hospital.close()


def test_one_witness_away_is_an_alarm_and_shuts_the_door_where_that_is_wanted(
        watched, two, small, patience):
    hospital = watched(FailClosed=True)
    one, other = two
    one.start(hospital.log_key)
    hospital.open()
    hospital.archive.store_files(small.files())
    clinic = hospital.clinic()
    root = hospital.share(clinic, small)["DicomWebRoot"]
    wait_until(lambda: "does not answer" in problems_of(hospital), patience,
               lambda: hospital.staff.status())
    assert other.name in problems_of(hospital) and "unwitnessed" in problems_of(hospital)
    assert clinic.get(f"{root}/studies").status == 503
    assert hospital.visitor().get("/dicom-web/studies").status == 503
    assert "unwitnessed for too long" in hospital.orthanc.log()
    other.start(hospital.log_key)
    wait_until(lambda: not witnesses(hospital)["Overdue"], patience,
               lambda: hospital.staff.status())
    assert clinic.get(f"{root}/studies").status == 200
    hospital.close()


def test_a_forked_log_is_refused_and_named(watched, two, patience):
    hospital = watched()
    for witness in two:
        witness.start(hospital.log_key)
    hospital.open()
    wait_for_witnesses(hospital, patience)
    hospital.close()
    yesterday = hospital.state / "yesterday"
    shutil.copytree(hospital.data, yesterday)
    hospital.open()
    hospital.clinic()
    wait_for_witnesses(hospital, patience)
    witnessed = two[0].size()
    hospital.close()

    shutil.rmtree(hospital.data)
    shutil.copytree(yesterday, hospital.data)
    hospital.open()
    wait_until(lambda: "an older copy" in problems_of(hospital), patience,
               lambda: hospital.staff.status())
    while hospital.staff.status()["Log"]["Size"] <= witnessed + 3:
        hospital.clinic("Somebody else")
    wait_until(lambda: problems_of(hospital).count("another history") == 2, patience,
               lambda: hospital.staff.status())
    assert "another history of the access log" in hospital.orthanc.log()
    assert [witness.size() for witness in two] == [witnessed, witnessed]
    hospital.audit("verify", "--data", hospital.data, check=True)  # by itself it looks sound
    hospital.close()


def test_a_witness_that_was_killed_remembers(watched, two, patience):
    hospital = watched()
    for witness in two:
        witness.start(hospital.log_key)
    hospital.open()
    wait_for_witnesses(hospital, patience)
    one = two[0]
    one.stop(signal.SIGKILL)
    size = one.size()
    assert size > 0
    one.start(hospital.log_key)
    note = (hospital.data / "audit.witnessed").read_text(encoding="utf-8")
    answer = requests.post(f"http://127.0.0.1:{one.port}/add-checkpoint",
                           data=f"old 0\n\n{note}".encode(), timeout=10)
    assert (answer.status_code, answer.text) == (409, f"{size}\n")
    assert answer.headers["Content-Type"] == "text/x.tlog.size"
    hospital.clinic()
    wait_for_witnesses(hospital, patience)
    assert one.size() > size
    hospital.close()


def test_a_witness_takes_keys_of_logs_alone(two):
    one, other = two
    with pytest.raises(AssertionError, match="no verifier key of a log"):
        one.start(other.key)
    one.process = None
