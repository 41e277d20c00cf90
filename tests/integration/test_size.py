# SPDX-License-Identifier: GPL-3.0-or-later
"""A log of years is as fast as a log of a day. ./dev soak takes ten million entries for it."""
import pathlib
import statistics
import subprocess

import pytest

from access_log import Log

DAY = 10_000
STEP, ROUNDS, CALLERS = 2_000, 7, 8
HISTORY_MILLISECONDS, RECEIPT_MILLISECONDS = 50, 5
GROWTH_LIMIT_BYTES = 8_000_000
LARGE = 1_000_000


@pytest.fixture(scope="module")
def day(build, tmp_path_factory):
    log = Log(tmp_path_factory.mktemp("day"), build)
    log.grow_to(DAY)
    return log


@pytest.fixture(scope="module")
def years(build, tmp_path_factory, pytestconfig):
    grown = pytestconfig.getoption("--grown-log")
    log = Log(pathlib.Path(grown) if grown else tmp_path_factory.mktemp("years"), build)
    log.grow_to(max(log.size(), pytestconfig.getoption("--entries")))
    return log


def grow(log):
    """Entries a second of callers who wait, and the most memory it took."""
    entries, seconds, memory = log.grow_to(log.size() + STEP, CALLERS)
    return entries / seconds, memory


def test_appending_takes_as_long_and_as_much_memory_as_on_the_first_day(day, years):
    measured = [(grow(day), grow(years)) for _ in range(ROUNDS)]  # by turns: the machine has moods
    rates = [statistics.median(log[0] for log in column) for column in zip(*measured)]
    memory = [max(log[1] for log in column) for column in zip(*measured)]
    print(f"{day.size()} entries: {rates[0]:.0f}/s, {memory[0] / 1e6:.1f} MB; "
          f"{years.size()} entries: {rates[1]:.0f}/s, {memory[1] / 1e6:.1f} MB")
    if years.size() >= LARGE:  # ./dev soak: times are measured there, not tested
        assert rates[1] > rates[0] * 0.9
    assert memory[1] < memory[0] + GROWTH_LIMIT_BYTES


def test_receipts_and_the_history_of_a_patient_are_there_at_once(build, years, patience):
    patient = f"P{years.size() // 8 // 2 % 200_000}"
    for pages in ("as they were", "in memory"):  # what the second finds, the first has read
        done = subprocess.run([build / "tests/tools/time_log", years.data, patient], check=True,
                              capture_output=True, text=True)
        receipt, history, found = done.stdout.split()
        print(f"{years.size()} entries, pages {pages}: a receipt in {receipt} ms, "
              f"a history of {found} in {history} ms")
    assert int(found) >= 5
    if years.size() >= LARGE:
        assert float(receipt) <= RECEIPT_MILLISECONDS * patience
        assert float(history) <= HISTORY_MILLISECONDS * patience
