# SPDX-License-Identifier: GPL-3.0-or-later
"""What the README promises of `./dev demo`, followed with curl."""
import json
import pathlib
import signal
import subprocess
import time

import pytest

from samples import STUDY_UID, pixel_hash, read, value

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
KEYS = {"StaffUrl", "StaffUser", "StaffPassword", "GatewayUrl", "ShareLink", "DicomWebRoot", "Token",
        "CaFile"}


def start(build, state):
    return subprocess.Popen(
        ["/usr/bin/python3", REPOSITORY / "demo/demo.py", "--plugin", build / "libOrthancSekisho.so",
         "--audit", build / "sekisho-audit", "--samples", REPOSITORY / "build/testdata/small",
         "--state", state], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def facts_of(process, state):
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            return json.loads((state / "demo.json").read_text(encoding="utf-8"))
        except (FileNotFoundError, json.JSONDecodeError):
            time.sleep(0.1)
    process.kill()
    pytest.fail(f"the demo is not ready: {process.communicate()[0]}")


@pytest.fixture(scope="module")
def demo(build, sanitizers, tmp_path_factory):
    if sanitizers:
        pytest.skip("the demo is run with the ordinary build")
    state = tmp_path_factory.mktemp("demo")
    process = start(build, state)
    yield facts_of(process, state), state
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
    verdict = subprocess.run([build / "sekisho-audit", "verify", "--data", state / "sekisho"],
                             capture_output=True, text=True)
    assert verdict.returncode == 0, verdict.stdout + verdict.stderr


def curl(facts, url, *more):
    done = subprocess.run(["curl", "-sS", "--fail", "--cacert", facts["CaFile"], "-H",
                           f"Authorization: Bearer {facts['Token']}", *more, url],
                          capture_output=True, check=True)
    return done.stdout


def test_its_facts_are_complete(demo):
    facts, state = demo
    assert set(facts) == KEYS
    assert (state / "demo.json").stat().st_mode & 0o077 == 0


def test_the_token_lists_only_masked_rows(demo, small):
    facts, _ = demo
    rows = curl(facts, f"{facts['DicomWebRoot']}/studies")
    assert len(json.loads(rows)) == 1
    assert small.survivors(rows) == []


def test_a_retrieve_gives_files_that_pydicom_reads(demo, small):
    facts, _ = demo
    study = value(json.loads(curl(facts, f"{facts['DicomWebRoot']}/studies"))[0], STUDY_UID)
    body = curl(facts, f"{facts['DicomWebRoot']}/studies/{study}", "-H",
                'Accept: multipart/related; type="application/dicom"')
    delimiter = body[:body.index(b"\r\n")]
    parts = [part.split(b"\r\n\r\n", 1)[1] for part in (b"\r\n" + body).split(
        b"\r\n" + delimiter)[1:-1]]
    assert sorted(pixel_hash(read(part)) for part in parts) == small.pixel_hashes()
    assert small.survivors(body) == []


def test_the_secret_of_the_link_opens_the_share_as_well(demo):
    facts, _ = demo
    by_link = {**facts, "Token": facts["ShareLink"].partition("#")[2]}
    assert curl(by_link, f"{facts['DicomWebRoot']}/studies") == curl(
        facts, f"{facts['DicomWebRoot']}/studies")


def test_the_staff_sees_the_share(demo):
    facts, _ = demo
    done = subprocess.run(["curl", "-sS", "--fail", "-u",
                           f"{facts['StaffUser']}:{facts['StaffPassword']}",
                           f"{facts['StaffUrl']}/sekisho/api/shares"], capture_output=True, check=True)
    assert facts["DicomWebRoot"].split("/")[-2] in done.stdout.decode()


def test_a_second_demo_in_the_same_place_says_that_one_runs(demo, build):
    _, state = demo
    second = start(build, state)
    output, _ = second.communicate(timeout=30)
    assert second.returncode == 1 and "already runs" in output
