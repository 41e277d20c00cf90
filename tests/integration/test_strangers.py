# SPDX-License-Identifier: GPL-3.0-or-later
"""Strangers check the log offline with code that is not ours: Go's sumdb, npm's @sigstore/verify."""
import shutil
import subprocess

import pytest

from access_log import Log

SIZES = [1, 2, 255, 256, 257, 65_535, 65_536, 65_537]


@pytest.fixture(scope="session")
def log(build, tmp_path_factory):
    return Log(tmp_path_factory.mktemp("log"), build)


@pytest.fixture(scope="session")
def history(log):
    """The log's checkpoints, receipts and continuations at every size of SIZES, and itself."""
    checkpoints = {}
    for size in SIZES:
        log.grow_to(size)
        made = checkpoints[size] = log.data / f"at-{size}"
        made.mkdir()
        (made / "checkpoint").write_text(log.run("prove", "--size", size).split("\n", 1)[1])
        for seq in {0, size // 2, size - 1}:
            (made / f"receipt-{seq}").write_text(log.run("receipt", "--entry", seq))
        for earlier in SIZES[:SIZES.index(size) + 1]:
            (made / f"from-{earlier}").write_text(log.run("prove", "--size", earlier))
    return checkpoints


def altered(text):
    """The text with one character changed, at many places; never only a newline, and never only
    the bits that base64 leaves unused at an end, which Go ignores."""
    for at in range(0, len(text), max(1, len(text) // 60)):
        if text[at] != "\n":
            other = text[at].swapcase() if text[at].isalpha() else "A"
            yield text[:at] + other + text[at + 1:]


@pytest.mark.parametrize("size", SIZES)
def test_go_accepts_what_the_log_says_of_itself(verify_log, log, history, size):
    made = history[size]
    assert verify_log("checkpoint", log.key, made / "checkpoint").split()[1] == str(size)
    for receipt in made.glob("receipt-*"):
        assert verify_log("receipt", log.key, receipt) is not None, receipt.name
    for proof in made.glob("from-*"):
        old = history[int(proof.name.removeprefix("from-"))] / "checkpoint"
        assert verify_log("continuation", log.key, old, proof) is not None, proof.name


@pytest.mark.parametrize("size", SIZES)
def test_sigstore_accepts_receipts_and_their_checkpoints_and_no_altered_ones(
        verify_receipts, log, history, size):
    receipts = [file.read_text() for file in history[size].glob("receipt-*")]
    checkpoint = (history[size] / "checkpoint").read_text()
    assert receipts and all(receipt.endswith(f"\n\n{checkpoint}") for receipt in receipts)
    assert verify_receipts(log.key, receipts) == [None] * len(receipts)
    verdicts = verify_receipts(log.key, [text for receipt in receipts for text in altered(receipt)])
    assert len(verdicts) >= 60 and None not in verdicts
    # The checkpoint of another size, whole and signed, fits none of them.
    other = (history[SIZES[SIZES.index(size) - 1]] / "checkpoint").read_text()
    assert None not in verify_receipts(
        log.key, [receipt.replace(checkpoint, other) for receipt in receipts])


@pytest.mark.parametrize("size", [2, 257, 65_536])
def test_go_and_we_refuse_a_receipt_with_any_character_changed(verify_log, log, history, size,
                                                                build, tmp_path):
    receipt = (history[size] / f"receipt-{size - 1}").read_text()
    forged = tmp_path / "receipt"
    for text in altered(receipt):
        forged.write_text(text)
        assert verify_log("receipt", log.key, forged) is None, text
        ours = subprocess.run([build / "sekisho-audit", "receipt", "--check", forged, "--key",
                               log.key], capture_output=True)
        assert ours.returncode == 1, text


def test_go_refuses_an_altered_continuation(verify_log, log, history, tmp_path):
    forged = tmp_path / "proof"
    for text in altered((history[65_537] / "from-255").read_text()):
        forged.write_text(text)
        assert verify_log("continuation", log.key, history[255] / "checkpoint", forged) is None
    other = history[257] / "from-255"
    assert verify_log("continuation", log.key, history[2] / "checkpoint", other) is None


def test_go_reads_every_leaf_and_entry_through_the_published_tiles(verify_log, log, history,
                                                                    tmp_path):
    published = tmp_path / "published"
    log.run("publish", "--to", published, "--entries")
    assert verify_log("tiles", log.key, published) is not None
    tile = published / "tile/0/007"
    content = tile.read_bytes()
    tile.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    assert verify_log("tiles", log.key, published) is None
    tile.write_bytes(content)
    bundle = published / "tile/entries/003"
    content = bundle.read_bytes()
    bundle.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    assert verify_log("tiles", log.key, published) is None


def test_published_again_only_what_is_new_is_written(log, history, tmp_path):
    published = tmp_path / "published"
    assert log.run("publish", "--to", published).startswith("259 files")
    assert log.run("publish", "--to", published).startswith("0 files")
    shutil.rmtree(published / "tile/1")
    assert log.run("publish", "--to", published).startswith("1 files")


def test_a_receipt_of_another_log_is_none(verify_log, verify_receipts, log, history, build,
                                           tmp_path):
    other = Log(tmp_path, build)  # of the same origin
    assert verify_receipts(other.key, [(history[257] / "receipt-0").read_text()]) != [None]
    assert verify_log("receipt", other.key, history[257] / "receipt-0") is None
    assert verify_log("receipt", log.key, history[257] / "receipt-0") is not None
