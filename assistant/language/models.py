"""Chat models of any provider behind one small face: text in, a stream of text out, or a ModelFault.

Every call keeps its limits whatever the server does. What the model says is nobody's answer yet; see
`answering/model_composer.py`.
"""

from __future__ import annotations

import queue
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from assistant.language.breaker import Breaker
from assistant.language.faults import Fault, ModelFault
from assistant.language.providers import connect, local
from assistant.language.refusals import Refusal, read_refusal

_END = object()
_WAITING_PARTS = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelLimits:
    """How long and how much. Times are in seconds."""

    connect_seconds: float = 3.0
    first_token_seconds: float = 10.0
    total_seconds: float = 30.0
    """For one answer, with all its retries."""
    most_text_bytes: int = 65_536
    most_raw_bytes: int = 8_388_608
    """Of everything the server sends for one try; a token of text travels in a few hundred bytes."""
    retries: int = 2
    """Further tries after the first, only while no text has come."""
    backoff_seconds: float = 0.5
    """Before the n-th retry a random wait between 0 and this times 2 to the n is made (full jitter)."""


@dataclass(slots=True)
class _Call:
    """One try, shared between the thread that reads and the one that waits."""

    parts: queue.Queue[Any] = field(default_factory=lambda: queue.Queue(_WAITING_PARTS))
    left: threading.Event = field(default_factory=threading.Event)

    def hand_over(self, part: object) -> bool:
        """Put `part` where the waiting thread takes it. False if nobody waits any more."""
        while not self.left.is_set():
            with suppress(queue.Full):
                self.parts.put(part, timeout=0.1)
                return True
        return False


class ChatModel:
    """A chat model within limits. Safe to share between threads."""

    def __init__(
        self,
        model: Any,
        *,
        name: str,
        limits: ModelLimits | None = None,
        breaker: Breaker | None = None,
        stays_here: bool = False,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.name = name
        self.stays_here = stays_here
        """True if the model runs on this computer, so that nothing it is given leaves it."""
        self.limits = limits or ModelLimits()
        self.breaker = breaker or Breaker()
        self._model = model
        self._clock = clock
        self._sleep = sleep
        self._chance = random.SystemRandom()

    def stream(self, system: str, user: str) -> Iterator[str]:
        """The reply, piece by piece. Raises ModelFault; never lasts longer than the total limit.

        Closing the iterator early is no fault: the call is dropped and its thread ends by itself.
        """
        if not self.breaker.allow():
            raise ModelFault(Fault.RESTING)
        say = self.breaker.given_up
        try:
            yield from self._within_limits([("system", system), ("human", user)])
            say = self.breaker.succeeded
        except ModelFault:
            say = self.breaker.failed
            raise
        except GeneratorExit:
            say = self.breaker.succeeded
            raise
        finally:
            say()

    def _within_limits(self, messages: list[tuple[str, str]]) -> Iterator[str]:
        ends = self._clock() + self.limits.total_seconds
        size = 0
        for text in self._with_retries(messages, ends):
            size += len(text.encode("utf-8", "replace"))
            if size > self.limits.most_text_bytes:
                raise ModelFault(Fault.TOO_LONG)
            yield text
        if size == 0:
            raise ModelFault(Fault.EMPTY)

    def _with_retries(self, messages: list[tuple[str, str]], ends: float) -> Iterator[str]:
        for tried in range(self.limits.retries + 1):
            started = False
            try:
                for text in self._once(messages, ends):
                    started = True
                    yield text
                return
            except _Refused as refused:
                refusal = refused.refusal
            wait = self._wait(refusal, tried)
            last = tried == self.limits.retries
            if started or last or not refusal.passing or self._clock() + wait >= ends:
                raise ModelFault(refusal.fault)
            self._sleep(wait)

    def _wait(self, refusal: Refusal, tried: int) -> float:
        """How long to wait before the next try: what the server asks for, and a random part."""
        jitter = self._chance.uniform(0.0, self.limits.backoff_seconds * 2**tried)
        return (refusal.retry_after or 0.0) + jitter

    def _once(self, messages: list[tuple[str, str]], ends: float) -> Iterator[str]:
        call = _Call()
        threading.Thread(
            target=_read, args=(self._model, messages, call), name="chat-model", daemon=True
        ).start()
        first_by = min(ends, self._clock() + self.limits.first_token_seconds)
        started = False
        try:
            while True:
                part = self._take(call, ends if started else first_by)
                if part is _END:
                    return
                if isinstance(part, BaseException):
                    raise _Refused(read_refusal(part))
                started = True
                yield part
        finally:
            call.left.set()

    def _take(self, call: _Call, until: float) -> Any:
        # A stream of parts that never pauses must end in time, too, so time is looked at first.
        left = until - self._clock()
        if left <= 0:
            raise ModelFault(Fault.SLOW)
        try:
            return call.parts.get(timeout=left)
        except queue.Empty:
            raise ModelFault(Fault.SLOW) from None


class _Refused(Exception):
    """A try failed in a way that may pass."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.fault)
        self.refusal = refusal


def _read(model: Any, messages: list[tuple[str, str]], call: _Call) -> None:
    """Read one reply in a thread of its own, until it ends or nobody waits for it."""
    try:
        for chunk in model.stream(messages):
            text = str(chunk.text)
            if text and not call.hand_over(text):
                return
        call.hand_over(_END)
    except Exception as error:  # whatever a provider's code raises is the waiting thread's to judge
        call.hand_over(error)


def make_chat_model(
    name: str, base_url: str = "", api_key: str = "", limits: ModelLimits | None = None
) -> ChatModel:
    """The chat model called `provider:model`. Makes no connection yet.

    Raises SettingsError if the provider is unknown, its package is missing, or an option does not fit.
    """
    limits = limits or ModelLimits()
    model = connect(
        name,
        base_url=base_url,
        api_key=api_key,
        connect_seconds=limits.connect_seconds,
        read_seconds=limits.first_token_seconds,
        total_seconds=limits.total_seconds,
        most_bytes=limits.most_raw_bytes,
    )
    return ChatModel(model, name=name, limits=limits, stays_here=local(name, base_url))
