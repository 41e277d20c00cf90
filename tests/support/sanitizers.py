# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a sanitized plugin inside the stock Orthanc, and finds what its sanitizers reported.

The runtime must be loaded first, and must have allocated before Orthanc's own libraries do. Reports
go to files: they are found however the process ended, and whatever a test thinks of its exit code.
Only UBSan, whose runtime shares the process with ASan's, keeps to standard error: it ends the process
with SIGABRT, which no test takes for an end that it expected. An ordinary build needs nothing of
this and never has a report.
"""
import pathlib
import subprocess

HERE = pathlib.Path(__file__).resolve().parent


class Sanitizers:
    """The sanitizers that `binary` was built with. Reports and what is preloaded go to `directory`."""

    def __init__(self, binary, directory):
        self._directory = pathlib.Path(directory)
        needed = subprocess.run(["ldd", binary], capture_output=True, text=True, check=True).stdout
        self._runtimes = [line.split()[2] for line in needed.splitlines() if "san.so" in line]

    def __bool__(self):
        return bool(self._runtimes)

    def options(self):
        """The environment of a program that was itself built with the sanitizers."""
        if not self:
            return {}
        everywhere = f"log_path={self._directory / 'report'}"
        # LeakSanitizer of GCC 12 crashes now and then over what it noted of a thread's dynamic TLS:
        # it takes none of these notes, and finds that memory all the same.
        return {"LSAN_OPTIONS": f"suppressions={HERE / 'leaks.supp'}:print_suppressions=0",
                "ASAN_OPTIONS": f"{everywhere}:abort_on_error=1:intercept_tls_get_addr=0",
                "UBSAN_OPTIONS": "print_stacktrace=1:halt_on_error=1:abort_on_error=1",
                "TSAN_OPTIONS": f"{everywhere}:exitcode=66:suppressions={HERE / 'races.supp'}"}

    def environment(self):
        """The environment of the stock Orthanc that loads `binary`."""
        if not self:
            return {}
        early = self._directory / "early_malloc.so"
        if not early.exists():
            subprocess.run(["gcc", "-shared", "-fPIC", "-Wl,-z,initfirst", "-o", early,
                            HERE / "early_malloc.c"], check=True)
        options = self.options()
        options["TSAN_OPTIONS"] += ":ignore_noninstrumented_modules=1"
        return {**options, "LD_PRELOAD": ":".join([*self._runtimes, str(early)])}

    def configuration(self):
        """What Orthanc's configuration needs besides."""
        return {"MallocArenaMax": 0} if self else {}  # sanitizers have no mallopt()

    def new_reports(self):
        """The text of every report since the last call; "" is good news."""
        files = sorted(self._directory.glob("report.*"))
        text = "\n".join(file.read_text(encoding="utf-8", errors="replace") for file in files)
        for file in files:
            file.unlink()
        return text
