# SPDX-License-Identifier: GPL-3.0-or-later
"""What the packages hold, need and refuse."""
import gzip
import re
import subprocess

import pytest

PLUGIN = "/usr/lib/orthanc/libOrthancSekisho.so"
LINK = "/usr/share/orthanc/plugins/libOrthancSekisho.so"
EXPORTED = {"OrthancPluginInitialize", "OrthancPluginFinalize", "OrthancPluginGetName",
            "OrthancPluginGetVersion"}


def said(root, *command):
    """Exit code and everything that the command said."""
    done = root.run(*command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return done.returncode, done.stdout


def libraries(root, program):
    """Names of what a program or plugin loads."""
    return set(re.findall(r"^\t(\S+) =>", said(root, "ldd", program)[1], re.MULTILINE))


def test_the_installed_plugin_shows_four_symbols(installed):
    listed = subprocess.run(["nm", "-D", "--defined-only", installed.path(PLUGIN)],
                            capture_output=True, text=True, check=True).stdout
    assert {line.split()[-1] for line in listed.splitlines()} == EXPORTED


@pytest.mark.parametrize("program", [PLUGIN, "/usr/bin/sekisho-audit", "/usr/bin/sekisho-witness"])
def test_everything_that_is_loaded_is_there(installed, program):
    code, text = said(installed, "ldd", "-r", program)
    assert code == 0 and "libcrypto" in text
    assert "not found" not in text and "undefined symbol" not in text


@pytest.mark.parametrize("program", ["sekisho-audit", "sekisho-witness"])
def test_a_command_has_its_manual_page(installed, program):
    (page,) = installed.path("/usr/share/man").glob(f"man[18]/{program}.[18].gz")
    assert program.upper() in gzip.decompress(page.read_bytes()).decode("utf-8").upper()


def test_a_pacs_needs_no_font_library(roots, packages):
    root = roots.new(roots.base)
    roots.install(root, packages[0])
    assert root.path(LINK).exists()
    assert said(root, "dpkg-query", "-W", "libpango-1.0-0", "libcairo2")[0] != 0


def test_the_commands_need_no_orthanc(packages):
    needed = subprocess.run(["dpkg-deb", "-f", packages[1], "Depends"], capture_output=True,
                            text=True, check=True).stdout
    assert "libpango" in needed
    assert "orthanc" not in needed and "dcmtk" not in needed


def test_on_another_debian_the_plugin_says_why_it_is_not_installed(roots, packages):
    root = roots.new(roots.base)
    release = root.path("/usr/lib/os-release")
    own = re.search(r"VERSION_CODENAME=(\w+)", release.read_text(encoding="utf-8")).group(1)
    release.write_text(release.read_text(encoding="utf-8").replace(f"={own}", "=another"),
                       encoding="utf-8")
    root.path("/tmp/plugin.deb").write_bytes(packages[0].read_bytes())
    code, text = said(root, "dpkg", "-i", "/tmp/plugin.deb")
    assert code != 0
    assert f"was built for debian {own}" in text and "./dev package --suite another" in text
    assert not root.path(PLUGIN).exists()


def test_a_plugin_that_lacks_a_library_is_not_left_where_orthanc_looks(roots, installed, packages):
    root = roots.new(installed)
    lacked = sorted(libraries(root, PLUGIN) - libraries(root, "/usr/sbin/Orthanc"))[0]
    (library,) = root.path("/usr/lib").glob(f"*/{lacked}")
    away = library.rename(library.with_name("away"))
    root.path("/tmp/plugin.deb").write_bytes(packages[0].read_bytes())
    code, text = said(root, "dpkg", "-i", "/tmp/plugin.deb")
    assert code != 0
    assert lacked in text and f"ldd -r {PLUGIN}" in text
    assert not root.path(LINK).is_symlink()
    away.rename(library)
    assert said(root, "dpkg", "--configure", "orthanc-sekisho")[0] == 0
    assert root.path(LINK).is_symlink()
