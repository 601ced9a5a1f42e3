"""The hub and its event stream: nothing lost, nothing stale, many pages."""

from __future__ import annotations

import json
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any

import pytest

from device.stream.client import StreamClient
from tests.web.fake_daemon import FakeDaemon, rep
from tests.web.processes import PATIENCE_S, WebProcess, eventually
from web.hub import EMPTY_LIVE_S, MAX_VIEWERS, Hub
from web.sse import encode_message, parse_event_id
from web.viewer import PENDING_MAX, Viewer

VIEWERS = 10
EVENTS = 40
WITHIN_MS = 10.0


class Listener:
    """A reader of `/stream`, without a browser."""

    def __init__(self, site: WebProcess, last: str | None = None) -> None:
        self.connection = HTTPConnection("127.0.0.1", site.port, timeout=PATIENCE_S)
        headers = {"Last-Event-ID": last} if last else {}
        self.connection.request("GET", "/stream", headers=headers)
        self.response: HTTPResponse = self.connection.getresponse()

    def messages(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """(kind, id, body) of each message."""
        kind = identity = ""
        while line := self.response.readline().decode():
            name, _, value = line.rstrip("\n").partition(": ")
            if name == "event":
                kind = value
            elif name == "id":
                identity = value
            elif name == "data":
                yield kind, identity, json.loads(value)
                identity = ""

    def until(self, kind: str, where: Any = lambda body: True) -> tuple[str, dict[str, Any]]:
        """The id and body of the first such message."""
        return next((i, b) for k, i, b in self.messages() if k == kind and where(b))

    def close(self) -> None:
        self.response.close()
        self.connection.close()


def sequence_is(number: int) -> Any:
    return lambda body: body["sequence"] == number


def test_a_page_that_names_its_last_event_gets_exactly_those_after_it(
    site: WebProcess, daemon: FakeDaemon
) -> None:
    with closing(Listener(site)) as first:
        first.until("snapshot", lambda body: body["run"] == daemon.run)
        for number in range(1, 6):
            daemon.say({"event": "phase", "phase": "ready", "at": float(number)})
        identity, _ = first.until("event", sequence_is(2))
        first.until("event", sequence_is(5))
    with closing(Listener(site, last=identity)) as again:
        seen = []
        for kind, _, body in again.messages():
            assert kind != "snapshot"
            if kind == "event":
                seen.append(body["sequence"])
            if kind == "live":
                break
    assert seen == [3, 4, 5]


def test_a_page_of_another_run_gets_the_whole_state(site: WebProcess, daemon: FakeDaemon) -> None:
    with closing(Listener(site)) as first:
        first.until("snapshot", lambda body: body["run"] == daemon.run)
    for last in ("older-run:3", f"{daemon.run}:999", "nonsense"):
        with closing(Listener(site, last)) as listener:
            _, body = listener.until("snapshot")
            assert (body["run"], body["phase"]) == (daemon.run, "empty")


def test_ten_pages_hear_of_an_event_within_10_ms(site: WebProcess, daemon: FakeDaemon) -> None:
    delays_ms: list[float] = []

    def listen() -> None:
        with closing(Listener(site)) as listener:
            listener.until("snapshot", lambda body: body["run"] == daemon.run)
            ready.wait()
            for kind, _, body in listener.messages():
                event = body.get("event", {})
                if kind == "event" and "sent_s" in event:
                    delays_ms.append((time.monotonic() - event["sent_s"]) * 1000)
                    if event["number"] == EVENTS:
                        return

    ready = threading.Barrier(VIEWERS + 1)
    threads = [threading.Thread(target=listen) for _ in range(VIEWERS)]
    for thread in threads:
        thread.start()
    ready.wait(PATIENCE_S)
    for number in range(1, EVENTS + 1):
        daemon.say({"event": "test", "number": number, "sent_s": time.monotonic()})
        threading.Event().wait(0.02)
    for thread in threads:
        thread.join(PATIENCE_S)
    assert len(delays_ms) == VIEWERS * EVENTS
    # A busy machine delays some of them; a link that waits for its turn delays all.
    assert statistics.quantiles(delays_ms, n=10)[0] < WITHIN_MS


def test_of_an_empty_mat_pages_are_told_ten_times_a_second_at_most(
    site: WebProcess, daemon: FakeDaemon
) -> None:
    # The last of them may have been on its way for as long as the machine was busy elsewhere.
    told, share = 16, 0.75
    with closing(Listener(site)) as listener:
        listener.until("snapshot", lambda body: body["run"] == daemon.run)
        at_s = [listener.until("live")[1]["t"] for _ in range(told)]
        assert at_s[-1] - at_s[0] > share * EMPTY_LIVE_S * (told - 1)
        # Somebody gets on: the next frame is not held back.
        daemon.phase("ready")
        listener.until("live", lambda body: body["phase"] == "ready")


def test_one_page_too_many_is_refused_with_a_sentence(tmp_path: Path) -> None:
    hub = Hub(StreamClient(f"ipc://{tmp_path}/stream"))
    viewers = [hub.join(None, {}) for _ in range(MAX_VIEWERS)]
    from web.app import create_app

    client = create_app(hub).test_client()
    answer = client.get("/stream")
    assert answer.status_code == 503
    assert "close one" in answer.text
    hub.leave(viewers[0])
    assert client.get("/stream", buffered=False).status_code == 200
    hub.close()


def test_a_slow_page_gets_the_newest_live_frame_and_every_event() -> None:
    viewer = Viewer()
    chunks = viewer.chunks()
    assert next(chunks).startswith(b"retry:")
    viewer.put_live(b"old")
    viewer.put(b"event 1;")
    viewer.put_live(b"new")
    viewer.put(b"event 2;")
    assert next(chunks) == b"event 1;event 2;new"


def test_silence_is_filled_with_beats() -> None:
    chunks = Viewer().chunks()
    next(chunks)
    assert next(chunks).startswith(b"event: beat")


def test_a_page_that_never_reads_is_cut_off() -> None:
    viewer = Viewer()
    for _ in range(PENDING_MAX + 1):
        viewer.put(b"x")
    chunks = viewer.chunks()
    next(chunks)
    assert next(chunks, None) is None


def test_facts_that_no_event_tells_reach_open_pages(site: WebProcess, daemon: FakeDaemon) -> None:
    with closing(Listener(site)) as listener:
        listener.until("snapshot", lambda body: body["run"] == daemon.run)
        daemon.snapshot["problems"] = ["The converter at 0x48 does not answer."]
        _, body = listener.until("snapshot")
        assert body["problems"] == ["The converter at 0x48 does not answer."]


def test_the_hub_draws_a_new_page_from_what_happened_since_its_snapshot(
    tmp_path: Path,
) -> None:
    endpoint = f"ipc://{tmp_path}/stream"
    daemon = FakeDaemon(endpoint)
    hub = Hub(StreamClient(endpoint))
    hub.start()
    try:
        eventually(lambda: b"event: snapshot" in first_chunk(hub))
        daemon.count(rep(1), 1, 1)
        eventually(lambda: b'"count":1' in first_chunk(hub))
    finally:
        hub.close()
        daemon.close()


def test_only_the_mats_own_screen_and_trainers_learn_who_trains(tmp_path: Path) -> None:
    endpoint = f"ipc://{tmp_path}/stream"
    anna = {"member": {"id": "x", "name": "Anna"}, "before": {"single": {"clean": 9}}}
    daemon = FakeDaemon(endpoint, **anna)
    hub = Hub(StreamClient(endpoint))
    hub.start()
    try:
        eventually(lambda: b"Anna" in first_chunk(hub, control=True))
        daemon.say({"event": "visit", "state": "cleared", **anna})
        eventually(lambda: first_chunk(hub, control=True).count(b"Anna") == 2)
        elsewhere = first_chunk(hub, control=False)
        assert b'"event":"visit"' in elsewhere
        assert b"Anna" not in elsewhere
        assert b"clean" not in elsewhere
    finally:
        hub.close()
        daemon.close()


def first_chunk(hub: Hub, control: bool = False) -> bytes:
    viewer = hub.join(None, {"control": control})
    chunks = viewer.chunks()
    next(chunks)
    out = next(chunks)
    hub.leave(viewer)
    return out


@pytest.mark.parametrize("text", [None, "", "run", "run:", "run:-1", "a b:1", "run:1\n", "x" * 99])
def test_only_a_run_and_a_number_are_an_event_id(text: str | None) -> None:
    assert parse_event_id(text) is None


def test_messages_are_one_line_of_data() -> None:
    data = encode_message("event", {"reason": "one\ntwo"}, "r:1")
    assert data == b'id: r:1\nevent: event\ndata: {"reason":"one\\ntwo"}\n\n'
