# SPDX-License-Identifier: GPL-3.0-or-later
"""What happens to a 479 MB download when the share, the server or the power goes."""
import concurrent.futures
import http.client
import json
import threading
import time

import pytest

from launch import rfc3339
from samples import STUDY_UID, pixel_hash, read, value

PIXEL_BYTES = 900 * 512 * 512 * 2
SLOWLY = 40_000_000  # bytes per second: the whole study would take 12 s
AT_ONCE_SECONDS = 1.0


@pytest.fixture(scope="module")
def loaded(hospitals, large):
    """A hospital with the 900 images in its archive."""
    hospital = hospitals.new().open()
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        list(pool.map(hospital.archive.store_files,
                      [large.files()[start::4] for start in range(4)]))
    return hospital


def study_path(clinic, share):
    root = share["DicomWebRoot"]
    return f"{root}/studies/{value(clinic.get(f'{root}/studies').json()[0], STUDY_UID)}"


def started(clinic, share):
    """A download of the whole study of which some megabytes have come."""
    download = clinic.download(study_path(clinic, share))
    assert download.status == 200
    while download.received < 20_000_000:
        assert download.read_some()
    return download


def last_outcome(hospital):
    return [entry for entry in hospital.entries() if entry["event"] == "transfer.end"][-1]


def wait_for_outcomes(hospital, count):
    """The outcome is queued behind the cut: it is durable soon."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        ends = [entry for entry in hospital.entries() if entry["event"] == "transfer.end"]
        if len(ends) >= count:
            return ends
        time.sleep(0.05)
    pytest.fail("the outcome never came on record")


def test_the_whole_study_arrives_with_every_pixel(loaded, large):
    clinic = loaded.clinic()
    share = loaded.share(clinic, large, Profile="ps3.15-basic")
    parts = clinic.get(study_path(clinic, share)).parts()
    datasets = [read(part) for part in parts]
    assert sorted(map(pixel_hash, datasets)) == large.pixel_hashes()
    for part, dataset in zip(parts, datasets):
        pixels = part.find(dataset.PixelData[:4096])
        outside = part[:pixels] + part[pixels + len(dataset.PixelData):]
        assert large.survivors(outside) == []
    end = wait_for_outcomes(loaded, 1)[-1]
    assert end["instances"] == 900 and end["bytes"] > PIXEL_BYTES


@pytest.mark.parametrize("end", ["sign-out", "by staff", "person disabled", "other password"])
def test_the_end_of_a_session_cuts_its_download_within_a_second(loaded, large, end):
    clinic = loaded.clinic()
    share = loaded.share(clinic, large)
    password = "mountain river 7 lake"
    sato = loaded.person(clinic.recipient, f"sato-{time.monotonic_ns()}", password)
    download = started(sato, share)
    elsewhere = loaded.browser()
    elsewhere.cookie = sato.cookie
    if end == "sign-out":
        assert elsewhere.send("DELETE", "/api/session").status == 204
    elif end == "by staff":
        assert loaded.staff.call("POST", f"{sato.person}/sessions/end", {}) == {"Ended": 1}
    elif end == "person disabled":
        loaded.staff.call("POST", f"{sato.person}/disable", {})
    else:
        new = {"Password": password, "NewPassword": "paper crane 4 thunder"}
        assert elsewhere.send("POST", "/api/password", new).status == 200
    assert download.read_slowly_until_cut(SLOWLY, 10) < AT_ONCE_SECONDS
    download.close()
    assert sato.get(study_path(clinic, share)).status == 404


def test_revoking_the_share_cuts_the_download_within_a_second(loaded, large):
    clinic = loaded.clinic()
    share = loaded.share(clinic, large)
    download = started(clinic, share)
    ends = len([entry for entry in loaded.entries() if entry["event"] == "transfer.end"])
    loaded.staff.revoke(share["ID"])
    seconds = download.read_slowly_until_cut(SLOWLY, limit_seconds=10)
    assert seconds < AT_ONCE_SECONDS, f"it took {seconds:.2f} s"
    assert download.received < PIXEL_BYTES
    assert wait_for_outcomes(loaded, ends + 1)[-1]["outcome"] != 0


def test_withdrawing_the_approval_of_a_series_cuts_the_download_within_a_second(loaded, large):
    clinic = loaded.clinic()
    share = loaded.share(clinic, large, Profile="ps3.15-basic")
    series = {"SeriesInstanceUID": read(large.files()[0].read_bytes()).SeriesInstanceUID}
    loaded.staff.call("POST", f"/shares/{share['ID']}/series/approve", series)
    download = started(clinic, share)
    loaded.staff.call("POST", f"/shares/{share['ID']}/series/withdraw", series)
    seconds = download.read_slowly_until_cut(SLOWLY, limit_seconds=10)
    assert seconds < AT_ONCE_SECONDS, f"it took {seconds:.2f} s"
    # What nobody withholds is there without approval.
    assert clinic.get(f"{share['DicomWebRoot']}/studies").status == 200


def test_extending_the_share_keeps_the_download_running(loaded, large, patience):
    clinic = loaded.clinic()
    share = loaded.share(clinic, large, ExpiresAt=rfc3339(6 * patience))
    download = started(clinic, share)
    loaded.staff.call("POST", f"/shares/{share['ID']}/extend", {"ExpiresAt": rfc3339(3600)})
    end = time.monotonic() + 7 * patience
    while time.monotonic() < end:
        assert download.read_some(), "it ended before it was over"
        time.sleep(0.05)
    download.close()
    assert clinic.get(f"{share['DicomWebRoot']}/studies").status == 200


def test_disabling_the_recipient_cuts_the_download(loaded, large):
    clinic = loaded.clinic()
    download = started(clinic, loaded.share(clinic, large))
    loaded.staff.call("POST", f"/recipients/{clinic.recipient}/disable", {})
    assert download.read_slowly_until_cut(SLOWLY, limit_seconds=10) < AT_ONCE_SECONDS


def test_revoking_the_token_cuts_the_download_within_a_second(loaded, large):
    clinic = loaded.clinic()
    download = started(clinic, loaded.share(clinic, large))
    ends = len([entry for entry in loaded.entries() if entry["event"] == "transfer.end"])
    tokens = f"/recipients/{clinic.recipient}/tokens"
    token, = loaded.staff.call("GET", tokens)["Tokens"]
    loaded.staff.call("POST", f"{tokens}/{token['ID']}/revoke", {})
    seconds = download.read_slowly_until_cut(SLOWLY, limit_seconds=10)
    assert seconds < AT_ONCE_SECONDS, f"it took {seconds:.2f} s"
    assert wait_for_outcomes(loaded, ends + 1)[-1]["detail"] == "revoked"


def test_removing_the_certificate_cuts_the_download_within_a_second(loaded, large, authority):
    clinic = loaded.clinic()
    share = loaded.share(clinic, large, Assurance="certificate")
    certificate = authority.issue("running-download", "clientAuth")
    certificates = f"/recipients/{clinic.recipient}/certificates"
    enrolled = loaded.staff.call("POST", certificates, {"Pem": certificate[0].read_text()})
    download = started(loaded.visitor(certificate=certificate), share)
    ends = len([entry for entry in loaded.entries() if entry["event"] == "transfer.end"])
    loaded.staff.call("DELETE", f"{certificates}/{enrolled['ID']}")
    seconds = download.read_slowly_until_cut(SLOWLY, limit_seconds=10)
    assert seconds < AT_ONCE_SECONDS, f"it took {seconds:.2f} s"
    assert wait_for_outcomes(loaded, ends + 1)[-1]["detail"] == "revoked"


def test_the_expiry_of_the_share_cuts_the_download(loaded, large, patience):
    clinic = loaded.clinic()
    lifetime = 6 * patience
    share = loaded.share(clinic, large, ExpiresAt=rfc3339(lifetime))
    download = started(clinic, share)
    seconds = download.read_slowly_until_cut(SLOWLY / patience, limit_seconds=lifetime + 5)
    assert seconds < lifetime + AT_ONCE_SECONDS


def test_other_downloads_go_on_when_one_share_is_revoked(loaded, large):
    clinic, other = loaded.clinic(), loaded.clinic("Dr. Hayashi")
    share, kept = loaded.share(clinic, large), loaded.share(other, large)
    cut, whole = started(clinic, share), started(other, kept)
    loaded.staff.revoke(share["ID"])
    cut.read_slowly_until_cut(SLOWLY, limit_seconds=10)
    while whole.read_some():
        pass
    assert whole.received > PIXEL_BYTES


def test_readers_who_stop_reading_cost_neither_memory_nor_anybody_elses_time(
        loaded, large, allowance_bytes):
    """Without back-pressure the server would hold up to 8 x 479 MB by the time one got it all."""
    clinic = loaded.clinic()
    path = study_path(clinic, loaded.share(clinic, large))
    before = loaded.memory_bytes()
    stalled = [clinic.download(path) for _ in range(8)]
    for download in stalled:
        download.read_some()
    _drain(clinic.download(path))
    assert loaded.memory_bytes() - before < 200_000_000 + allowance_bytes
    for download in stalled:
        download.close()


def test_stopping_orthanc_during_a_download_ends_both_in_order(loaded, large):
    clinic = loaded.clinic()
    download = started(clinic, loaded.share(clinic, large))
    reader = threading.Thread(target=_drain, args=(download,))
    reader.start()
    begin = time.monotonic()
    loaded.close()
    assert time.monotonic() - begin < 20
    reader.join()
    loaded.check()
    loaded.open()


def test_a_slow_reader_does_not_keep_orthanc_from_stopping(loaded, large):
    clinic = loaded.clinic()
    download = started(clinic, loaded.share(clinic, large))
    begin = time.monotonic()
    loaded.close()
    assert time.monotonic() - begin < 20
    with pytest.raises((OSError, http.client.HTTPException)):
        while download.read_some():
            pass
    loaded.check()
    loaded.open()


def test_after_a_power_cut_the_log_is_sound_and_shows_what_is_unfinished(loaded, large):
    clinic = loaded.clinic()
    share = loaded.share(clinic, large)
    downloads = [started(clinic, share) for _ in range(4)]
    loaded.power_cut()
    for download in downloads:
        download.close()
    verdict = json.loads(loaded.audit("verify", "--data", loaded.data, "--json", check=True).stdout)
    assert verdict["sound"] and verdict["unfinished"] == 4
    loaded.open()
    assert clinic.get(f"{share['DicomWebRoot']}/studies").status == 200


def _drain(download):
    try:
        while download.read_some():
            pass
    except (OSError, http.client.HTTPException):
        pass
