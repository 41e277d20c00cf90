# SPDX-License-Identifier: GPL-3.0-or-later
"""Identifiers are planted among the bytes of pixels where no pixel is: none comes out, and the pictures do."""
import json
import pathlib
import subprocess
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "data"))
from make_pixel_canaries import CANARY, PLACES, WITHHELD, image  # noqa: E402

REFUSED = 3  # mask_file: a share would not show this file
STUDY = "1.2.826.0.1.3680043.9.7"
PROFILES = ["ps3.15-basic", {"Name": "ps3.15-basic", "Options": ["CleanPixelData", "CleanDescriptors"]},
            "patient-fields", "minimum-disclosure"]


def has_canary(answer):
    return CANARY[:12] in answer


@pytest.mark.parametrize("profile", PROFILES, ids=str)
def test_none_survives_in_the_file_of_any_place(build, tmp_path, profile):
    """What is let through, place by place, and what is withheld; the files have their canaries, or image() would have failed."""
    for number, (name, place) in enumerate([*PLACES.items(), *WITHHELD.items()]):
        file, out = tmp_path / f"{number}.dcm", tmp_path / f"{number}.masked.dcm"
        file.write_bytes(image(STUDY, STUDY + ".1", f"{STUDY}.1.{number + 1}", place))
        done = subprocess.run([build / "tests/tools/mask_file", json.dumps(profile), file, out], check=False)
        assert done.returncode == (0 if name in PLACES else REFUSED), name
        assert name in WITHHELD or not has_canary(out.read_bytes()), name
