# SPDX-License-Identifier: GPL-3.0-or-later
"""dciodvfy (David Clunie's dicom3tools) finds no error after masking that was not there before."""
import json
import re
import subprocess

import pytest

from local_report import write_local_report
from samples import PYDICOM_FILES

REFUSED = 3  # mask_file: a share would not show this file
PROFILES = [
    "ps3.15-basic", "minimum-disclosure",
    {"Name": "ps3.15-basic", "Options": ["RetainModifiedDates", "CleanDescriptors",
                                         "RetainPatientCharacteristics", "RetainSafePrivate"]},
    {"Name": "ps3.15-basic", "Options": ["RetainUids", "RetainFullDates", "RetainDeviceIdentity",
                                         "RetainInstitutionIdentity", "CleanStructuredContent",
                                         "CleanGraphics"]}]


def mask(build, profile, file, out):
    """False where a share would not show the file."""
    done = subprocess.run([build / "tests/tools/mask_file", json.dumps(profile), file, out],
                          capture_output=True, text=True, timeout=60)
    assert done.returncode in (0, REFUSED), done.stderr
    return done.returncode == 0


def errors_of(file):
    """The errors that dciodvfy reports, without the values in them."""
    done = subprocess.run(["dciodvfy", file], capture_output=True, timeout=120)
    lines = (done.stdout + done.stderr).decode("utf-8", "replace").splitlines()
    return {without_values(line.removeprefix("Error - "))
            for line in lines if line.startswith("Error")}


def without_values(line):
    """Values and UIDs differ after masking; the complaint does not."""
    if "Element=<" in line:
        return line
    return re.sub(r"[0-9]+(\.[0-9]+)+", "#", re.sub(r"<[^>]*>", "<>", line))


@pytest.fixture(scope="module")
def before(build, small, utf8, tmp_path_factory):
    """The errors of each file that a share could show, as they are without masking."""
    folder = tmp_path_factory.mktemp("plain")
    errors, plain = {}, folder / "plain.dcm"
    made = write_local_report(folder / "local_report.dcm"), small.files()[0], utf8.files()[0]
    for file in (*sorted(PYDICOM_FILES.parent.rglob("*.dcm")), *made):
        if not mask(build, "none", file, plain):
            continue
        errors[file] = errors_of(file)
        if "Dicom dataset read failed" in errors[file]:  # deflated: dciodvfy cannot inflate
            errors[file] |= errors_of(plain)
    return errors


@pytest.mark.parametrize("profile", PROFILES, ids=["basic", "minimum", "dates", "reports"])
def test_masking_brings_no_error_that_was_not_there(build, before, tmp_path, profile):
    verified, new, out = 0, [], tmp_path / "masked.dcm"
    for file, errors in before.items():
        if mask(build, profile, file, out):
            verified += 1
            new += [f"{file.name}: {error}" for error in sorted(errors_of(out) - errors)]
    print(f"{verified} files verified")
    assert "\n".join(new) == ""
    assert verified > 10
