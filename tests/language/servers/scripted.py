"""Ways in which a model server can fail, each a function, and an honest one. Names say what goes wrong."""

from __future__ import annotations

import gzip
import re

from tests.language.servers.loopback import Answering, Connection, event

_LINE = re.compile(r"^\[E(\d+)\](.)(.*)$", re.MULTILINE)


def evidence_of(connection: Connection) -> dict[int, str]:
    """The evidence in the prompt, by number, with its spaces put back."""
    user = connection.messages[-1]["content"] if connection.messages else ""
    return {int(n): text.replace(marker, " ") for n, marker, text in _LINE.findall(user)}


def honest_text(evidence: dict[int, str]) -> str:
    """The first sentence of each piece of evidence, with its id at the end."""
    firsts = {n: re.split(r"(?<=[.!?])\s", text)[0].rstrip(".!?") for n, text in evidence.items()}
    return "\n".join(f"{text} [E{n}]." for n, text in firsts.items())


def honest(connection: Connection) -> None:
    connection.head()
    connection.text(honest_text(evidence_of(connection)))
    connection.done()


def silent(connection: Connection) -> None:
    connection.hold()


def hangs_up(connection: Connection) -> None:
    connection.reset()


def slow_first_token(connection: Connection) -> None:
    connection.head()
    connection.hold()


def drips(connection: Connection) -> None:
    connection.head()
    for byte in event("Pairing helps hospitals [E1].") * 50:
        if not connection.running:
            return
        connection.send(bytes([byte]))
        connection.wait(0.02)


def stalls_midway(connection: Connection) -> None:
    connection.head()
    connection.text(honest_text(evidence_of(connection))[:120])
    connection.hold()


def cut(connection: Connection) -> None:
    connection.head(transfer_encoding="chunked")
    part = event("Pairing helps hospitals to learn [E1].")
    connection.send(f"{len(part):x}\r\n".encode() + part + b"\r\n")
    connection.wait(0.05)
    connection.reset()


def endless(connection: Connection) -> None:
    connection.head()
    text = honest_text(evidence_of(connection)) + "\n"
    while connection.running:
        connection.text(text, size=2000)


def endless_line(connection: Connection) -> None:
    connection.head()
    connection.send(b'data: {"choices": "')
    while connection.running:
        connection.send(b"x" * 65536)


def garbage(connection: Connection) -> None:
    connection.send(bytes(range(256)) * 8)


def invalid_json(connection: Connection) -> None:
    connection.head()
    connection.send(b'data: {"choices": [{"delta": {"content": "half\n\ndata: }}}\n\n')


def invalid_utf8(connection: Connection) -> None:
    connection.head()
    connection.send(event("Hospitals @@ learn by pairing [E1].").replace(b"@@", b"\xff\xfe\xc3"))
    connection.done()


def other_shape(connection: Connection) -> None:
    connection.head()
    connection.send(b'data: {"choices": [[1, 2], null], "object": 7}\n\ndata: [DONE]\n\n')


def web_page(connection: Connection) -> None:
    connection.head(kind="text/html")
    connection.send(b"<html><body>Please sign in to the hospital network.</body></html>")


def empty(connection: Connection) -> None:
    connection.head()
    connection.done()


def wrong_citations(connection: Connection) -> None:
    connection.head()
    text = honest_text(evidence_of(connection))
    connection.text(re.sub(r"\[E(\d+)\]", lambda m: f"[E{int(m[1]) + 40}]", text))
    connection.done()


def swapped_citations(connection: Connection) -> None:
    connection.head()
    evidence = evidence_of(connection)
    turned = dict(zip(evidence, [*list(evidence.values())[1:], evidence[1]], strict=True))
    connection.text(honest_text(turned))
    connection.done()


def no_citations(connection: Connection) -> None:
    connection.head()
    connection.text(re.sub(r" \[E\d+\]", "", honest_text(evidence_of(connection))))
    connection.done()


def says_nothing(connection: Connection) -> None:
    connection.head()
    connection.text("NOTHING")
    connection.done()


def too_many(connection: Connection) -> None:
    connection.error("429 Too Many Requests")


def too_many_for_an_hour(connection: Connection) -> None:
    connection.error("429 Too Many Requests", retry_after="3600")


def server_error(connection: Connection) -> None:
    connection.error("500 Internal Server Error")


def unavailable(connection: Connection) -> None:
    connection.error("503 Service Unavailable", retry_after="Wed, 01 Jan 2098 00:00:00 GMT")


def unauthorised(connection: Connection) -> None:
    connection.error("401 Unauthorized")


def packed(connection: Connection) -> None:
    connection.head(content_encoding="gzip")
    connection.send(gzip.compress(event("Pairing helps hospitals [E1].") * 200_000))


FAULTS: dict[str, Answering] = {
    work.__name__: work
    for work in (
        silent,
        hangs_up,
        slow_first_token,
        drips,
        stalls_midway,
        cut,
        endless,
        endless_line,
        garbage,
        invalid_json,
        invalid_utf8,
        other_shape,
        web_page,
        empty,
        wrong_citations,
        swapped_citations,
        no_citations,
        says_nothing,
        too_many,
        too_many_for_an_hour,
        server_error,
        unavailable,
        unauthorised,
        packed,
    )
}
