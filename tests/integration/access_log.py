# SPDX-License-Identifier: GPL-3.0-or-later
"""A log without a hospital around it, and what whoever has the machine can do to it."""
import base64
import contextlib
import hashlib
import json
import pathlib
import shutil
import sqlite3
import subprocess
import tempfile

ORIGIN = "audit.test.example/strangers"
TILE_WIDTH = 256


class Log:
    """The files of a log in a directory, and the command that reads them."""

    def __init__(self, data, build, origin=ORIGIN):
        self.data, self._build = pathlib.Path(data), build
        if not (self.data / "audit.db").exists():
            self.run("init", "--origin", origin)
        self.key = (self.data / "audit.pub").read_text().strip()

    def copy(self, to):
        shutil.copytree(self.data, to)
        return Log(to, self._build)

    def command(self, command, *arguments):
        """What sekisho-audit did, with the directory."""
        return self.sekisho_audit(command, "--data", self.data, *arguments)

    def sekisho_audit(self, *arguments):
        return subprocess.run([self._build / "sekisho-audit", *map(str, arguments)],
                              capture_output=True, text=True, timeout=300)

    def run(self, command, *arguments):
        done = self.command(command, *arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def grow_to(self, size, *callers):
        """Entries written, seconds, most bytes of memory. Callers wait for each of theirs."""
        done = subprocess.run([self._build / "tests/tools/grow_log", self.data,
                               *map(str, (size, *callers))],
                              check=True, stdout=subprocess.PIPE, text=True)
        entries, seconds, memory = done.stdout.split()
        return int(entries), float(seconds), int(memory)

    def checkpoint(self):
        """The newest head, as the log signed it."""
        with contextlib.closing(sqlite3.connect(self.data / "audit.db")) as database:
            return database.execute("SELECT checkpoint FROM audit_head").fetchone()[0]

    def size(self):
        return int(self.checkpoint().split("\n")[1])

    def verdict(self, key=None):
        """The exit code of verify under the key that somebody kept elsewhere."""
        return self.command("verify", "--key", key or self.key).returncode

    def accepts(self, receipt, key=None):
        """Whether `receipt --check` is content with these bytes: 0, 1 or 2."""
        with tempfile.NamedTemporaryFile() as file:
            file.write(receipt if isinstance(receipt, bytes) else receipt.encode())
            file.flush()
            return self.sekisho_audit("receipt", "--check", file.name, "--key",
                                      key or self.key).returncode


@contextlib.contextmanager
def forger(database):
    """A connection with every trigger dropped and put back: what root can do to the file."""
    with contextlib.closing(sqlite3.connect(database)) as connection:
        triggers = connection.execute(
            "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        yield connection
        for _, sql in triggers:
            connection.execute(sql)
        connection.commit()


class Thief:
    """Has audit.key and knows RFC 6962: writes another past and signs it."""

    def __init__(self, log, key_file="audit.key"):
        self.log = log
        line = (log.data / key_file).read_text().strip()
        _, _, self.name, key_hash, encoded = line.split("+", 4)
        self._key_hash = bytes.fromhex(key_hash)
        self._seed = base64.b64decode(encoded)[1:]

    def note(self, origin, size, root):
        """A checkpoint of whatever the thief likes, under the log's own key."""
        text = f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n"
        signed = base64.b64encode(self._key_hash + self._sign(text.encode())).decode()
        return f"{text}\n— {self.name} {signed}\n"

    def _sign(self, message):
        # RFC 8410: an Ed25519 seed as PKCS #8, for openssl.
        key = bytes.fromhex("302e020100300506032b657004220420") + self._seed
        with tempfile.TemporaryDirectory() as place:
            place = pathlib.Path(place)
            (place / "key").write_bytes(key)
            (place / "text").write_bytes(message)
            return subprocess.run(
                ["openssl", "pkeyutl", "-sign", "-inkey", place / "key", "-keyform", "DER",
                 "-rawin", "-in", place / "text"], check=True, capture_output=True).stdout

    @contextlib.contextmanager
    def at_work(self):
        """A connection; tree, tiles and head are made anew and signed when it closes."""
        with forger(self.log.data / "audit.db") as connection:
            yield connection
            self._rebuild(connection)

    @staticmethod
    def move_from(connection, seq, step):
        """Every entry from `seq` on gets another place, with what the tables say of it."""
        rows = connection.execute("SELECT seq, entry, aside FROM audit_entry WHERE seq >= ?",
                                  (seq,)).fetchall()
        connection.execute("DELETE FROM audit_entry WHERE seq >= ?", (seq,))
        for place, entry, aside in rows:
            intent = json.loads(entry).get("intent", -1)
            moved = {"intent": intent + step} if intent >= seq else {}
            connection.execute("INSERT INTO audit_entry VALUES (?, ?, ?)",
                               (place + step, respelled(entry, seq=place + step, **moved), aside))
        for table in ("audit_object", "audit_key"):
            # By way of places that no entry has: no two rows ever meet.
            connection.execute(f"UPDATE {table} SET seq = -seq WHERE seq >= ?", (seq,))
            connection.execute(f"UPDATE {table} SET seq = -seq + ? WHERE seq < 0", (step,))

    def _rebuild(self, connection):
        leaves = [leaf_hash(text.encode()) for (text,) in
                  connection.execute("SELECT entry FROM audit_entry ORDER BY seq")]
        size, root = len(leaves), tree_hash(leaves)
        connection.execute("UPDATE audit_head SET size = ?, root = ?, edge = ?, checkpoint = ?",
                           (size, root, b"".join(edge(leaves)), self.note(self.name, size, root)))
        connection.execute("DELETE FROM audit_tile")
        connection.executemany("INSERT INTO audit_tile VALUES (?, ?, ?)", tiles(leaves))


def leaf_hash(entry):
    return hashlib.sha256(b"\0" + entry).digest()


def node_hash(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


def split_of(size):
    """The largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1


def tree_hash(leaves):
    """RFC 6962 §2.1."""
    if len(leaves) == 1:
        return leaves[0]
    middle = split_of(len(leaves))
    return node_hash(tree_hash(leaves[:middle]), tree_hash(leaves[middle:]))


def edge(leaves):
    """The roots of the perfect subtrees, largest first."""
    begin = 0
    for bit in reversed(range(len(leaves).bit_length())):
        if len(leaves) >> bit & 1:
            yield tree_hash(leaves[begin:begin + (1 << bit)])
            begin += 1 << bit


def tiles(hashes, level=0):
    """The rows of audit_tile: level 0 has full tiles alone."""
    full = len(hashes) // TILE_WIDTH
    for place in range(full + (level > 0 and len(hashes) % TILE_WIDTH > 0)):
        yield level, place, b"".join(hashes[place * TILE_WIDTH:(place + 1) * TILE_WIDTH])
    above = [tree_hash(hashes[place * TILE_WIDTH:(place + 1) * TILE_WIDTH])
             for place in range(full)]
    if above:
        yield from tiles(above, level + 1)


def change_aside(connection, seq, **changes):
    """Other values in what an entry commits to, and the entry that commits to these."""
    entry, aside = connection.execute("SELECT entry, aside FROM audit_entry WHERE seq = ?",
                                      (seq,)).fetchone()
    aside = respelled(aside, **changes)
    connection.execute("UPDATE audit_entry SET entry = ?, aside = ? WHERE seq = ?",
                       (respelled(entry, aside=commitment(aside)), aside, seq))


def commitment(aside):
    return hashlib.sha256(aside.encode()).hexdigest()


def respelled(entry, **changes):
    """An entry with other values, in the log's own spelling."""
    return json.dumps({**json.loads(entry), **changes}, sort_keys=True, ensure_ascii=False,
                      separators=(",", ":"))
