# SPDX-License-Identifier: GPL-3.0-or-later
"""The access log gets another signing key: it serves on, and old evidence stays evidence."""


def key_of(hospital):
    return (hospital.data / "audit.pub").read_text(encoding="ascii").strip()


def receipt_of(clinic, tmp_path, name):
    """What the clinic keeps of one look at its studies."""
    answer = clinic.get(f"{clinic.root}/studies")
    assert answer.status == 200
    receipt = clinic.get(answer.receipt.path)
    assert receipt.status == 200
    file = tmp_path / name
    file.write_bytes(receipt.body)
    return file


def report_of(hospital, patient, file):
    hospital.audit("report", "--data", hospital.data, "--patient", patient, "--lang", "en",
                   "--format", "html", "--to", file, check=True)
    return file


def test_a_rotated_log_serves_on(anchored, small, tmp_path, verify_log):
    hospital, clinic = anchored, anchored.clinic_used
    old_key = key_of(hospital)
    told_before = report_of(hospital, small.patient, tmp_path / "told-before")
    before = receipt_of(clinic, tmp_path, "before")
    refused = hospital.audit("rotate-key", "--data", hospital.data)
    assert refused.returncode == 1 and "another process" in refused.stderr
    hospital.close()

    printed = hospital.audit("rotate-key", "--data", hospital.data, check=True).stdout
    new_key = key_of(hospital)
    assert new_key != old_key and new_key in printed
    assert new_key.split("+")[0] == old_key.split("+")[0]
    hospital.open()
    assert hospital.staff.status()["Problems"] == []
    after = receipt_of(clinic, tmp_path, "after")
    checkpoint = tmp_path / "checkpoint"
    checkpoint.write_bytes(clinic.get("/audit/checkpoint").body)
    assert verify_log("checkpoint", new_key, checkpoint) is not None
    assert verify_log("checkpoint", old_key, checkpoint) is None
    for key in (old_key, new_key):
        assert hospital.audit("verify", "--data", hospital.data, "--key", key).returncode == 0

    rotations = tmp_path / "rotations"
    rotations.write_text(
        hospital.audit("rotations", "--data", hospital.data, check=True).stdout,
        encoding="utf-8")
    for receipt, own_key, other_key in ((before, old_key, new_key), (after, new_key, old_key)):
        check = ["receipt", "--check", receipt, "--key"]
        assert hospital.audit(*check, own_key).returncode == 0
        assert hospital.audit(*check, other_key).returncode == 1
        assert hospital.audit(*check, other_key, "--rotations", rotations).returncode == 0
    told_after = report_of(hospital, small.patient, tmp_path / "told-after")
    for report, own_key, other_key in ((told_before, old_key, new_key),
                                       (told_after, new_key, old_key)):
        check = ["report", "--check", report, "--key"]
        assert hospital.audit(*check, own_key).returncode == 0
        assert hospital.audit(*check, other_key).returncode == 1
        assert hospital.audit(*check, other_key, "--rotations", rotations).returncode == 0
        assert hospital.audit(*check, other_key, "--data", hospital.data).returncode == 0
    assert hospital.audit("report", "--check", told_before, "--data", hospital.data,
                          check=True).stdout.startswith("proven\n")
    (entry,) = [entry for entry in hospital.entries() if entry["event"] == "key.rotate"]
    assert entry["facts"]["old_key"] == old_key and entry["facts"]["new_key"] == new_key
    hospital.close()
    hospital.check()
