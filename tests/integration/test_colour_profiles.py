# SPDX-License-Identifier: GPL-3.0-or-later
"""ICC profiles in pictures (PS3.18 §8.3.5.1.5), read as ISO 15076-1 says."""
import struct
import zlib

import pydicom
import pytest

from pictures_by_dcmtk import from_png
from samples import PYDICOM_FILES
from test_rendered import GIF, JPEG, PNG, Shared


@pytest.fixture(scope="module")
def hospital(hospitals):
    return hospitals.new().open()


@pytest.fixture(params=["CT_small.dcm", "SC_rgb_small_odd.dcm"])
def shared(request, hospital):
    """A grey image and one in colours, none of which says what they are."""
    return Shared(hospital, PYDICOM_FILES / request.param)


def profile_of(data):
    """What profile is in a JPEG or PNG; None where there is none."""
    if data.startswith(b"\x89PNG"):
        at = 8
        while at < len(data):
            (size,), kind = struct.unpack(">I", data[at:at + 4]), data[at + 4:at + 8]
            content = data[at + 8:at + 8 + size]
            assert struct.unpack(">I", data[at + 8 + size:at + 12 + size])[0] == zlib.crc32(kind + content)
            if kind == b"iCCP":
                return zlib.decompress(content.split(b"\0", 1)[1][1:])
            at += 12 + size
        return None
    at, pieces = 2, b""
    while data[at + 1] != 0xDA:
        (size,) = struct.unpack(">H", data[at + 2:at + 4])
        if data[at + 1] == 0xE2 and data[at + 4:].startswith(b"ICC_PROFILE\0"):
            pieces += data[at + 18:at + 2 + size]
        at += 2 + size
    return pieces or None


def tags_of(profile):
    (size,), (count,) = struct.unpack(">I", profile[:4]), struct.unpack(">I", profile[128:132])
    assert size == len(profile) and profile[36:40] == b"acsp"
    rows = [struct.unpack(">4sII", profile[132 + 12 * i:144 + 12 * i]) for i in range(count)]
    assert all(offset % 4 == 0 and offset + length <= size for _, offset, length in rows)
    return {name.decode(): profile[offset:offset + length] for name, offset, length in rows}


def numbers(tag):
    return [number / 65536 for number in struct.unpack(f">{(len(tag) - 8) // 4}i", tag[8:])]


@pytest.mark.parametrize("kind", [JPEG, PNG])
def test_a_profile_says_srgb_where_that_is_asked_for(shared, kind):
    plain = shared.get("rendered", kind).body
    assert profile_of(plain) is None and profile_of(shared.get("rendered?iccprofile=no", kind).body) is None
    for wish in ("srgb", "yes"):
        answer = shared.get(f"rendered?iccprofile={wish}", kind)
        assert answer.status == 200 and answer.headers["content-type"] == kind
        profile = profile_of(answer.body)
        tags = tags_of(profile)
        white = numbers(tags["wtpt"])
        if shared.dataset.SamplesPerPixel == 3:
            assert profile[16:20] == b"RGB "
            primaries = [numbers(tags[f"{name}XYZ"]) for name in "rgb"]
            assert [sum(column) for column in zip(*primaries)] == pytest.approx(white, abs=2e-3)
            curves = {tags[f"{name}TRC"] for name in "rgb"}
        else:
            assert profile[16:20] == b"GRAY"
            curves = {tags["kTRC"]}
        (curve,) = curves
        gamma, a, b, c, d = struct.unpack(">5i", curve[12:32])
        middle = (a / 65536 * 0.5 + b / 65536) ** (gamma / 65536)
        assert middle == pytest.approx(0.2140, abs=1e-3) and d / 65536 == pytest.approx(0.04045, abs=1e-4)
        if kind == PNG:
            assert (from_png(answer.body) == from_png(plain)).all(), "no colour has changed"


@pytest.mark.parametrize("wish, kind, status", [
    ("adobergb", JPEG, 406), ("rommrgb", PNG, 406), ("displayp3", JPEG, 406), ("srgb", GIF, 406),
    ("cmyk", JPEG, 400), ("", JPEG, 400), ("srgb&iccprofile=srgb", JPEG, 400)])
def test_what_is_not_made_is_refused(shared, wish, kind, status):
    assert shared.get(f"rendered?iccprofile={wish}", kind).status == status
    assert shared.get(f"frames/1/rendered?iccprofile={wish}", kind).status == status


def test_an_image_keeps_its_own_profile(hospital, tmp_path):
    """Which nobody turns into another."""
    file = PYDICOM_FILES / "SC_rgb_small_odd.dcm"
    own = profile_of(Shared(hospital, file).get("rendered?iccprofile=srgb", PNG).body)
    data = pydicom.dcmread(file)
    data.ICCProfile = own + b"\0" * (len(own) % 2)
    data.save_as(tmp_path / "own.dcm")
    shared = Shared(hospital, tmp_path / "own.dcm")
    assert profile_of(shared.get("rendered?iccprofile=yes", JPEG).body) == own
    assert shared.get("rendered?iccprofile=srgb", JPEG).status == 406
    assert shared.get("rendered?iccprofile=no", JPEG).status == 200
