# SPDX-License-Identifier: GPL-3.0-or-later
"""Services of docker-compose.yml without a container engine: the image is built by buildah, its
command is a plain process in it, with what the compose file says."""
import json
import os
import pathlib
import resource
import shutil
import subprocess

import yaml

from clean_root import Root
from installed import InstalledHospital, InstalledOrthanc, user_of
from launch import Archive, OrthancProcess, Staff

ADDRESS = "172.30.0.2"  # the container's: not loopback, as for whoever comes by a published port


def compose(project, *arguments, **values):
    """docker-compose in a project directory, with these values and no others in its environment."""
    return subprocess.run(["docker-compose", *arguments], cwd=project, capture_output=True, text=True,
                          env={"PATH": os.environ["PATH"], "HOME": str(project), **values},
                          check=False)


def mounts_of(service):
    """(source, target, "ro" or "rw") of each volume, as either generation of the command has it."""
    for volume in service["volumes"]:
        if isinstance(volume, str):
            source, target, mode = (volume + ":rw").split(":")[:3]
            yield source, target, mode
        else:
            yield volume["source"], volume["target"], "ro" if volume.get("read_only") else "rw"


class Images:
    """Images in a directory of their own, which RUN enters by chroot."""

    def __init__(self, directory):
        self._store = ["--root", str(directory / "storage"), "--runroot", str(directory / "run"),
                       "--storage-driver", "vfs"]

    def _buildah(self, command, *arguments):
        done = subprocess.run(["buildah", *self._store, command, *map(str, arguments)],
                              capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"buildah {command}: {done.stdout[-4000:]}{done.stderr[-4000:]}"
        return done.stdout.strip()

    def take(self, root, name):
        """Makes an image of what is in a root."""
        container = self._buildah("from", "scratch")
        target = self._buildah("mount", container)
        subprocess.run(["cp", "-a", f"{root.directory}/.", target], check=True)
        self._buildah("commit", "--quiet", "--rm", container, name)

    def build(self, section, name, **arguments):
        """Builds what a service's `build` section says."""
        context = pathlib.Path(section["context"])
        limits = [] if arguments["RELEASE"] == "12" else limits_as_they_are()
        self._buildah("bud", "--isolation", "chroot", *limits, "--pull-never", "--tag", name, "--file",
                      context / section["dockerfile"],
                      *(f"--build-arg={key}={value}" for key, value in arguments.items()), context)

    def root_of(self, name):
        """A container of an image: where its files are, and its settings."""
        container = self._buildah("from", "--pull-never", name)
        inspected = json.loads(self._buildah("inspect", container))
        return Root(self._buildah("mount", container)), inspected["OCIv1"]["config"]


def limits_as_they_are():
    """buildah of Debian 13, unlike that of 12, raises these two, which a machine may refuse."""
    for name, limit in (("nofile", resource.RLIMIT_NOFILE), ("nproc", resource.RLIMIT_NPROC)):
        soft, hard = resource.getrlimit(limit)
        yield from ("--ulimit", f"{name}={soft}:{hard}")


class ComposedOrthanc(InstalledOrthanc):
    """A service's command in a container of its image, in a network of its own."""

    def __init__(self, root, settings, service, volumes, state):
        OrthancProcess.__init__(self, state, {"HttpPort": 8042})
        self.root, self._settings, self._service, self._volumes = root, settings, service, volumes
        self.url = f"http://{ADDRESS}:8042"
        self.credentials = ("staff", service["environment"]["SEKISHO_STAFF_PASSWORD"])

    def start(self):
        number, group = user_of(self.root, self._settings["User"])
        environment = dict(entry.split("=", 1) for entry in self._settings["Env"])
        command = self._service.get("command") or self._settings["Cmd"]
        return self.spawn(self.root.command(
            "setpriv", f"--reuid={number}", f"--regid={group}", "--init-groups", "--pdeathsig=TERM",
            *self._settings.get("Entrypoint", []), *command,
            addresses=[f"{ADDRESS}/32"], mounts=self._mounts()),
            environment | self._service["environment"])

    def _mounts(self):
        mounts = {}
        for source, target, mode in mounts_of(self._service):
            outside = pathlib.Path(source)
            if not outside.is_absolute():
                outside = self._volume(source, target)
            mounts["ro:" * (mode == "ro") + str(outside)] = target
        return mounts

    def _volume(self, name, target):
        """A named volume begins as a copy of what the image has there."""
        volume = self._volumes / name
        if not volume.exists():
            subprocess.run(["cp", "-a", self.root.path(target), volume], check=True)
        return volume

    def log(self):
        return OrthancProcess.log(self)


class ComposedHospital(InstalledHospital):
    """The hospital that the compose file makes."""

    def __init__(self, root, orthanc, authority, volumes):  # pylint: disable=super-init-not-called
        super().__init__(root, orthanc, authority)
        self.data, self.url = volumes / "sekisho-data", f"https://{ADDRESS}:8443"
        self.staff = Staff(orthanc.url, orthanc.credentials)
        self.archive = Archive(orthanc.url, orthanc.credentials)

    def audit(self, *arguments, check=False):
        """Runs the image's sekisho-audit as Orthanc's user, with the volume of the data."""
        place = "/var/lib/sekisho"
        inside = [str(argument).replace(str(self.data), place) for argument in arguments]
        done = subprocess.run(
            self.root.command("runuser", "-u", "orthanc", "--", "sekisho-audit", *inside,
                              mounts={self.data: place}),
            capture_output=True, text=True, timeout=120, check=False)
        assert not check or done.returncode == 0, f"sekisho-audit: {done.stdout}{done.stderr}"
        return done


def make_project(directory, repository, packages, authority, user):
    """What docs/operating.md has somebody put together: this checkout, packages, certificates."""
    for name in ("docker-compose.yml", ".dockerignore"):
        shutil.copy(repository / name, directory)
    shutil.copytree(repository / "deploy", directory / "deploy")
    (directory / "build").mkdir()
    for package in packages:
        shutil.copy(package, directory / "build")
    (directory / "certificates").mkdir()
    issued = authority.issue("gateway", "serverAuth", (ADDRESS,))
    for source, name in zip(issued, ("gateway.pem", "gateway.key"), strict=True):
        target = directory / "certificates" / name
        shutil.copy(source, target)
        target.chmod(0o600)
        os.chown(target, *user)
