#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Holds time, randomness, threads, sockets and files to the one place where each is reached, so that
what stands in for that place decides all of it (docs/adr/0022-what-the-machine-decides-has-one-place.md).
No process is started anywhere.

Prints one line for each way round, and for each exception that nothing needs, and exits with 1.
`--self-test` plants such ways in a temporary tree and shows that each is found.
"""
import re
import sys

import checking

FOLDERS = ["access", "anonymization", "audit", "core", "disclosure", "dicomweb", "gateway", "http", "mail",
           "openid", "outbound", "plugin", "returns", "sharing", "staff", "witness"]

# Calls of the system are written with two colons before them, names of the standard library with std.
SYSTEM = r"(?<![\w>:])::(?:{})\("

# Each seam: what reaches the machine, and where that is at home.
SEAMS = {
    "time": (
        re.compile(r"std::chrono::\w+_clock::now|(?<!\w)(?:steady|system)_clock::now|clock_gettime|gettimeofday|adjtimex"
                   r"|\bstd::time\(|sleep_(?:for|until)\b|" + SYSTEM.format("time|nanosleep|usleep|sleep")),
        {"core/steady_clock.cpp", "core/time.cpp", "core/boot_clock.cpp"}),
    "randomness": (
        re.compile(r"\bRAND_\w+|random_device|std::mt19937|std::minstd_rand|\bgetrandom\b|\bgetentropy\b"
                   r"|sqlite3_randomness|/dev/u?random|arc4random"),
        {"core/random.cpp"}),
    "threads": (
        re.compile(r"std::(?:jthread|thread|async|mutex|\w+_mutex|lock_guard|unique_lock|scoped_lock|shared_lock"
                   r"|condition_variable\w*|promise|packaged_task|latch|barrier|\w+_semaphore|call_once|this_thread)\b"
                   r"|\b(?:state|flag|value)\w*\.(?:wait|notify_one|notify_all)\(|\bpthread_\w+|eventfd|timerfd"),
        {"core/thread.h", "core/thread.cpp", "core/mutex.h", "core/mutex.cpp"}),
    "sockets": (
        re.compile(SYSTEM.format("socket|socketpair|accept4?|connect|bind|listen|shutdown|send|sendto|sendmsg|sendfile"
                                 r"|recv|recvfrom|recvmsg|p?poll|select|epoll_\w+|[gs]etsockopt|getsockname|getaddrinfo")
                   + r"|SYS_connect|\bio\w*\.(?:run|poll|run_one|poll_one|run_for)\("),
        {"http/client_socket.cpp", "http/listening_socket.cpp", "http/loop.cpp"}),
    "files": (
        re.compile(SYSTEM.format("open|openat|creat|read|pread|write|pwrite|fsync|fdatasync|rename|renameat|link|unlink"
                                 "|mkdir|rmdir|f?truncate|fallocate|posix_fallocate|flock|statvfs|mk\\w*temp")
                   + r"|\bstd::[io]?fstream\b|\bstd::rename\(|\bstd::remove\([\w.]*c_str|\bfopen\b"
                   r"|\b(?:fs|std::filesystem)::(?:rename|remove|remove_all|copy|copy_file|create_\w+|resize_file)\("),
        {"core/file.cpp"}),
    "processes": (
        re.compile(SYSTEM.format("v?fork|exec[lv]\\w*|posix_spawnp?|popen|system") + r"|\bstd::system\(|\bpopen\("), set()),
}

# What has no seam, and why: a file, or all below a folder, for seams.
EXCEPTIONS = {
    ("audit/backup/", "files"): "sekisho-audit's: an administrator runs it once, beside the service or without it",
    ("audit/command/", "files"): "the same",
    ("audit/recover.cpp", "files"): "the same",
    ("audit/export/repository_link.cpp", "sockets"):
        "to a machine of others, through OpenSSL; who simulates gives the feed another RepositoryLink",
    ("audit/export/repository_link.cpp", "threads"): "its StopSignal wakes poll(2), and belongs to it",
    ("core/boot_clock.cpp", "files"): "the kernel tells by a file, which is no disk's",
    ("core/setup_trouble.cpp", "files"): "looks once more at what could not be opened, for words",
    ("core/stored_file.cpp", "files"): "reads what the archive or the spool has opened: sendfile(2) wants its descriptor",
    ("gateway/gateway.cpp", "files"): "takes the name of its socket away",
    ("http/listening_socket.cpp", "files"): "the same, of one that a process left",
    ("http/request_body.cpp", "files"): "writes bodies into the spool: nothing of them outlives the request",
    ("http/spool.cpp", "files"): "the same",
    ("plugin/plugin.cpp", "threads"): "Orthanc's threads, ahead of all that is ours",
    ("plugin/plugin.h", "threads"): "the same",
    ("plugin/storage_area.cpp", "files"): "Orthanc's files: the seam to the archive is core::DicomStore",
    ("returns/clamd.cpp", "sockets"): "to the scanner of this machine; who simulates gives the inspector another Scanner",
    ("witness/", "files"): "a program of its own, which the service does not know",
    ("witness/command.cpp", "threads"): "takes its own program's signals",
}

# Comments and literals are no code.
TOKEN = re.compile(r'//[^\n]*|/\*.*?\*/|R"(\w*)\(.*?\)\1"|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)+\'', re.DOTALL)


def blank(token):
    return re.sub(r"[^\n]", " ", token.group())


def problems_of(root, exceptions):
    """Yields "file:line: what is wrong" for the product's sources below `root`."""
    needed = set()
    for folder in FOLDERS:
        for source in sorted((root / folder).rglob("*")):
            if source.suffix in (".cpp", ".h"):
                yield from problems_in(source.read_text(encoding="utf-8"), str(source.relative_to(root)),
                                       exceptions, needed)
    for place, seam in sorted(exceptions.keys() - needed):
        yield f"{place}:1: needs no exception for {seam} any more"


def problems_in(text, name, exceptions, needed):
    code = TOKEN.sub(blank, text)
    for seam, (way, homes) in SEAMS.items():
        if name in homes:
            continue
        for found in way.finditer(code):
            excepted = [(place, of) for place, of in exceptions
                        if of == seam and (name == place or place.endswith("/") and name.startswith(place))]
            needed.update(excepted)
            if not excepted:
                line = code.count("\n", 0, found.start()) + 1
                past = " and ".join(sorted(homes)) or "everybody, for none are started"
                yield f"{name}:{line}: {seam} past {past}: {found.group().strip()}"


def self_test():
    wrong = [
        ("audit/a.cpp", "const auto now = std::chrono::steady_clock::now();"),
        ("audit/b.cpp", "std::this_thread::sleep_for(pause);"),
        ("core/a.cpp", "::clock_gettime(CLOCK_MONOTONIC, &time);"),
        ("core/b.cpp", "RAND_bytes(out, 16);"),
        ("disclosure/a.cpp", "std::random_device device;"),
        ("disclosure/b.h", "std::mutex mutex_;"),
        ("plugin/a.h", "std::jthread thread_;"),
        ("http/a.cpp", "while (state_.wait(State::open)) {}"),
        ("http/b.cpp", "if (::send(socket, bytes, size, 0) < 0) return;"),
        ("http/c.cpp", "loop.io.run();"),
        ("gateway/a.cpp", "return ::poll(&asked, 1, 0) > 0;"),
        ("audit/c.cpp", "if (::fsync(file) != 0) fail();"),
        ("sharing/a.cpp", "std::filesystem::rename(from, to);"),
        ("staff/a.cpp", "std::ifstream in(file);"),
        ("plugin/b.cpp", "std::rename(from.c_str(), to.c_str());"),
        ("dicomweb/a.cpp", "if (std::system(command) != 0) return;"),
        ("dicomweb/b.cpp", "::execve(path, arguments, environment);"),
        # The exception is for another seam.
        ("witness/a.cpp", "std::mutex report;"),
    ]
    right = [
        ("core/steady_clock.cpp", "return std::chrono::steady_clock::now();"),
        ("core/thread.h", "std::jthread thread_;"),
        ("core/random.cpp", "RAND_bytes(out, 16);"),
        ("audit/backup/a.cpp", "std::ifstream in(file);"),
        ("witness/b.cpp", "::flock(file, LOCK_EX);"),
        ("audit/d.cpp", "// as std::chrono::steady_clock::now() does\nlog(\"std::mutex\");"),
        ("audit/e.cpp", "const auto rotation = KeyRotation::read(entry);"),
        ("http/d.cpp", "const IoResult result = http::send(socket, from, more);\nchanged_.wait(lock);"),
        ("core/c.cpp", "const auto now = SteadyClock::now();\nrunning.run();"),
    ]
    exceptions = {("audit/backup/", "files"): "", ("witness/", "files"): "", ("core/gone.cpp", "time"): ""}
    found = checking.files_with_problems(lambda root: problems_of(root, exceptions), wrong + right)
    expected = {name for name, _ in wrong} | {"core/gone.cpp"}
    for name in sorted(expected - set(found)):
        print(f"self-test: the way round in {name} was not found, or the exception that nothing needs")
    for name in sorted(set(found) - expected):
        print(f"self-test: {name} was reported, and goes no way round")
    return set(found) == expected


if __name__ == "__main__":
    sys.exit(checking.run(__doc__, lambda root: problems_of(root, EXCEPTIONS), self_test,
                          "seams: nobody goes round one"))
