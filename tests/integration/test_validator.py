# SPDX-License-Identifier: GPL-3.0-or-later
"""dciodvfy (David Clunie's dicom3tools) finds no error after masking that was not there before."""
import json
import re
import subprocess

import pydicom
import pytest

from samples import PYDICOM_FILES

REFUSED = 3  # mask_file: a share would not show this file
PROFILES = [
    "ps3.15-basic", "minimum-disclosure",
    {"Name": "ps3.15-basic", "Options": ["RetainModifiedDates", "CleanDescriptors",
                                         "RetainPatientCharacteristics", "RetainSafePrivate"]},
    {"Name": "ps3.15-basic", "Options": ["RetainUids", "RetainFullDates", "RetainDeviceIdentity",
                                         "RetainInstitutionIdentity", "CleanStructuredContent",
                                         "CleanGraphics"]}]


# minimum-disclosure is for images: of other objects it keeps too little for what they are.
NO_IMAGES = {"", "ECG", "RTDOSE", "SEG", "SR"}

# What the masker removes on purpose, at the price of an error.
KNOWN = {
    # A sequence that is written as UN of defined length goes: nothing tells what is in it.
    ("rtdose_rle.dcm", "Missing attribute Type 1C Conditional Element=<ReferencedRTPlanSequence>"),
    ("rtdose_rle_1frame.dcm",
     "Missing attribute Type 1C Conditional Element=<ReferencedRTPlanSequence>"),
    # Content items that refer to another by its position go, for positions change.
    ("test-SR.dcm", "Empty attribute (no value) Type 1C Conditional Element=<ContentSequence>"),
    ("test-SR.dcm", "Coordinates Content Item has missing or incorrect required child"),
}


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
def before(build, tmp_path_factory):
    """The errors of each file that is masked at all, as they are without masking."""
    errors, plain = {}, tmp_path_factory.mktemp("plain") / "plain.dcm"
    for file in sorted(PYDICOM_FILES.parent.rglob("*.dcm")):
        if not mask(build, "ps3.15-basic", file, plain):
            continue
        errors[file] = errors_of(file)
        if "Dicom dataset read failed" in errors[file]:  # deflated: dciodvfy cannot inflate
            assert mask(build, "none", file, plain)
            errors[file] |= errors_of(plain)
    return errors


def is_meant_for(profile, file):
    if profile != "minimum-disclosure":
        return True
    return pydicom.dcmread(file, force=True, stop_before_pixels=True).get(
        "Modality", "") not in NO_IMAGES


def is_known(file, error):
    return any(file.name == name and error.startswith(begin) for name, begin in KNOWN)


@pytest.mark.parametrize("profile", PROFILES, ids=["basic", "minimum", "dates", "reports"])
def test_masking_brings_no_error_that_was_not_there(build, before, tmp_path, profile):
    verified, new, out = 0, [], tmp_path / "masked.dcm"
    for file, errors in before.items():
        if not is_meant_for(profile, file):
            continue
        verified += 1
        assert mask(build, profile, file, out)
        new += [f"{file.name}: {error}" for error in sorted(errors_of(out) - errors)
                if not is_known(file, error)]
    print(f"{verified} files verified")
    assert "\n".join(new) == ""
    assert verified > 40
