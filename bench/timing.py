#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the time that a refused sign-in takes tells why it was refused.

Each round tries every kind of refusal once, in an order drawn anew, each from an address of its own, so
that every one goes on record by itself. Times are from the last byte that is sent to the first that comes
back, over the plain listener: nothing of TLS blurs them. Between rounds the counted failures are put
back, by SQL, to what they were: nothing is blocked but what should be.
Each kind stands beside `wrong password`: p of a two-sided Mann-Whitney U test, and how often an attempt
of that kind took longer than a wrong password did (0.5: as often as not). Nothing is asserted.
Writes OUT: [{Name, Samples, Quartiles, P, Slower, Unit, Under}].
"""
import argparse
import contextlib
import json
import math
import pathlib
import random
import secrets
import socket
import sqlite3
import statistics
import sys
import tempfile
import time

REPOSITORY = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(REPOSITORY / "tests/integration"))
import network  # noqa: E402
from clinic import Ledger  # noqa: E402
from doors import new_ours, start_and_wait  # noqa: E402
from figures import build_type  # noqa: E402
from signed_in import Browser  # noqa: E402

REFERENCE = "wrong password"
PASSWORD, OTHER = "mountain river 7 lake", "paper crane 4 thunder"
FAR_AWAY = ("10.99.0.0/16",)
FREE_OF_ACCOUNT = 5
BLOCKED_FOR_LONG = 10  # failures: a quarter of an hour


class House:
    """A door with somebody of each kind behind it."""

    def __init__(self, state, build, servers):
        self.orthanc, self.staff, tls_port, self.plain_port, authority, _ = new_ours(state, build)
        start_and_wait(self.orthanc, self.staff)
        servers.callback(self.orthanc.stop)
        self._url, self._authority = f"https://localhost:{tls_port}", authority.certificate
        self._database, self._hosts = state / "sekisho/access.db", 0
        self._clinic = self.staff.new_recipient("Clinic")["ID"]
        self._far = self.staff.new_recipient("Far away", FAR_AWAY)["ID"]
        self._locked_row = None

    def person(self, login, has_password=True, recipient=None):
        path = f"/recipients/{recipient or self._clinic}/people"
        made = self.staff.call("POST", path, {"Login": login, "Name": f"Dr. {login}"})
        browser = Browser(self._url, self._authority, Ledger())
        browser.path, browser.password = f"{path}/{made['ID']}", PASSWORD
        if has_password:
            invitation = self.staff.call("POST", f"{browser.path}/invite", {})["Invitation"]
            begun = browser.send("POST", "/api/session",
                                 {"Invitation": invitation, "Password": PASSWORD})
            if begun.status != 201:
                raise SystemExit(f"{login} cannot sign in: {begun}")
        return browser

    def attempts(self):
        """{kind: a function that makes the form}."""
        self.person("plain")
        self.person("locked")
        self.person("invited", has_password=False)
        self.person("far", has_password=False, recipient=self._far)
        disabled = self.person("disabled")
        self.staff.call("POST", f"{disabled.path}/disable", {})
        self.person("careful").add_authenticator()
        careful = {"Login": "careful", "Password": PASSWORD}
        return {
            REFERENCE: lambda: {"Login": "plain", "Password": OTHER},
            "unknown account": lambda: {"Login": f"x{secrets.token_hex(4)}", "Password": OTHER},
            "locked account": lambda: {"Login": "locked", "Password": OTHER},
            "locked account, right password": lambda: {"Login": "locked", "Password": PASSWORD},
            "disabled person, right password": lambda: {"Login": "disabled", "Password": PASSWORD},
            "invitation not taken up": lambda: {"Login": "invited", "Password": OTHER},
            "person of another network": lambda: {"Login": "far", "Password": OTHER},
            "right password, no code": lambda: careful,
            "right password, wrong code": lambda: {**careful, "Code": "0000000"},
            "right password, wrong recovery code": lambda: {
                **careful, "RecoveryCode": "AAAA-AAAA-AAAA-AAAA"}}

    def milliseconds(self, form):
        """Of one refusal."""
        body = json.dumps(form).encode()
        request = (f"POST /api/session HTTP/1.1\r\nHost: localhost\r\nSekisho-Page: 1\r\n"
                   f"Sec-Fetch-Site: same-origin\r\nContent-Length: {len(body)}\r\n\r\n").encode() + body
        self._hosts += 1
        source = f"127.{1 + self._hosts // 60000}.{self._hosts // 250 % 240}.{1 + self._hosts % 250}"
        with socket.create_connection(("127.0.0.1", self.plain_port), timeout=60,
                                      source_address=(source, 0)) as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            begin = time.perf_counter()
            connection.sendall(request)
            answer = connection.recv(65536)
            taken = (time.perf_counter() - begin) * 1e3
        if not answer.startswith(b"HTTP/1.1 404 "):
            raise SystemExit(f"{form['Login']}: {answer[:60]}")
        return taken

    def lock(self):
        """Has the one account blocked, and learns by what name its failures are counted."""
        self._execute("DELETE FROM failure")
        for _ in range(FREE_OF_ACCOUNT):
            self.milliseconds({"Login": "locked", "Password": OTHER})
        with contextlib.closing(sqlite3.connect(self._database)) as database:
            ((self._locked_row,),) = database.execute(
                "SELECT name FROM failure WHERE count = ?", (FREE_OF_ACCOUNT,)).fetchall()

    def forget_failures(self):
        """All but those of the account that is to stay blocked."""
        self._execute("DELETE FROM failure WHERE name <> ?", self._locked_row)
        self._execute("UPDATE failure SET count = ?, last_at = ?", BLOCKED_FOR_LONG,
                      int((time.time() - 1) * 1e6))

    def _execute(self, statement, *values):
        with contextlib.closing(sqlite3.connect(self._database, timeout=30)) as database, database:
            database.execute(statement, values)


def mann_whitney(some, others):
    """(two-sided p by the normal approximation with ties, how often one of `some` is the larger)."""
    ranked = sorted([(value, True) for value in some] + [(value, False) for value in others])
    rank_sum, tied, at = 0.0, 0, 0
    while at < len(ranked):
        end = at
        while end < len(ranked) and ranked[end][0] == ranked[at][0]:
            end += 1
        rank_sum += (at + end + 1) / 2 * sum(is_of_some for _, is_of_some in ranked[at:end])
        tied += (end - at) ** 3 - (end - at)
        at = end
    size, pairs = len(ranked), len(some) * len(others)
    larger = rank_sum - len(some) * (len(some) + 1) / 2
    variance = pairs / 12 * (size + 1 - tied / (size * (size - 1)))
    z = (larger - pairs / 2) / math.sqrt(variance) if variance else 0.0
    return math.erfc(abs(z) / math.sqrt(2)), larger / pairs


def measure(house, rounds):
    """{kind: milliseconds}; of the rounds so far where somebody interrupts it."""
    attempts = house.attempts()
    house.lock()
    times = {kind: [] for kind in attempts}
    with contextlib.suppress(KeyboardInterrupt):
        for _ in range(rounds):
            house.forget_failures()
            for kind in random.sample(list(attempts), len(attempts)):
                times[kind].append(house.milliseconds(attempts[kind]()))
    return times


def rows_of(times, under):
    for kind, values in times.items():
        p, slower = mann_whitney(values, times[REFERENCE])
        yield {"Name": kind, "Samples": len(values), "P": round(p, 4), "Slower": round(slower, 3),
               "Quartiles": [round(each, 2) for each in statistics.quantiles(values, n=4)],
               "Unit": "ms", "Under": under}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=pathlib.Path, required=True, help="what is measured")
    parser.add_argument("--out", type=pathlib.Path, required=True, help="where the figures go")
    parser.add_argument("--samples", type=int, default=1000, help="of each kind; two or more")
    network.add_argument(parser)
    options = parser.parse_args()
    build = options.build.resolve()
    under = f"{network.enter(options)}, {build_type(build)}"
    with tempfile.TemporaryDirectory(prefix="sekisho-bench-") as state, \
            contextlib.ExitStack() as servers:
        rows = list(rows_of(measure(House(pathlib.Path(state), build, servers), options.samples),
                            under))
    print(f"{under}; {rows[0]['Samples']} of each, ms\n{'':38} {'quarter':>9} {'median':>9} "
          f"{'quarter':>9} {'p':>8} {'slower':>7}")
    for row in rows:
        print(f"{row['Name']:38}", *(f"{each:9.2f}" for each in row["Quartiles"]),
              f"{row['P']:8.4f} {row['Slower']:7.3f}")
    options.out.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
