# SPDX-License-Identifier: GPL-3.0-or-later
"""Ten thousand requests leave the PACS as large as it was."""
import concurrent.futures

from samples import INSTANCE_UID, SERIES_UID, STUDY_UID, value
from clinic import answer_of

REQUESTS = 10_000
CLIENTS = 4
GROWTH_LIMIT_BYTES = 8_000_000


def ask(clinic, hospital, targets, count):
    """`count` requests on one connection, answers forgotten but for their receipts."""
    connection = clinic.connect()
    for number in range(count):
        target = targets[number % len(targets)]
        connection.request("GET", target, headers=clinic.headers())
        answer = answer_of(connection.getresponse(), target)
        answer.body = b""
        clinic.ledger.keep(answer)
        if number % 20 == 0:
            hospital.staff.status()
    connection.close()


def test_ten_thousand_requests_leave_no_memory_behind(hospital, small, allowance_bytes):
    clinic = hospital.clinic()
    root = hospital.share(clinic, small, Profile="ps3.15-basic")["DicomWebRoot"]
    row = clinic.get(f"{root}/instances").json()[0]
    instance = (f"{root}/studies/{value(row, STUDY_UID)}/series/{value(row, SERIES_UID)}"
                f"/instances/{value(row, INSTANCE_UID)}")
    targets = [f"{root}/studies", f"{root}/instances", instance, f"{instance}/metadata",
               f"{root}/studies/2.25.1", "/dicom-web/studies", "/no/such/place"]

    def all_clients(requests):
        with concurrent.futures.ThreadPoolExecutor(CLIENTS) as pool:
            list(pool.map(lambda _: ask(clinic, hospital, targets, requests // CLIENTS),
                          range(CLIENTS)))

    all_clients(REQUESTS // 5)
    before = hospital.memory_bytes()
    all_clients(REQUESTS)
    growth = hospital.memory_bytes() - before
    print(f"{REQUESTS} requests: {growth / 1e6:.1f} MB more")
    assert growth < GROWTH_LIMIT_BYTES + allowance_bytes
