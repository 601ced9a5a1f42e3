"""The stream: events are never lost, live frames may be, commands are answered or refused."""

from __future__ import annotations

import itertools
import math
import statistics
import threading
import time
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import zmq

from device.core.types import Frame
from device.errors import StreamError
from device.stream.client import StreamClient
from device.stream.messages import Message, decode, encode, events_address
from device.stream.server import StreamServer

UTC = "2026-01-01T00:00:00Z"
DEADLINE_S = 20.0
Messages = Generator[Message, None, None]


class RunningServer:
    """A server whose loop runs in a thread, as the daemon's does, at a frame every 2 ms."""

    def __init__(self, endpoint: str, run: str, **options: int) -> None:
        self.server = StreamServer(endpoint, run, **options)
        self.todo: list[Callable[[StreamServer], object]] = []
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._loop)
        self._thread.start()

    def do(self, action: Callable[[StreamServer], object]) -> None:
        self.todo.append(action)

    def close(self) -> None:
        if not self._ended.is_set():
            self._ended.set()
            self._thread.join()
            self.server.close()

    def _loop(self) -> None:
        for frame in itertools.count():
            if self._ended.wait(0.002):
                return
            while self.todo:
                self.todo.pop(0)(self.server)
            self.server.answer_commands(self._answer)
            if frame % 15 == 0:
                self.server.publish_live({"t": frame / 500})

    def _answer(self, request: Mapping[str, Any]) -> dict[str, Any]:
        match request.get("command"):
            case "snapshot":
                return {"run": self.server.run, "sequence": self.server.sequence}
            case "echo":
                return {"echo": request["text"]}
            case other:
                raise StreamError(f"unknown command {other!r}.")


@pytest.fixture
def endpoint(tmp_path: Path) -> str:
    return f"ipc://{tmp_path}/stream"


@pytest.fixture
def running(endpoint: str) -> Iterator[RunningServer]:
    with closing(RunningServer(endpoint, "first")) as server:
        yield server


def publish(*numbers: int) -> Callable[[StreamServer], None]:
    def action(server: StreamServer) -> None:
        for number in numbers:
            server.publish_event({"event": "count", "count": number}, UTC)

    return action


def until(messages: Messages, kind: str) -> Message:
    """The next message of a kind; live and idle ones before it are passed over."""
    deadline = time.monotonic() + DEADLINE_S
    for message in messages:
        if message.kind == kind:
            return message
        # Where the machine is busy for a while, a daemon is lost for a while.
        assert message.kind in ("live", "idle", "lost"), message
        assert time.monotonic() < deadline, f"no {kind}"
    raise AssertionError("the stream ended")


def listening(endpoint: str, timeout_s: float = 0.25) -> Messages:
    """The messages of a new client after its snapshot, once live frames flow."""
    messages = StreamClient(endpoint).events(timeout_s=timeout_s)
    assert until(messages, "snapshot").body["sequence"] == 0
    until(messages, "live")
    return messages


def counts(messages: Messages, wanted: int) -> list[int]:
    return [until(messages, "event").body["event"]["count"] for _ in range(wanted)]


def test_a_new_client_gets_a_snapshot_then_live_frames_and_events_in_order(
    running: RunningServer, endpoint: str
) -> None:
    messages = StreamClient(endpoint).events()
    assert until(messages, "snapshot").body["sequence"] == 0
    assert until(messages, "live").body["run"] == "first"
    running.do(publish(1, 2, 3))
    assert counts(messages, 3) == [1, 2, 3]
    messages.close()


def test_an_event_reaches_the_client_within_a_millisecond_in_the_median(
    running: RunningServer, endpoint: str
) -> None:
    messages = listening(endpoint)
    latencies = []
    for _ in range(50):
        running.do(lambda server: server.publish_event({"sent": time.perf_counter()}, UTC))
        sent = until(messages, "event").body["event"]["sent"]
        latencies.append(time.perf_counter() - sent)
    messages.close()
    assert statistics.median(latencies) < 1e-3


def test_a_client_that_comes_back_gets_the_events_it_missed_and_no_snapshot(
    running: RunningServer, endpoint: str
) -> None:
    messages = listening(endpoint)
    running.do(publish(1, 2))
    last = [until(messages, "event") for _ in range(2)][-1].body
    messages.close()
    running.do(publish(3, 4, 5))
    again = StreamClient(endpoint).events(since=(last["run"], last["sequence"]))
    assert counts(again, 3) == [3, 4, 5]
    again.close()


def test_an_event_dropped_on_the_way_is_fetched_when_the_next_live_frame_tells_of_it(
    running: RunningServer, endpoint: str
) -> None:
    def lose_one(server: StreamServer) -> None:
        publish_socket = server._events
        server._events = server._context.socket(zmq.PUB)
        publish(1)(server)
        server._events.close(linger=0)
        server._events = publish_socket

    messages = listening(endpoint)
    running.do(lose_one)
    assert counts(messages, 1) == [1]
    running.do(lose_one)
    running.do(publish(2))
    assert counts(messages, 2) == [1, 2]
    messages.close()


def test_who_was_away_longer_than_the_daemon_remembers_gets_a_snapshot(endpoint: str) -> None:
    with closing(RunningServer(endpoint, "first", remembered_events=5)) as running:
        running.do(publish(*range(20)))
        messages = StreamClient(endpoint).events()
        while (start := until(messages, "snapshot").body)["sequence"] < 20:
            messages.close()
            messages = StreamClient(endpoint).events()
        messages.close()
        known = StreamClient(endpoint).events(since=("first", start["sequence"] - 5))
        assert counts(known, 5) == [15, 16, 17, 18, 19]
        known.close()
        unknown = StreamClient(endpoint).events(since=("first", start["sequence"] - 6))
        assert until(unknown, "snapshot").body["sequence"] == 20
        unknown.close()


def test_a_client_says_lost_once_and_begins_with_a_snapshot_when_another_run_is_there(
    endpoint: str,
) -> None:
    first = RunningServer(endpoint, "first")
    try:
        messages = listening(endpoint, timeout_s=0.05)
    finally:
        first.close()
    assert "pronemat daemon" in until(messages, "lost").body["error"]
    for _ in range(5):
        assert next(messages).kind == "idle"
    with closing(RunningServer(endpoint, "second")):
        assert until(messages, "snapshot").body["run"] == "second"
        assert until(messages, "live").body["run"] == "second"
    messages.close()


def test_a_run_replaced_while_nobody_looked_is_noticed_without_a_silence(endpoint: str) -> None:
    with closing(RunningServer(endpoint, "first")):
        messages = listening(endpoint)
    with closing(RunningServer(endpoint, "second")) as second:
        second.do(publish(1))
        assert until(messages, "snapshot").body["run"] == "second"
    messages.close()


def test_without_a_daemon_it_says_lost_once_and_then_idle_at_every_timeout(endpoint: str) -> None:
    messages = StreamClient(endpoint).events(timeout_s=0.05)
    assert [next(messages).kind for _ in range(4)] == ["lost", "idle", "idle", "idle"]
    messages.close()


def test_a_client_that_was_stopped_for_a_while_sees_every_event_but_few_of_the_live_frames(
    running: RunningServer, endpoint: str
) -> None:
    messages = listening(endpoint)
    done = threading.Event()

    def burst(server: StreamServer) -> None:
        for number in range(500):
            publish(number)(server)
            server.publish_live({"t": 0.0})
        done.set()

    running.do(burst)
    assert done.wait(DEADLINE_S)
    kinds: list[str] = []
    numbers: list[int] = []
    while len(numbers) < 500:
        message = next(messages)
        kinds.append(message.kind)
        if message.kind == "event":
            numbers.append(message.body["event"]["count"])
    assert numbers == list(range(500))
    assert kinds.count("live") < 250
    messages.close()


def test_a_command_is_answered_or_refused_with_the_daemons_own_sentence(
    running: RunningServer, endpoint: str
) -> None:
    client = StreamClient(endpoint)
    assert client.command({"command": "echo", "text": "ä"}) == {"ok": True, "echo": "ä"}
    refused = client.command({"command": "fly"})
    assert refused == {"ok": False, "error": "unknown command 'fly'."}
    refused = client.command({"command": "events_since"})
    assert not refused["ok"]
    assert "'sequence'" in refused["error"]


def test_what_is_not_json_is_refused_and_the_daemon_goes_on(
    running: RunningServer, endpoint: str
) -> None:
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context.instance()
    for nonsense in (b"", b"\xff\x00", b"[1]", b"{"):
        with context.socket(zmq.REQ) as socket:
            socket.connect(endpoint + ".commands")
            socket.send(nonsense)
            assert socket.poll(int(DEADLINE_S * 1000))
            assert decode(socket.recv())["ok"] is False
    assert StreamClient(endpoint).command({"command": "snapshot"})["ok"]


def test_a_command_without_a_daemon_is_an_error_and_not_kept_for_later(endpoint: str) -> None:
    with pytest.raises(StreamError, match="start it with 'pronemat daemon'"):
        StreamClient(endpoint).command({"command": "echo", "text": "late"}, timeout_s=0.05)
    heard = []

    def hear(request: Mapping[str, Any]) -> dict[str, Any]:
        heard.append(request["text"])
        return {}

    with closing(StreamServer(endpoint, "late")) as server:
        answer = threading.Thread(
            target=StreamClient(endpoint).command, args=({"command": "echo", "text": "now"},)
        )
        answer.start()
        while answer.is_alive():
            server.answer_commands(hear)
        answer.join()
    assert heard == ["now"]


def test_raw_frames_arrive_unchanged_with_their_missing_readings(
    running: RunningServer, endpoint: str
) -> None:
    frames = StreamClient(endpoint).frames(timeout_s=DEADLINE_S)
    sent = Frame(7, 1.25, np.array([1.0, math.nan, -3.0]), np.array([1.0, 1.1, 1.2]))

    def offer(server: StreamServer) -> None:
        server.publish_frame(sent)
        if not got:
            running.do(offer)

    got: list[Frame] = []
    running.do(offer)
    frame = next(frames)
    assert frame is not None
    got.append(frame)
    assert (frame.sequence, frame.t_s) == (7, 1.25)
    np.testing.assert_array_equal(frame.counts, sent.counts)
    np.testing.assert_array_equal(frame.times_s, sent.times_s)
    frames.close()


def test_numbers_that_are_none_become_null_on_the_wire() -> None:
    message = {"cop_mm": [math.nan, 1.0], "weight_n": math.inf, "nested": {"x": -math.inf}}
    assert decode(encode(message)) == {
        "cop_mm": [None, 1.0],
        "weight_n": None,
        "nested": {"x": None},
    }


def test_a_file_in_the_sockets_place_is_named_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "stream.events").write_text("mine")
    with pytest.raises(StreamError, match=r"stream\.events is in the way"):
        StreamServer(f"ipc://{tmp_path}/stream", "run")
    assert (tmp_path / "stream.events").read_text() == "mine"


def test_a_run_directory_with_too_long_a_name_is_refused_with_the_setting_to_change() -> None:
    with pytest.raises(StreamError, match=r"107 bytes.*'run' under"):
        events_address("ipc:///" + "x" * 120)
