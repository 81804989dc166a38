"""Keeps tests off the network: this process then reaches loopback addresses and sockets in files, nothing else."""

import ipaddress
import sys

_LOCAL_NAMES = frozenset({"", "localhost", "localhost.localdomain", "testserver.local"})


class NetworkRefused(RuntimeError):
    """A test tried to leave the machine."""


def is_local(host: object) -> bool:
    """Whether `host` (a name, an address, or nothing at all) stays on this machine."""
    if host is None:
        return True
    name = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host)
    if name in _LOCAL_NAMES:
        return True
    try:
        address = ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _refuse(event: str, arguments: tuple[object, ...]) -> None:
    if event in {"socket.connect", "socket.sendto"}:
        address = arguments[1]
        if isinstance(address, tuple) and not is_local(address[0]):
            raise NetworkRefused(f"{event} {address!r}")
    elif event in {"socket.getaddrinfo", "socket.gethostbyname"} and not is_local(arguments[0]):
        raise NetworkRefused(f"{event} {arguments[0]!r}")


def forbid_network() -> None:
    """For the rest of this process; an audit hook cannot be taken off again."""
    sys.addaudithook(_refuse)
