"""How the web side is set up, as plain values. Reads no environment and no file; `serve.py` checks them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class WebOptions:
    """Everything `create_app` can be told. The defaults serve one person on their own machine."""

    mount_path: str = ""
    """Public path of everything, such as `/ecosystem/assistant`; empty for the root."""
    bind_host: str = "127.0.0.1"
    allowed_hosts: tuple[str, ...] = ()
    """Names, without port, that a request may be addressed to, besides loopback."""
    allowed_origins: tuple[str, ...] = ()
    """Other origins (`https://portal.example`) that may call the API from a browser."""
    frame_ancestors: tuple[str, ...] = ()
    """Origins whose pages may show the assistant in a frame, besides its own."""
    identity_header: str = ""
    """Header in which a trusted proxy names the signed-in person; empty for none."""
    trusted_proxies: tuple[str, ...] = ()
    """Addresses or networks (`10.1.2.0/24`) from which that header is believed."""
    api_key_hashes: tuple[str, ...] = ()
    """`sha256:...` of each key that is accepted; see `security/keys.py`."""
    asks_per_minute: int = 15
    reads_per_minute: int = 180
    """Searches, sources, receipt checks and page events, for each person apart."""
    max_body_bytes: int = 262_144
    max_question_chars: int = 2_000
    max_turns: int = 40
    concurrency: int = 8
    """Questions worked on at the same time."""
    max_waiting: int = 64
    """Questions that may wait for their turn; more are told to come back."""
    wait_seconds: float = 20.0
    """How long a question waits for its turn before it is told to come back."""
    title: str = "Learning Ecosystem Assistant"
    count_unanswered: bool = True
    """Whether what unanswered questions were about is counted for the gap map; never their words."""
    feedback: bool = True
    """Whether readers may say what an answer was worth."""
    review_folder: str = ""
    """Folder with queues of answers to rate; empty for none."""

    @property
    def has_identity(self) -> bool:
        """True if callers must say who they are."""
        return bool(self.identity_header or self.api_key_hashes)
