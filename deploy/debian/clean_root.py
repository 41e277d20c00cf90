#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Clean Debian roots: made by mmdebstrap, entered by pivot_root, for root to run.

As a program it runs a command of this repository in one: clean_root.py SUITE COMMAND…. The command
sees a copy of the tree in /src; what it leaves in /src/build/*.deb comes back to build/.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
ENVIRONMENT = {"HOME": "/root", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8",
               "DEBIAN_FRONTEND": "noninteractive"}
TRUSTED = pathlib.Path("/usr/local/share/ca-certificates")
# What the way out of this network needs goes along.
NETWORK = re.compile(r".*_proxy|NODE_EXTRA_CA_CERTS")
# Mounts are those of the new mount namespace, and end with the process.
ENTER = """
IFS='
'
root=$1; addresses=$2; mounts=$3; shift 3
for address in $addresses; do
  ip link set lo up
  ip address add "$address" dev lo
done
mount --bind "$root" "$root"  # a machine's / is a mount
for shared in proc sys dev; do mount --rbind "/$shared" "$root/$shared"; done
for mount in $mounts; do
  inside=$root${mount##*:}; outside=${mount%:*}
  mkdir -p "${outside#ro:}" "$inside"
  mount --bind "${outside#ro:}" "$inside"
  [ "$outside" = "${outside#ro:}" ] || mount -o remount,bind,ro "$inside"
done
# And that of its mount namespace, for those who enter that; where the kernel refuses, a chroot.
cd "$root"
if pivot_root . mnt 2>/dev/null; then chroot mnt umount -l /; fi
exec chroot . "$@"
"""


def make_tarball(suite, tarball, packages=()):
    """A minimal Debian with `packages`, none of whose services was started."""
    tarball.parent.mkdir(parents=True, exist_ok=True)
    unfinished = tarball.with_name("unfinished-" + tarball.name)
    subprocess.run(["mmdebstrap", "--mode=root", "--variant=minbase", "--quiet",
                    *(f"--include={package}" for package in packages), suite, unfinished],
                   check=True)
    unfinished.rename(tarball)


class Root:
    """A directory with a Debian in it."""

    def __init__(self, directory):
        self.directory = pathlib.Path(directory)

    @classmethod
    def unpack(cls, tarball, directory):
        directory.mkdir(parents=True)
        subprocess.run(["tar", "-xpf", tarball, "-C", directory, "--numeric-owner"], check=True)
        for known in ("resolv.conf", "hosts"):  # an installer writes both
            shutil.copy(pathlib.Path("/etc") / known, directory / "etc" / known)
        # Authorities that this machine trusts beside Debian's, such as its network's.
        if TRUSTED.exists():
            shutil.copytree(TRUSTED, directory / TRUSTED.relative_to("/"), dirs_exist_ok=True)
        return cls(directory)

    def copy(self, directory):
        subprocess.run(["cp", "-a", "--reflink=auto", self.directory, directory], check=True)
        return Root(directory)

    def path(self, inside):
        """Where on this machine the file is that has the absolute path `inside` in the root."""
        return self.directory / inside.lstrip("/")

    def command(self, *arguments, addresses=(), mounts=None):
        """The command line that becomes (by exec alone, so that its process is that one) the command
        `arguments` in this root. With `addresses` it has a network namespace of its own, with these
        on its loopback device. `mounts`: directories of this machine ("ro:" before one that shall not
        be written to) and where they are seen."""
        mounts = "\n".join(f"{outside}:{inside}" for outside, inside in (mounts or {}).items())
        return ["unshare", "--mount", *(["--net"] if addresses else []), "sh", "-euc", ENTER, "sh",
                str(self.directory), "\n".join(addresses), mounts, *map(str, arguments)]

    def run(self, *arguments, mounts=None, **more):
        """Runs a command in this root to its end: subprocess.run."""
        network = {name: value for name, value in os.environ.items() if NETWORK.fullmatch(name)}
        return subprocess.run(self.command(*arguments, mounts=mounts), env=ENVIRONMENT | network,
                              stdin=subprocess.DEVNULL, **more)


def copy_tree(destination):
    """The files of this checkout as they are, without what is built from them."""
    destination.mkdir()
    listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                            cwd=REPOSITORY, check=True, capture_output=True).stdout
    present = b"\0".join(name for name in listed.split(b"\0")
                         if name and os.path.lexists(REPOSITORY / os.fsdecode(name)))
    pack = subprocess.run(["tar", "-c", "--null", "-T", "-"], cwd=REPOSITORY, input=present,
                          check=True, capture_output=True).stdout
    subprocess.run(["tar", "-x", "-C", destination], input=pack, check=True)


def main():
    suite, *command = sys.argv[1:]
    place = REPOSITORY / "build/suites" / suite
    tarball = place / "base.tar"
    if not tarball.exists():
        make_tarball(suite, tarball)
    if (place / "root").exists():
        shutil.rmtree(place / "root")
    root = Root.unpack(tarball, place / "root")
    copy_tree(root.path("/src"))
    kept = {place / "ccache": "/root/.cache/ccache", place / "debs": "/var/cache/apt/archives"}
    done = root.run("sh", "-c", 'cd /src && exec "$@"', "sh", *command, mounts=kept)
    for package in root.path("/src/build").glob("*.deb"):
        shutil.copy(package, REPOSITORY / "build")
    if done.returncode == 0:
        shutil.rmtree(root.directory)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
