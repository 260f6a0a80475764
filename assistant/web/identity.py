"""Who is asking: anybody on loopback, else a proxy's word or an API key. Decides; sends nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from assistant.errors import SettingsError
from assistant.security.keys import check_hashes, matching_hash
from assistant.web.options import WebOptions

Headers = Mapping[str, Sequence[str]]
"""Lower-case header names and every value that came under each."""

_LONGEST_NAME = 256


@dataclass(frozen=True, slots=True)
class Denied:
    """Why a request goes no further."""

    status: int
    sentence: str
    hint: str = ""
    retry_after: int | None = None


@dataclass(frozen=True, slots=True)
class Principal:
    """One who may ask. `name` counts uses and never leaves the process."""

    name: str


class Identity:
    """Recognises callers by the configured means."""

    def __init__(self, options: WebOptions) -> None:
        self._header = options.identity_header.strip().lower()
        self._networks = tuple(_network(text) for text in options.trusted_proxies)
        self._hashes = check_hashes(options.api_key_hashes)
        self._needed = options.has_identity
        if self._header and not self._networks:
            raise SettingsError(
                "An identity header is set, but no proxy is trusted to send it.",
                hint="Name the proxy's address in trusted_proxies.",
            )

    def from_proxy(self, peer: str) -> bool:
        """True if the connection comes from a trusted proxy."""
        try:
            address = ip_address(peer)
        except ValueError:
            return False
        return any(address in network for network in self._networks)

    def identify(self, headers: Headers, peer: str) -> Principal | Denied:
        """Who sends this request. A header that only the proxy may send is refused from anyone else."""
        named = headers.get(self._header, ()) if self._header else ()
        if named:
            return self._named(named, peer)
        key = _presented_key(headers)
        if key is not None and self._hashes:
            found = matching_hash(key, self._hashes)
            return Principal(f"key:{found}") if found else Denied(401, "This API key is not known.")
        if self._needed:
            return Denied(401, "Sign in first.", self._how())
        return Principal(f"address:{peer}")

    def _named(self, values: Sequence[str], peer: str) -> Principal | Denied:
        if not self.from_proxy(peer):
            return Denied(401, "Your name was not sent by the sign-in service.", self._how())
        name = values[0].strip()
        if len(values) != 1 or not name or len(name) > _LONGEST_NAME or not name.isprintable():
            return Denied(401, "The sign-in service did not send one clear name.", "Sign in again.")
        return Principal(f"user:{name}")

    def _how(self) -> str:
        ways = ["open this page through your organisation's sign-in"] if self._header else []
        ways += ["send an API key as 'Authorization: Bearer ...'"] if self._hashes else []
        return f"To do so, {' or '.join(ways)}."


def _network(text: str) -> IPv4Network | IPv6Network:
    try:
        return ip_network(text.strip())
    except ValueError:
        raise SettingsError(
            f"'{text}' is not an address or a network.",
            hint="Write 10.1.2.3 or 10.1.2.0/24 in trusted_proxies.",
        ) from None


def _presented_key(headers: Headers) -> str | None:
    for value in headers.get("authorization", ()):
        scheme, _, key = value.partition(" ")
        if scheme.lower() == "bearer":
            return key.strip()
    for value in headers.get("x-api-key", ()):
        return value.strip()
    return None
