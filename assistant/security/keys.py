"""API keys: made, hashed and recognised. Keys themselves are never stored and never logged."""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Iterable
from hashlib import sha256

from assistant.errors import SettingsError

_HASH = re.compile(r"sha256:[0-9a-f]{64}\Z")


def new_key() -> str:
    """A fresh key of 32 random bytes, as 43 URL-safe characters."""
    return secrets.token_urlsafe(32)


def hash_key(key: str) -> str:
    """`sha256:` and 64 hexadecimal digits. A plain digest is enough because keys are random, not chosen."""
    return "sha256:" + sha256(key.encode("utf-8")).hexdigest()


def check_hashes(hashes: Iterable[str]) -> tuple[str, ...]:
    """The hashes as they were given. Raises SettingsError for one that `hash_key` cannot have made."""
    given = tuple(hashes)
    for position, value in enumerate(given, start=1):
        if not _HASH.match(value):
            raise SettingsError(
                f"API key hash number {position} is not a SHA-256 hash.",
                hint="Write it as 'sha256:' and 64 hexadecimal digits; never write the key itself.",
            )
    return given


def matching_hash(key: str, hashes: Iterable[str]) -> str | None:
    """The hash that `key` belongs to, or None. Compares with every hash so that time tells nothing."""
    wanted = hash_key(key)
    found: str | None = None
    for candidate in hashes:
        if hmac.compare_digest(wanted, candidate):
            found = candidate
    return found
