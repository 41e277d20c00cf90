# SPDX-License-Identifier: GPL-3.0-or-later
"""A hospital under test: Orthanc with the plugin, its staff, its clinics, and two oracles."""
import json
import os
import pathlib
import sqlite3
import subprocess
import sys
import time
from collections import Counter

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "demo"))
from launch import (Archive, OrthancProcess, Staff, free_port,  # noqa: E402
                    orthanc_configuration, rfc3339, sekisho_configuration)

from clinic import Clinic, Ledger  # noqa: E402
from signed_in import Browser  # noqa: E402

DAY = 24 * 3600

# What is below holds no patient data; nor does the page at "/".
OF_NO_PATIENT = ("/receipts/", "/audit/", "/api/", "/app/", "/s/", "/i/", "/r/", "/out")


class Hospital:
    """One Orthanc with Sekisho on free loopback ports, all state below one directory."""

    def __init__(self, state, build, authority, sanitizers, data=None, sekisho=None, orthanc=None):
        self.state, self.build, self.authority = pathlib.Path(state), pathlib.Path(build), authority
        self.data = pathlib.Path(data) if data else self.state / "sekisho"
        self.gateway_port = free_port()
        self.url = f"https://localhost:{self.gateway_port}"
        certificate, key = authority.issue("gateway", "serverAuth", ("localhost", "127.0.0.1"))
        self.sekisho = sekisho_configuration(self.state, self.gateway_port, certificate, key)
        self.sekisho["DataDirectory"] = str(self.data)
        self.sekisho["AuditReserveMegabytes"] = 1
        self.sekisho.update(sekisho or {})
        self.sanitizers = sanitizers
        self.orthanc = OrthancProcess(
            self.state,
            orthanc_configuration(self.state, free_port(), "staff", "a staff password",
                                  [self.build / "libOrthancSekisho.so"], Sekisho=self.sekisho,
                                  **sanitizers.configuration(), **(orthanc or {})),
            sanitizers.environment())
        self.staff = Staff(self.orthanc.url, self.orthanc.credentials)
        self.archive = Archive(self.orthanc.url, self.orthanc.credentials)
        self.ledger = Ledger()
        self.should_run = False

    # --- life ---------------------------------------------------------------------------------

    def open(self):
        """Starts Orthanc and returns when the recipient door is open."""
        self.orthanc.start()
        self.orthanc.wait_until(lambda: self.orthanc.answers() and self.staff.door_is_open())
        self.should_run = True
        return self

    def close(self):
        """Stops Orthanc with SIGTERM; a clean end has exit code 0."""
        self.should_run = False
        code = self.orthanc.stop()
        assert code == 0, f"Orthanc ended with {code}:\n{self.orthanc.log()[-4000:]}"

    def power_cut(self):
        self.should_run = False
        self.orthanc.kill()

    # --- people -------------------------------------------------------------------------------

    def clinic(self, name="Dr. Kobayashi", source="127.0.0.1", certificate=None, **recipient):
        """A registered recipient with a token; the client knows its own recipient id."""
        who = self.staff.new_recipient(name, **recipient)["ID"]
        token = self.staff.new_token(who, rfc3339(30 * DAY))["Token"]
        clinic = self.visitor(token=token, source=source, certificate=certificate)
        clinic.recipient = who
        return clinic

    def visitor(self, token=None, source="127.0.0.1", certificate=None):
        """Somebody at the recipient door with these credentials, or none."""
        return Clinic(self.url, self.authority.certificate, self.ledger, token, certificate, source)

    def browser(self, source="127.0.0.1", certificate=None):
        """Somebody in front of a page of the recipient door, not signed in."""
        return Browser(self.url, self.authority.certificate, self.ledger, None, certificate, source)

    def person(self, recipient, login, password=None, source="127.0.0.1", **more):
        """A person of a recipient, who has taken up an invitation where there is a password."""
        person = self.staff.call("POST", f"/recipients/{recipient}/people",
                                 {"Login": login, "Name": f"Dr. {login}", **more})["ID"]
        browser = self.browser(source)
        browser.login, browser.password = login, password
        browser.person = f"/recipients/{recipient}/people/{person}"
        if password:
            invitation = self.staff.call("POST", f"{browser.person}/invite", {})["Invitation"]
            answer = browser.send("POST", "/api/session",
                                  {"Invitation": invitation, "Password": password})
            assert answer.status == 201, answer
        return browser

    def share(self, clinic, study, **more):
        """A share of a whole study, by password-level assurance unless said otherwise."""
        scope = {"Level": "Study", "Uids": [study.uid]}
        return self.staff.new_share(clinic.recipient, scope, **{"Assurance": "password", **more})

    # --- oracles ------------------------------------------------------------------------------

    def audit(self, *arguments, check=False):
        """Runs sekisho-audit."""
        done = subprocess.run([self.build / "sekisho-audit", *map(str, arguments)],
                              capture_output=True, text=True, timeout=120,
                              env={**os.environ, **self.sanitizers.options()})
        assert not check or done.returncode == 0, f"sekisho-audit: {done.stdout}{done.stderr}"
        return done

    def entries(self):
        """Every entry of the log, oldest first: what its leaf and its aside say."""
        with sqlite3.connect(f"file:{self.data / 'audit.db'}?mode=ro", uri=True) as database:
            rows = database.execute("SELECT entry, aside FROM audit_entry ORDER BY seq").fetchall()
        database.close()
        return [{**json.loads(leaf), **json.loads(aside or "{}")} for leaf, aside in rows]

    def outcome_of(self, intent):
        """The entry that says how an intent ended. It is written with the next one, or soon."""
        deadline = time.monotonic() + 5
        while time.monotonic() < deadline:
            found = [entry for entry in self.entries() if entry.get("intent") == intent]
            if found:
                (outcome,) = found
                return outcome
            time.sleep(0.02)
        raise AssertionError(f"entry {intent} has no outcome")

    def check(self):
        """What holds after every test: alive, a sound log, one intent for each answer with data."""
        assert self.orthanc.is_running() == self.should_run, (
            f"Orthanc died with {self.orthanc.process.returncode}:\n{self.orthanc.log()[-4000:]}")
        if self.should_run:
            assert self.orthanc.answers()
        verdict = self.audit("verify", "--data", self.data)
        assert verdict.returncode == 0, f"verify: {verdict.stdout}{verdict.stderr}"
        self._check_receipts()

    def _check_receipts(self):
        """Every answer with patient data is under one intent; those of a viewing are counted."""
        given = [answer.receipt for answer in self.ledger.answers if answer.receipt]
        log = (self.data / "audit.pub").read_text(encoding="utf-8").split("+")[0]
        assert {receipt.log for receipt in given} <= {log}, "a receipt of another log"
        receipts = Counter(receipt.number for receipt in given)
        for answer in self.ledger.answers:
            # 304 and 416 tell of something that it is there, though they carry nothing of it.
            carries_data = (answer.status in (200, 206, 304, 416) and
                            answer.target != "/" and not answer.target.startswith(OF_NO_PATIENT))
            assert carries_data == bool(answer.receipt), f"{answer.status} for {answer.target}"
        entries = self.entries()
        intents = {entry["seq"]: entry for entry in entries
                   if entry["event"] in ("transfer.begin", "query") and entry.get("part", 1) == 1}
        assert receipts.keys() <= intents.keys(), "a receipt that is of no intent"
        viewings = {seq for seq, entry in intents.items() if entry.get("detail") == "viewing"}
        assert all(seq in viewings for seq, answers in receipts.items() if answers > 1), (
            "one receipt was given twice")
        if self.ledger.unseen_intents == 0:
            counted = {entry["intent"]: int(entry["facts"]["answers"]) for entry in entries
                       if entry.get("intent") in viewings}
            assert counted == {seq: receipts[seq] for seq in counted}, "answers that were miscounted"
        missing = len(intents) - len(receipts) - self.ledger.unseen_intents
        assert 0 <= missing <= self.ledger.doubtful_intents, (
            f"{len(intents)} intents, {len(receipts)} answers with a receipt, "
            f"{self.ledger.unseen_intents} that nobody could keep")

    def cpu_seconds(self):
        """What Orthanc has worked since it started."""
        stat = pathlib.Path(f"/proc/{self.orthanc.process.pid}/stat").read_text(encoding="ascii")
        user, system = stat.rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

    def wait_until_it_works(self, since, seconds=0.5, limit_seconds=60):
        """Returns when Orthanc has worked so long since `cpu_seconds()` gave `since`."""
        deadline = time.monotonic() + limit_seconds
        while self.cpu_seconds() < since + seconds:
            assert time.monotonic() < deadline, "nothing is under way"
            time.sleep(0.01)

    def memory_bytes(self):
        """Resident memory of Orthanc."""
        status = pathlib.Path(f"/proc/{self.orthanc.process.pid}/status").read_text(encoding="ascii")
        line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
        return int(line.split()[1]) * 1024
