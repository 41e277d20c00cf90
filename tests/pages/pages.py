# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages as somebody reads them who types what stands there.

A block of commands is fenced as `sh` and begins with a comment that says who types it: `# as root`,
`# as orthanc, while the service is stopped`. Commands stand in lines of text as well, in backticks.
"""
import pathlib
import re
import subprocess

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
FENCE = re.compile(r"^(?P<indent> *)```(?P<language>\S*)(?P<rest>.*)$")
WHO = re.compile(r"^# as (?:an? |the )?(?P<account>[a-z]+)\b")
PROGRAMS = ("sekisho-audit", "sekisho-witness", "openssl", "curl", "sqlite3", "systemctl", "apt-get",
            "apt", "dpkg", "install", "chmod", "chown", "runuser", "journalctl", "ldd", "tar", "cp",
            "./dev")
INLINE = re.compile(r"`((?:%s) [^`]+)`" % "|".join(map(re.escape, PROGRAMS)))


class Command:
    """One command as a shell takes it, with the place where it stands."""

    def __init__(self, page, line, text, account=None):
        self.page, self.line, self.text, self.account = page, line, text, account

    def is_mention(self):
        """The name of a command of ours, or of its options alone: nothing to run as it stands."""
        return self.text.startswith("sekisho-") and not re.search(r" --[a-z-]+ [^-\s]", self.text)

    def __repr__(self):
        return f"{self.page}:{self.line}"


class Block:
    """A fenced block: its language, its lines, and who types it if these are commands."""

    def __init__(self, page, line, language, lines):
        self.page, self.line, self.language, self.lines = page, line, language, lines
        who = WHO.match(lines[0]) if lines else None
        self.account = who["account"] if who else None

    @property
    def text(self):
        return "\n".join(self.lines) + "\n"

    def commands(self):
        """What the shell takes as whole commands, in order."""
        commands, waiting, begin = [], [], self.line + 1
        for number, line in enumerate(self.lines, self.line + 1):
            if not waiting:
                begin = number
                if not line.strip() or line.lstrip().startswith("#"):
                    continue
            waiting.append(line)
            if not line.endswith("\\") and _is_whole("\n".join(waiting)):
                commands.append(Command(self.page, begin, "\n".join(waiting), self.account))
                waiting = []
        assert not waiting, f"{self.page}:{begin}: the shell waits for more"
        return commands


def _is_whole(text):
    """Whether a shell would run this without waiting for another line."""
    return subprocess.run(["sh", "-n"], input=text, text=True, capture_output=True).returncode == 0


class Page:
    def __init__(self, name):
        self.name = name
        self.lines = (REPOSITORY / name).read_text(encoding="utf-8").splitlines()
        self.blocks, self.prose = [], []  # prose: (line number, line) outside of blocks
        self._read()

    def _read(self):
        opened, language, indent, held = 0, "", 0, []
        for number, line in enumerate(self.lines, 1):
            fence = FENCE.match(line)
            if opened == 0 and fence:
                opened, language, indent, held = number, fence["language"], len(fence["indent"]), []
            elif opened == 0:
                self.prose.append((number, line))
            elif line.strip() == "```":
                self.blocks.append(Block(self.name, opened, language, held))
                opened = 0
            else:
                held.append(line[indent:] if line[:indent].isspace() else line)
        assert opened == 0, f"{self.name}:{opened}: a block without an end"

    def inline_commands(self):
        """What stands in backticks and begins with the name of a program. Backticks may span lines."""
        numbers = [number for number, line in self.prose for _ in range(len(line) + 1)]
        text = "".join(line + "\n" for _, line in self.prose)
        for found in INLINE.finditer(text):
            yield Command(self.name, numbers[found.start()], " ".join(found[1].split()))

    def steps(self):
        """Every command of the page's `sh` blocks, as its reader comes upon them."""
        return [command for block in self.blocks if block.language == "sh"
                for command in block.commands()]


def the_first_share():
    """How docs/operating.md has staff begin: $ORTHANC, ask() and a recipient."""
    steps = Page("docs/operating.md").steps()
    begin = next(i for i, step in enumerate(steps) if step.text.startswith("ORTHANC="))
    assert steps[begin + 2].text.startswith("RECIPIENT=")
    return steps[begin:begin + 3]


def tables_of(page):
    """Every table as a list of (line number, cells); cells of a row are split at unescaped bars."""
    table, tables = [], []
    for number, line in [*page.prose, (0, "")]:
        if line.startswith("|"):
            table.append((number, _cells(line)))
        elif table:
            tables.append(table)
            table = []
    return tables


def _cells(row):
    """GitHub Flavored Markdown, "Tables": a bar is escaped by a backslash, also in code."""
    return re.split(r"(?<!\\)\|", row.strip().removeprefix("|").removesuffix("|"))
