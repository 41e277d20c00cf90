# SPDX-License-Identifier: GPL-3.0-or-later
"""Each attack on the access log, and who finds it: verify alone, or one note from outside.

The attackers have the machine: root, SQL without triggers, and where it says so the signing key.
What crashes and full disks do is in test_full_disk.py, tests/unit/audit/crash_test.cpp and
tests/soak; flipped bits are in tests/unit/audit/byte_flip_test.cpp, the anchor in anchor_test.cpp.
"""
import base64
import contextlib
import shutil
import signal
import sqlite3

import pytest
import requests

from access_log import ORIGIN, Log, Thief, change_aside, forger, leaf_hash, respelled
from witness import Witness

EARLIER, NOW = 40, 304  # entries; the second is more than a tile
VICTIM = 23             # an access that somebody would like to be another


class Outside:
    """What has left the machine: a checkpoint and a receipt of EARLIER, the same of NOW."""

    def __init__(self, build, place):
        self.log = Log(place / "log", build)
        self.log.grow_to(EARLIER)
        self.yesterday = self.log.copy(place / "yesterday")
        self.earlier, self.earlier_receipt = self._taken()
        self.log.grow_to(NOW)
        self.now, self.now_receipt = self._taken()

    def _taken(self):
        return self.log.checkpoint(), self.log.run("receipt", "--entry", VICTIM)


@pytest.fixture(scope="module")
def outside(build, tmp_path_factory):
    place = tmp_path_factory.mktemp("outside")
    (place / "log").mkdir()
    return Outside(build, place)


@pytest.fixture
def attacked(outside, tmp_path):
    """A copy of the log for an attacker."""
    return outside.log.copy(tmp_path / "attacked")


@pytest.fixture
def witness(build, tmp_path, outside):
    """A witness that has cosigned NOW."""
    witness = Witness(tmp_path, build, "witness.example/w1").start(outside.log.key)
    answer = offered(witness, 0, outside.now)
    assert answer.status_code == 200
    witness.line = answer.text
    yield witness
    witness.stop(signal.SIGKILL)


def offered(witness, old_size, checkpoint, hashes=""):
    """What the witness says to a checkpoint that continues what it cosigned."""
    return requests.post(f"http://127.0.0.1:{witness.port}/add-checkpoint", timeout=30,
                         data=f"old {old_size}\n{hashes}\n{checkpoint}".encode())


@pytest.fixture
def continues(verify_log, tmp_path):
    """Whether Go finds that a log continues an earlier checkpoint by the proof that it gives."""
    def check(log, earlier):
        size = earlier.split("\n")[1]
        made = log.command("prove", "--size", size)
        if made.returncode != 0:
            return False
        (tmp_path / "earlier").write_text(earlier)
        (tmp_path / "proof").write_text(made.stdout)
        return verify_log("continuation", log.key, tmp_path / "earlier",
                          tmp_path / "proof") is not None
    return check


@pytest.fixture
def go_accepts(verify_log, tmp_path, outside):
    def check(receipt, key=None):
        (tmp_path / "receipt").write_bytes(
            receipt if isinstance(receipt, bytes) else receipt.encode())
        return verify_log("receipt", key or outside.log.key, tmp_path / "receipt") is not None
    return check


def test_a_log_that_nobody_attacked_passes_everything(outside, attacked, continues, go_accepts):
    assert attacked.verdict() == 0
    assert continues(attacked, outside.earlier) and continues(attacked, outside.now)
    for receipt in (outside.earlier_receipt, outside.now_receipt):
        assert attacked.accepts(receipt) == 0 and go_accepts(receipt)


# --- a superuser without the key ------------------------------------------------------------------

SQL = {
    "deletes an entry": "DELETE FROM audit_entry WHERE seq = 23",
    "deletes an entry with its history": """
        DELETE FROM audit_entry WHERE seq = 23; DELETE FROM audit_object WHERE seq = 23""",
    "cuts the newest entries": """
        DELETE FROM audit_entry WHERE seq >= 290; DELETE FROM audit_object WHERE seq >= 290;
        UPDATE audit_head SET size = 290""",
    "empties the log": "DELETE FROM audit_entry; DELETE FROM audit_object; DELETE FROM audit_head",
    "swaps two entries": """
        UPDATE audit_entry SET seq = 999 WHERE seq = 23; UPDATE audit_entry SET seq = 23
        WHERE seq = 24; UPDATE audit_entry SET seq = 24 WHERE seq = 999""",
    "swaps what two entries say": """
        UPDATE audit_entry SET entry = CASE seq
          WHEN 23 THEN replace((SELECT entry FROM audit_entry WHERE seq = 24), '"seq":24', '"seq":23')
          ELSE replace((SELECT entry FROM audit_entry WHERE seq = 23), '"seq":23', '"seq":24') END
        WHERE seq IN (23, 24)""",
    "inserts an entry in between": """
        UPDATE audit_entry SET seq = -seq WHERE seq > 23;
        UPDATE audit_entry SET seq = 1 - seq WHERE seq < 0;
        INSERT INTO audit_entry SELECT 24, entry, aside FROM audit_entry WHERE seq = 23""",
    "appends an entry": """
        INSERT INTO audit_entry SELECT 304, replace(entry, '"seq":23,', '"seq":304,'), aside
        FROM audit_entry WHERE seq = 23""",
    "back-dates an entry": """
        UPDATE audit_entry SET entry = replace(entry, '"time":"20', '"time":"19') WHERE seq = 23""",
    "writes another address": """
        UPDATE audit_entry SET aside = replace(aside, '10.20.0.17', '10.20.0.18') WHERE seq = 23""",
    "bends an aside and the index alike": """
        UPDATE audit_entry SET aside = replace(aside, (SELECT lower(hex(hash)) FROM audit_object
          WHERE seq = 23 AND kind = 1), '00000000000000000000000000000000') WHERE seq = 23;
        UPDATE audit_object SET hash = zeroblob(16) WHERE seq = 23 AND kind = 1""",
    "takes an aside away": "UPDATE audit_entry SET aside = NULL WHERE seq = 23",
    "gives an entry the aside of another": """
        UPDATE audit_entry SET aside = (SELECT aside FROM audit_entry WHERE seq = 24)
        WHERE seq = 23""",
    "hides an access from a patient's history": "DELETE FROM audit_object WHERE seq = 23",
    "puts an access into another's history": """
        UPDATE audit_object SET hash = zeroblob(16) WHERE seq = 23 AND kind = 1""",
    "gives a key to another person": """
        UPDATE audit_key SET hash = zeroblob(16) WHERE seq = 24 AND kind = 1""",
    "makes a person's key nobody's": "UPDATE audit_key SET kind = 0 WHERE seq = 24 AND kind = 1",
    "deletes a key": "DELETE FROM audit_key WHERE seq = 24",
    "changes a tile": "UPDATE audit_tile SET hashes = zeroblob(8192) WHERE level = 0",
    "deletes a tile": "DELETE FROM audit_tile WHERE level = 0",
    "writes another size": "UPDATE audit_head SET size = 303",
    "writes another root": "UPDATE audit_head SET root = zeroblob(32)",
    "takes the signature away": "UPDATE audit_head SET checkpoint = ''",
    "adds a table": "CREATE TABLE audit_note (text TEXT)",
    "adds a trigger": """
        CREATE TRIGGER forget AFTER INSERT ON audit_entry BEGIN DELETE FROM audit_object; END""",
}


@pytest.mark.parametrize("attack", SQL)
def test_verify_finds_a_superuser_who(attacked, attack):
    with forger(attacked.data / "audit.db") as connection:
        connection.executescript(SQL[attack])
    assert attacked.verdict() == 1


@pytest.mark.parametrize("trigger", [
    "audit_entry_unchanged", "audit_entry_kept", "audit_object_unchanged", "audit_object_kept",
    "audit_head_kept", "audit_key_kept", "audit_tile_grows", "audit_tile_kept"])
def test_verify_finds_that_a_trigger_was_dropped(attacked, trigger):
    with contextlib.closing(sqlite3.connect(attacked.data / "audit.db")) as connection:
        connection.execute(f"DROP TRIGGER {trigger}")
    assert attacked.verdict() == 1


# --- with the key of another log ------------------------------------------------------------------

def test_the_pinned_key_finds_a_log_that_was_signed_by_a_new_one(outside, attacked, build, tmp_path,
                                                                 continues, go_accepts):
    (tmp_path / "another").mkdir()
    another = Log(tmp_path / "another", build)
    for file in ("audit.key", "audit.pub"):
        shutil.copy(another.data / file, attacked.data / file)
    with Thief(attacked).at_work() as connection:
        change_the_victim(connection)
    assert attacked.verdict(key=another.key) == 1, "the first entry names the key that the log had"
    with Thief(attacked).at_work() as connection:
        connection.execute("UPDATE audit_entry SET entry = replace(entry, ?, ?) WHERE seq = 0",
                           (outside.log.key, another.key))
    assert attacked.verdict(key=another.key) == 0, "whoever takes the key from the machine is fooled"
    assert attacked.verdict(key=outside.log.key) == 1
    forged = attacked.run("receipt", "--entry", VICTIM)
    assert attacked.accepts(forged) == 1 and not go_accepts(forged)
    assert not continues(attacked, outside.earlier)


# --- with the log's own key -----------------------------------------------------------------------

def change_the_victim(connection):
    change_aside(connection, VICTIM, source="10.20.0.99")


def back_date_the_victim(connection):
    (entry,) = connection.execute("SELECT entry FROM audit_entry WHERE seq = ?",
                                  (VICTIM,)).fetchone()
    connection.execute("UPDATE audit_entry SET entry = ? WHERE seq = ?",
                       (respelled(entry, time="2019-12-31T23:59:59.000000Z"), VICTIM))


def remove_the_victim(connection):
    for table in ("audit_entry", "audit_object"):
        connection.execute(f"DELETE FROM {table} WHERE seq = ?", (VICTIM,))
    Thief.move_from(connection, VICTIM + 1, -1)


def insert_a_second_victim(connection):
    Thief.move_from(connection, VICTIM + 1, 1)
    entry, aside = connection.execute("SELECT entry, aside FROM audit_entry WHERE seq = ?",
                                      (VICTIM,)).fetchone()
    connection.execute("INSERT INTO audit_entry VALUES (?, ?, ?)",
                       (VICTIM + 1, respelled(entry, seq=VICTIM + 1), aside))
    connection.execute("INSERT INTO audit_object SELECT span, hash, kind, seq + 1 FROM audit_object "
                       "WHERE seq = ?", (VICTIM,))


def swap_the_victim(connection):
    first, second = (connection.execute("SELECT entry, aside FROM audit_entry WHERE seq = ?",
                                        (seq,)).fetchone() for seq in (VICTIM, VICTIM + 1))
    for seq, (entry, aside) in ((VICTIM, second), (VICTIM + 1, first)):
        connection.execute("UPDATE audit_entry SET entry = ?, aside = ? WHERE seq = ?",
                           (respelled(entry, seq=seq), aside, seq))
    for table in ("audit_object", "audit_key"):
        connection.execute(f"UPDATE {table} SET seq = -1 WHERE seq = ?", (VICTIM,))
        connection.execute(f"UPDATE {table} SET seq = ? WHERE seq = ?", (VICTIM, VICTIM + 1))
        connection.execute(f"UPDATE {table} SET seq = ? WHERE seq = -1", (VICTIM + 1,))


REWRITINGS = [change_the_victim, back_date_the_victim, remove_the_victim, insert_a_second_victim,
              swap_the_victim]


@pytest.mark.parametrize("rewrite", REWRITINGS)
def test_a_thief_of_the_key_deceives_verify_and_no_checkpoint_receipt_or_witness(
        outside, attacked, witness, continues, go_accepts, rewrite):
    with Thief(attacked).at_work() as connection:
        rewrite(connection)
    done = attacked.command("verify", "--key", attacked.key)
    assert done.returncode == 0, f"the thief made a mistake: {done.stdout}"
    # Any earlier checkpoint, and the one inside any earlier receipt.
    assert not continues(attacked, outside.earlier)
    assert not continues(attacked, outside.now)
    assert not continues(attacked, outside.earlier_receipt.split("\n\n", 1)[1])
    # The receipts still prove what was there.
    for receipt in (outside.earlier_receipt, outside.now_receipt):
        assert attacked.accepts(receipt) == 0 and go_accepts(receipt)
    extra = outside.earlier_receipt.split("\n")[1].removeprefix("extra ")
    with contextlib.closing(sqlite3.connect(attacked.data / "audit.db")) as database:
        (entry,) = database.execute("SELECT entry FROM audit_entry WHERE seq = ?",
                                    (VICTIM,)).fetchone()
    assert (entry.encode() == base64.b64decode(extra)) == (rewrite is insert_a_second_victim)
    # The witness does not go along, even once the log has grown beyond what it cosigned.
    attacked.grow_to(NOW + 10)
    assert attacked.verdict() == 0
    hashes, checkpoint = attacked.run("prove", "--size", NOW).split("\n\n", 1)
    assert offered(witness, NOW, checkpoint, hashes + "\n").status_code == 422
    assert witness.size() == NOW


def test_a_cut_tail_that_the_stolen_key_signed_is_refuted_by_what_is_newer(
        outside, attacked, witness, continues):
    with Thief(attacked).at_work() as connection:
        connection.execute("DELETE FROM audit_entry WHERE seq >= 200")
        connection.execute("DELETE FROM audit_object WHERE seq >= 200")
        connection.execute("DELETE FROM audit_key WHERE seq >= 200")
    assert attacked.verdict() == 0
    assert continues(attacked, outside.earlier), "this one is older than the cut"
    assert not continues(attacked, outside.now)
    assert "fewer entries" in attacked.command("prove", "--size", NOW).stderr
    answer = offered(witness, 0, attacked.checkpoint())
    assert (answer.status_code, answer.text) == (409, f"{NOW}\n")


# --- no key at all, only yesterday's files --------------------------------------------------------

def test_yesterdays_backup_with_its_anchor_is_refuted_by_receipts_and_witnesses(
        outside, witness, continues, go_accepts):
    restored = outside.yesterday  # an anchor that was put back with it says nothing: anchor_test.cpp
    assert restored.verdict() == 0
    assert continues(restored, outside.earlier)
    assert not continues(restored, outside.now)
    assert not continues(restored, outside.now_receipt.split("\n\n", 1)[1])
    assert go_accepts(outside.now_receipt)
    answer = offered(witness, 0, restored.checkpoint())
    assert (answer.status_code, answer.text) == (409, f"{NOW}\n")


def test_of_two_machines_that_write_one_log_the_witness_refuses_the_second(
        outside, witness, continues, verify_log, tmp_path):
    machines = [outside.log.copy(tmp_path / name) for name in ("first", "second")]
    for machine in machines:
        machine.grow_to(NOW + 20)
        assert machine.verdict() == 0
    answers = []
    for machine in machines:
        hashes, checkpoint = machine.run("prove", "--size", NOW).split("\n\n", 1)
        answers.append(offered(witness, NOW, checkpoint, hashes + "\n").status_code)
    assert answers == [200, 409], "the second stands at NOW, the witness does not any more"
    assert offered(witness, NOW + 20, machines[1].checkpoint()).status_code == 409
    assert not continues(machines[1], machines[0].checkpoint())
    # Both notes together are the proof, for code that is not ours: one size, two roots, one key.
    said = []
    for machine in machines:
        (tmp_path / "note").write_text(machine.checkpoint())
        said.append(verify_log("checkpoint", outside.log.key, tmp_path / "note").split())
    (first, second) = said
    assert first[:2] == second[:2] == [ORIGIN, str(NOW + 20)] and first[2] != second[2]


# --- notes and receipts that are none -------------------------------------------------------------

def test_a_witness_alone_does_not_speak_for_the_log(outside, attacked, witness, go_accepts):
    text = outside.now.split("\n\n")[0] + "\n"
    by_the_witness = f"{text}\n{witness.line}"
    with forger(attacked.data / "audit.db") as connection:
        connection.execute("UPDATE audit_head SET checkpoint = ?", (by_the_witness,))
    assert attacked.verdict() == 1
    proof = outside.now_receipt.split("\n\n")[0]
    forged = f"{proof}\n\n{by_the_witness}"
    assert attacked.accepts(forged) == 1 and not go_accepts(forged)
    both = f"{proof}\n\n{outside.now}{witness.line}"
    assert attacked.accepts(both) == 0 and go_accepts(both), "beside the log's own it is welcome"


@pytest.mark.parametrize("origin", ["audit.test.example/other", ORIGIN + "/2", ORIGIN[:-1],
                                    ORIGIN.upper()])
def test_a_head_of_another_origin_is_refused_even_under_the_logs_own_signature(
        outside, attacked, witness, go_accepts, origin):
    _, size, root = outside.now.split("\n\n")[0].split("\n")
    note = Thief(attacked).note(origin, size, base64.b64decode(root))
    with forger(attacked.data / "audit.db") as connection:
        connection.execute("UPDATE audit_head SET checkpoint = ?", (note,))
    assert attacked.verdict() == 1
    forged = outside.now_receipt.split("\n\n")[0] + "\n\n" + note
    assert attacked.accepts(forged) == 1 and not go_accepts(forged)
    assert offered(witness, NOW, note).status_code in (403, 404)


def test_a_receipt_of_another_log_of_the_same_name_is_refused(outside, build, tmp_path, go_accepts):
    other = Log(tmp_path, build)
    other.grow_to(EARLIER)
    foreign = other.run("receipt", "--entry", VICTIM)
    assert other.accepts(foreign) == 0 and go_accepts(foreign, other.key)
    assert outside.log.accepts(foreign) == 1 and not go_accepts(foreign)


def malformed(receipt):
    """Receipts that are none, by what is wrong with them."""
    head, checkpoint = receipt.split("\n\n", 1)
    lines = head.split("\n")
    first, extra, index, *hashes = lines

    def built(*parts, tail=checkpoint):
        return "\n".join(parts) + "\n\n" + tail
    return {
        "empty": "", "one newline": "\n", "binary": bytes(range(256)) * 16,
        "nul in front": "\0" + receipt, "carriage returns": receipt.replace("\n", "\r\n"),
        "no first line": built(*lines[1:]), "another version": built(first[:-1] + "2", *lines[1:]),
        "no index": built(first, extra, *hashes), "two indexes": built(first, extra, index, index,
                                                                       *hashes),
        "index of another": built(first, extra, f"index {VICTIM + 1}", *hashes),
        "index beyond the tree": built(first, extra, f"index {NOW}", *hashes),
        "negative index": built(first, extra, "index -1", *hashes),
        "index with a zero": built(first, extra, f"index 0{VICTIM}", *hashes),
        "index too large": built(first, extra, "index 18446744073709551636", *hashes),
        "index of text": built(first, extra, "index twenty", *hashes),
        "entry missing": built(first, index, *hashes),
        "entry not base64": built(first, extra[:-1] + "!", index, *hashes),
        "another entry": built(first, "extra e30=", index, *hashes),
        "hash missing": built(first, extra, index, *hashes[:-1]),
        "no hashes": built(first, extra, index), "a hash twice": built(*lines, hashes[-1]),
        "hashes in another order": built(first, extra, index, *reversed(hashes)),
        "short hash": built(first, extra, index, hashes[0][4:], *hashes[1:]),
        "long hash": built(first, extra, index, "AAAA" + hashes[0], *hashes[1:]),
        "a million hashes": built(first, extra, index, *hashes * 200_000),
        "no checkpoint": head + "\n", "empty checkpoint": head + "\n\n",
        "half a checkpoint": receipt[:-40], "checkpoint twice": receipt + checkpoint,
        "something behind": receipt + "\n", "a leaf for an entry": built(
            first, "extra " + base64.b64encode(
                b"\1" + leaf_hash(base64.b64decode(extra[6:])) * 2).decode(), index, *hashes),
    }


def test_a_malformed_receipt_is_refused_by_everybody(outside, go_accepts):
    for what, receipt in malformed(outside.now_receipt).items():
        assert outside.log.accepts(receipt) == 1, what
        assert not go_accepts(receipt), what
