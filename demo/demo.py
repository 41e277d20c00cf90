#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A hospital with one share, on this machine, until Ctrl-C: what `./dev demo` runs after the build.

Writes DIR/demo.json with StaffUrl, StaffUser, StaffPassword, GatewayUrl, ShareLink, DicomWebRoot,
Token and CaFile.
"""
import argparse
import fcntl
import json
import pathlib
import secrets
import signal
import sys
import tempfile

from launch import (Archive, Authority, LaunchError, OrthancProcess, Staff, free_port,
                    orthanc_configuration, rfc3339, sekisho_configuration)

PYDICOM_SAMPLES = pathlib.Path("/usr/lib/python3/dist-packages/pydicom/data/test_files")
SAMPLES = ("CT_small.dcm", "MR_small.dcm", "JPEG2000.dcm", "rtplan.dcm", "waveform_ecg.dcm")
STAFF_USER = "staff"
DAY = 24 * 3600


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--plugin", type=pathlib.Path, required=True)
    parser.add_argument("--audit", type=pathlib.Path, required=True, help="the sekisho-audit command")
    parser.add_argument("--samples", type=pathlib.Path, required=True, help="a study of make_ct.py")
    parser.add_argument("--state", type=pathlib.Path, help="where everything is kept")
    parser.add_argument("--staff-port", type=int, default=0)
    parser.add_argument("--gateway-port", type=int, default=0)
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, _interrupt)
    if options.state:
        return run(options, options.state.resolve())
    with tempfile.TemporaryDirectory(prefix="sekisho-demo-") as state:
        print(f"No --state: everything is in {state} and goes with it.")
        return run(options, pathlib.Path(state))


def _interrupt(_signal, _frame):
    raise KeyboardInterrupt


def run(options, state):
    state.mkdir(parents=True, exist_ok=True)
    with open(state / "lock", "w", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"A demo already runs in {state}: see {state / 'demo.json'}", file=sys.stderr)
            return 1
        (state / "demo.json").unlink(missing_ok=True)
        try:
            return serve(options, state)
        except LaunchError as error:
            print(error, file=sys.stderr)
            return 1
        except KeyboardInterrupt:
            return 0


def serve(options, state):
    authority = Authority(state / "certificates")
    orthanc, gateway_url = configure(options, state, authority)
    orthanc.start()
    try:
        staff = Staff(orthanc.url, orthanc.credentials)
        orthanc.wait_until(lambda: orthanc.answers() and staff.door_is_open())
        facts = share_samples(options, orthanc, staff, gateway_url, authority)
        (state / "demo.json").touch(mode=0o600)
        (state / "demo.json").write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")
        print(how_to_open(facts, options, state), flush=True)
        return orthanc.process.wait()
    except KeyboardInterrupt:
        print("\nStopping.", flush=True)
        return 0
    finally:
        orthanc.stop()


def configure(options, state, authority):
    """An Orthanc that is ready to start, and the gateway's public URL."""
    certificate, key = authority.issue("gateway", "serverAuth", ("localhost", "127.0.0.1"))
    staff_port = options.staff_port or free_port()
    gateway_port = options.gateway_port or free_port()
    password = secrets.token_urlsafe(18)
    sekisho = sekisho_configuration(state, gateway_port, certificate, key)
    orthanc = OrthancProcess(state, orthanc_configuration(
        state, staff_port, STAFF_USER, password, [options.plugin.resolve()], Sekisho=sekisho))
    return orthanc, f"https://localhost:{gateway_port}"


def share_samples(options, orthanc, staff, gateway_url, authority):
    """Loads the sample studies, shares the CT with a clinic; returns what demo.json says."""
    archive = Archive(orthanc.url, orthanc.credentials)
    archive.store_files(PYDICOM_SAMPLES / name for name in SAMPLES)
    archive.store_files(sorted(options.samples.glob("*.dcm")))
    manifest = json.loads((options.samples / "manifest.json").read_text(encoding="utf-8"))
    clinic = staff.new_recipient("Dr. Kobayashi", Organisation="Lakeside Clinic",
                                 Email="clinic@example.org", Language="ja")
    token = staff.new_token(clinic["ID"], rfc3339(30 * DAY))
    share = staff.new_share(clinic["ID"], {"Level": "Study", "Uids": [manifest["Study"]]},
                            Profile="ps3.15-basic", Assurance="link", ExpiresAt=rfc3339(30 * DAY),
                            Permissions=["view", "download"], Purpose="TREATMENT")
    return {
        "StaffUrl": orthanc.url,
        "StaffUser": STAFF_USER,
        "StaffPassword": orthanc.credentials[1],
        "GatewayUrl": gateway_url,
        "ShareLink": share["Link"],
        "DicomWebRoot": share["DicomWebRoot"],
        "Token": token["Token"],
        "CaFile": str(authority.certificate),
    }


def how_to_open(facts, options, state):
    curl = f"curl --cacert {facts['CaFile']} -H 'Authorization: Bearer {facts['Token']}'"
    return f"""
Sekisho runs: one CT study is shared, masked, with Lakeside Clinic for 30 days.

  staff's pages   {facts['StaffUrl']}/sekisho/   user {facts['StaffUser']}, password {facts['StaffPassword']}
  staff door      {facts['StaffUrl']}/sekisho/api/status, likewise
  recipient door  {facts['GatewayUrl']}
  the share       {facts['ShareLink']}

As the clinic:
  {curl} {facts['DicomWebRoot']}/studies
  {curl} '{facts['DicomWebRoot']}/instances?limit=3'

As the staff:
  curl -u '{facts['StaffUser']}:{facts['StaffPassword']}' {facts['StaffUrl']}/sekisho/api/shares
  {options.audit} verify --data {state / 'sekisho'}

The same facts are in {state / 'demo.json'}. Ctrl-C ends it."""


if __name__ == "__main__":
    sys.exit(main())
