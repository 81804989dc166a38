"""Drives an HTTP server from a process of its own: `python -m tests.benchmarks.load host port connections < requests`.

Reads JSON lines (`path`, `headers`, `body`) from stdin, sends them over keep-alive connections as fast as answers come, and
prints one JSON line an answer: request number, status, seconds, body. Plain sockets: the client must not be what is measured.
"""

import asyncio
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Answer:
    """One answer; `seconds` from the first byte sent to the last received."""

    number: int
    status: int
    seconds: float
    body: bytes


def encode(path: str, headers: dict[str, str], body: object) -> bytes:
    """One HTTP/1.1 POST with a JSON body."""
    content = json.dumps(body, ensure_ascii=False).encode()
    lines = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", "Content-Type: application/json"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    lines.append(f"Content-Length: {len(content)}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + content


async def drive(host: str, port: int, connections: int, requests: list[bytes]) -> tuple[list[Answer], float]:
    """All requests once; answers, and seconds from the first to the last."""
    waiting = iter(enumerate(requests))
    answers: list[Answer] = []
    started = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for _ in range(min(connections, len(requests))):
            group.create_task(_one_connection(host, port, waiting, answers))
    return answers, time.perf_counter() - started


async def _one_connection(host: str, port: int, waiting: Iterator[tuple[int, bytes]], answers: list[Answer]) -> None:
    reader, writer = await asyncio.open_connection(host, port)
    for number, request in waiting:
        began = time.perf_counter()
        writer.write(request)
        status, body = await _read(reader)
        answers.append(Answer(number, status, time.perf_counter() - began, body))
    writer.close()


async def _read(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = await reader.readuntil(b"\r\n\r\n")
    length = 0
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    return int(head[9:12]), await reader.readexactly(length)


def main() -> None:
    """The command."""
    host, port, connections = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    requests = [
        encode(wanted["path"], wanted["headers"], wanted["body"]) for wanted in map(json.loads, sys.stdin) if wanted
    ]
    answers, seconds = asyncio.run(drive(host, port, connections, requests))
    out = [json.dumps({"seconds": seconds})]
    out += [
        json.dumps({"number": a.number, "status": a.status, "seconds": a.seconds, "body": json.loads(a.body)})
        for a in answers
    ]
    sys.stdout.write("\n".join(out) + "\n")


if __name__ == "__main__":
    main()
