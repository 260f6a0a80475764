"""Conversations kept while the server runs, so that a page that is loaded again shows its own.

The browser holds a random token and nothing else; what a conversation shows never comes from there.
"""

from __future__ import annotations

import re
import secrets
import threading
from collections import OrderedDict

from assistant.web.pages.talk import Talk

MOST_TALKS = 200
"""Conversations kept; the one that was not used for longest goes first."""
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


class Shelf:
    """Keeps the latest conversations of everybody, each under its owner and a token."""

    def __init__(self, *, most: int = MOST_TALKS) -> None:
        self._most = most
        self._kept: OrderedDict[tuple[str, str], Talk] = OrderedDict()
        self._lock = threading.Lock()

    def fetch(self, owner: str, token: object) -> tuple[str, Talk]:
        """The conversation of that token, or a new token with an empty one if nothing is kept under it."""
        with self._lock:
            talk = self._kept.get((owner, token)) if isinstance(token, str) else None
            if talk is None or not isinstance(token, str):
                return secrets.token_urlsafe(32), Talk()
            self._kept.move_to_end((owner, token))
            return token, talk

    def keep(self, owner: str, token: object, talk: Talk) -> None:
        """Keep a conversation; a token that is not one of ours is ignored, an empty conversation let go."""
        if not isinstance(token, str) or not _TOKEN.fullmatch(token):
            return
        with self._lock:
            self._kept.pop((owner, token), None)
            if talk.exchanges:
                self._kept[owner, token] = talk
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
