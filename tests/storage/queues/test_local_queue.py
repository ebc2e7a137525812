"""What the embedded queue adds to the contract: order, several processes, a file that is none of ours."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sqlite3
import time
from collections import Counter
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from storage.errors import StorageError, StoreFullError, StoreMisconfiguredError, StoreUnavailableError
from storage.interfaces.queue import Depth, Message
from storage.memory import memory_uploads
from storage.queues import local_file as local_queue_file
from storage.queues.local import LocalQueue

SPAWN = multiprocessing.get_context("spawn")
PATIENCE_S = 60


class Clock:
    """A clock that stands until it is set."""

    def __init__(self) -> None:
        self.now = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now


def received(queue: LocalQueue, visibility_s: float = 60) -> Message:
    """The next message, which must be there."""
    message = queue.receive(0, visibility_s)
    assert message is not None
    return message


def test_first_in_first_out_by_when_visible() -> None:
    clock = Clock()
    queue = LocalQueue(None, clock=clock)
    queue.send(["later"], delay_s=10)
    queue.send(["a", "b", "c"])
    first = received(queue)
    clock.now += 5
    queue.release(first)
    clock.now += 10
    order = [received(queue).body for _ in range(4)]
    assert order == ["b", "c", "a", "later"]


def test_how_it_stands() -> None:
    clock = Clock()
    queue = LocalQueue(None, clock=clock)
    queue.send(["a", "b"])
    queue.send(["c"], delay_s=900)
    clock.now += 30
    held = received(queue, 60)
    assert queue.depth() == Depth(waiting=1, in_flight=1, delayed=1, oldest_s=30)
    assert queue.renew(held, 3600)
    clock.now += 900
    assert queue.depth() == Depth(waiting=2, in_flight=1, delayed=0, oldest_s=930)
    clock.now -= 10_000
    assert queue.depth().oldest_s == 0


def test_it_is_there_after_opening_again(tmp_path: Path) -> None:
    queue = LocalQueue(tmp_path / "queue.sqlite")
    queue.send(["a", "b", "c"])
    queue.acknowledge(received(queue))
    queue.dead_letter(received(queue), "why")
    held = received(queue)
    queue.close()
    again = LocalQueue(tmp_path / "queue.sqlite")
    assert again.depth().in_flight == 1
    assert again.renew(held, 60)
    assert [letter.reason for letter in again.dead_letters(9)] == ["why"]
    again.close()


def test_what_failed_half_way_left_nothing(tmp_path: Path) -> None:
    queue = LocalQueue(tmp_path / "queue.sqlite")

    def bodies() -> object:
        yield "a"
        raise RuntimeError("the source ends early")

    with pytest.raises(RuntimeError, match="early"):
        queue.send(bodies())  # type: ignore[arg-type]
    assert queue.depth().total == 0
    queue.close()


def test_closed_it_says_so(tmp_path: Path) -> None:
    for queue in (LocalQueue(tmp_path / "queue.sqlite"), memory_uploads()):
        queue.close()
        queue.close()
        with pytest.raises(StorageError, match="closed"):
            queue.send(["one"])
        with pytest.raises(StorageError, match="closed"):
            queue.receive(5, 60)


def no_database(path: Path) -> None:
    path.write_bytes(b"a letter to somebody" * 100)


def newer_version(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()


def other_tables(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE messages (text)")
    connection.close()


@pytest.mark.parametrize("make", [no_database, newer_version, other_tables, Path.mkdir])
def test_a_file_that_is_none_of_ours_is_refused(tmp_path: Path, make: Callable[[Path], None]) -> None:
    path = tmp_path / "queue.sqlite"
    make(path)
    before = path.read_bytes() if path.is_file() and make is no_database else None
    with pytest.raises(StoreMisconfiguredError):
        LocalQueue(path)
    if before is not None:
        assert path.read_bytes() == before


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("here")
    with pytest.raises(StoreMisconfiguredError, match="folder"):
        LocalQueue(tmp_path / "file" / "queue.sqlite")


def test_a_writer_that_never_ends_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local_queue_file, "BUSY_S", 0.3)
    path = tmp_path / "queue.sqlite"
    queue = LocalQueue(path)
    queue.send(["one"])
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    started = time.monotonic()
    with pytest.raises(StoreUnavailableError):
        queue.receive(0, 60)
    assert time.monotonic() - started < 3
    assert queue.depth().waiting == 1  # looking needs no lock
    other.execute("ROLLBACK")
    other.close()
    assert received(queue).body == "one"
    queue.close()


def test_no_space_left(tmp_path: Path) -> None:
    queue = LocalQueue(tmp_path / "queue.sqlite")
    with queue._file.reading() as connection:
        connection.execute("PRAGMA max_page_count = 20")
    with pytest.raises(StoreFullError):
        queue.send("x" * 10_000 for _ in range(100))
    assert queue.depth().total == 0
    queue.close()


def open_and_send(path: Path, start: object, number: int) -> None:
    """Open the file at the same moment as others, the first to make it."""
    start.wait()  # type: ignore[attr-defined]
    queue = LocalQueue(path)
    queue.send([str(number)])
    queue.close()


def work(path: Path, log: Path, wait_s: float, visibility_s: float) -> None:
    """Receive and acknowledge until nothing is left, writing down both."""
    queue = LocalQueue(path)
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    while (message := queue.receive(wait_s, visibility_s)) is not None:
        os.write(output, f"got {message.body}\n".encode())
        time.sleep(0.001)
        os.write(output, f"done {message.body}\n".encode())
        queue.acknowledge(message)
    queue.close()


def started(target: Callable[..., None], *arguments: tuple[object, ...]) -> list[BaseProcess]:
    """Processes, one for each of ``arguments``."""
    processes: list[BaseProcess] = [SPAWN.Process(target=target, args=own) for own in arguments]
    for process in processes:
        process.start()
    return processes


def ended(processes: list[BaseProcess]) -> list[int | None]:
    """How all of them ended."""
    for process in processes:
        process.join(PATIENCE_S)
    codes = [process.exitcode for process in processes]
    for process in processes:
        process.kill()
        process.join()
        process.close()
    return codes


def told(logs: list[Path], word: str) -> Counter[str]:
    """The messages that workers wrote down with ``word``."""
    lines = [line.split() for log in logs for line in log.read_text().splitlines()]
    return Counter(body for said, body in lines if said == word)


def test_several_processes_make_one_file(tmp_path: Path) -> None:
    path = tmp_path / "new" / "queue.sqlite"
    start = SPAWN.Barrier(6)
    codes = ended(started(open_and_send, *[(path, start, number) for number in range(6)]))
    assert codes == [0] * 6
    queue = LocalQueue(path)
    assert queue.depth().waiting == 6
    queue.close()


def test_two_processes_never_receive_the_same_message(tmp_path: Path) -> None:
    path = tmp_path / "queue.sqlite"
    queue = LocalQueue(path)
    queue.send(str(number) for number in range(300))
    logs = [tmp_path / "a", tmp_path / "b"]
    assert ended(started(work, *[(path, log, 0, PATIENCE_S) for log in logs])) == [0, 0]
    assert told(logs, "got") == Counter(str(number) for number in range(300))
    assert queue.depth().total == 0
    queue.close()


def test_none_is_lost_when_a_process_is_killed(tmp_path: Path) -> None:
    path = tmp_path / "queue.sqlite"
    queue = LocalQueue(path)
    queue.send(str(number) for number in range(300))
    killed, survivor = tmp_path / "killed", tmp_path / "survivor"
    victims = started(work, (path, killed, 4, 3))
    victim = victims[0]
    end = time.monotonic() + PATIENCE_S
    while not killed.exists() or killed.read_text().count("done") < 50:
        assert time.monotonic() < end
        time.sleep(0.002)
    assert victim.pid is not None
    os.kill(victim.pid, signal.SIGKILL)
    assert ended(victims) == [-signal.SIGKILL]
    assert ended(started(work, (path, survivor, 4, 3))) == [0]
    assert set(told([killed, survivor], "done")) == {str(number) for number in range(300)}
    again = told([killed], "got") & told([survivor], "got")
    assert again.total() <= 1  # the one in its hands
    assert queue.depth().total == 0
    with queue._file.reading() as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    queue.close()
