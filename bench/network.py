# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the bench measures: a network namespace of its own, whose TCP is as Linux has it by default.

With BBR, which paces by timers, loopback shows the kernel's guess of what it can carry. A kernel may
refuse a new namespace any other (net.ipv4.tcp_allowed_congestion_control): then what it has is
measured, and what was wanted is told.
"""
import argparse
import fcntl
import os
import pathlib
import platform
import socket
import struct
import subprocess
import sys

OWN_NETWORK = ["unshare", "--net", "--map-root-user"]
CONGESTION_CONTROL = pathlib.Path("/proc/sys/net/ipv4/tcp_congestion_control")
WANTED = ("cubic", "reno")  # neither paces
INSIDE = "--in-own-network"


def add_argument(parser):
    """What this program is told when it is run anew."""
    parser.add_argument(INSIDE, action="store_true", help=argparse.SUPPRESS)


def enter(options):
    """Has the rest of this program run in a namespace of its own, if the machine lets it. Returns
    description()."""
    if options.in_own_network:
        return set_up_own_network()
    enter_own_network()
    return description()


def enter_own_network():
    """Runs this program anew in a namespace, with INSIDE, if the machine lets it."""
    if subprocess.run([*OWN_NETWORK, "true"], check=False, stderr=subprocess.DEVNULL).returncode == 0:
        os.execvp(OWN_NETWORK[0], [*OWN_NETWORK, sys.executable, *sys.argv, INSIDE])


def set_up_own_network():
    """Loopback up, the first congestion control of WANTED that may be had. Returns description()."""
    with socket.socket() as any_socket:
        fcntl.ioctl(any_socket, 0x8914, struct.pack("16sH14x", b"lo", 1))  # SIOCSIFFLAGS, IFF_UP
    _, refused = first_that_sets(
        WANTED, lambda name: CONGESTION_CONTROL.write_text(name, encoding="ascii"))
    return description(refused)


def first_that_sets(names, set_name):
    """The first of `names` that `set_name` takes, or None; and {name: why not} of those before it."""
    refused = {}
    for name in names:
        try:
            set_name(name)
            return name, refused
        except OSError as error:
            refused[name] = error.strerror
    return None, refused


def description(refused=None):
    """What the figures of this process are measured under: "Linux 6.1.0, TCP cubic"."""
    current = CONGESTION_CONTROL.read_text(encoding="ascii").strip()
    text = f"Linux {platform.release()}, TCP {current}"
    if refused:
        text += f" ({', '.join(f'{name}: {why}' for name, why in refused.items())})"
    return text
