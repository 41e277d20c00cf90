# SPDX-License-Identifier: GPL-3.0-or-later
"""A clinic that reads on and on and keeps account of every byte, whatever becomes of the server."""
import contextlib
import http.client
import json
import random
import sqlite3
import threading
from dataclasses import dataclass

from clinic import Ledger, path_of
from samples import INSTANCE_UID, SERIES_UID, STUDY_UID, value


@dataclass
class Note:
    """What one answer was; `received` counts the bytes of its body that came, cut or not."""

    path: str
    status: int
    receipt: str
    request: str
    received: int = 0
    whole: bool = False


class Reader(threading.Thread):
    """Searches and retrieves at random until the server is gone or `stop` is set."""

    def __init__(self, clinic, root, seed):
        super().__init__()
        self.notes, self.stop = [], threading.Event()
        self._clinic, self._random = clinic, random.Random(seed)
        clinic.ledger = Ledger()  # of its own: what is cut is not in the hospital's
        self.root = root
        row = clinic.get(f"{root}/instances").json()[0]
        study = f"{root}/studies/{value(row, STUDY_UID)}"
        instance = f"{study}/series/{value(row, SERIES_UID)}/instances/{value(row, INSTANCE_UID)}"
        self._paths = [f"{root}/studies", f"{root}/instances", study, instance, f"{study}/metadata",
                       f"{root}/studies/2.25.1"]

    def run(self):
        while not self.stop.is_set():
            try:
                self.read(self._random.choice(self._paths))
            except (OSError, http.client.HTTPException):
                return

    def read(self, path):
        """One answer to its end. Raises where it is cut; what came is noted before that."""
        connection = self._clinic.connect()
        try:
            connection.request("GET", path_of(path), headers=self._clinic.headers())
            response = connection.getresponse()
            note = Note(path, response.status, response.getheader("Sekisho-Receipt", ""),
                        response.getheader("Sekisho-Request", ""))
            self.notes.append(note)
            while data := response.read1(16 << 10):
                note.received += len(data)
            note.whole = True
            return note
        finally:
            connection.close()


def unrecorded(hospital, notes):
    """The answers with data, however little of it came, that are not on record as they were given."""
    with contextlib.closing(sqlite3.connect(f"file:{hospital.data / 'audit.db'}?mode=ro",
                                            uri=True)) as database:
        return [note for note in notes if note.status == 200 and not _is_recorded(database, note)]


def _is_recorded(database, note):
    row = database.execute("SELECT entry FROM audit_entry WHERE seq = ?",
                           (int(note.receipt.rpartition("#")[2] or -1),)).fetchone()
    entry = json.loads(row[0]) if row else {}
    # What is taken from one series one by one has the intent of the first that asked.
    shared = entry.get("detail") == "viewing" and "/instances/" in note.path
    return (entry.get("event") in ("transfer.begin", "query") and
            (shared or entry.get("request") == note.request))
