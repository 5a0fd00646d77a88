"""Threads, forks, other processes and asyncio, under publishes of the real command."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import sys
import threading
import time
import traceback
from concurrent.futures import ProcessPoolExecutor
from typing import Callable, List, Optional, Tuple

import pytest
from conftest import Store

import turnout

UNITS = [f"u_{i}" for i in range(600)]


def until(condition: Callable[[], bool], what: str) -> None:
    """Waits for something that must come, for as long as a laden machine may need."""
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end, what
        time.sleep(0.002)


def test_threads_under_publishes(store: Store) -> None:
    """Each answer is right for its revision, in any number of threads, for every kind of call."""
    revisions = 10
    with turnout.Engine(store.path) as engine:
        wanted = {}
        for i in range(revisions):
            number = 1 if i == 0 else store.publish_weights(50 - 5 * i)
            engine.refresh()
            with engine.view() as view:
                wanted[number] = {u: view.resolve("Watch", u).version for u in UNITS}
        stop = threading.Event()
        wrong: List[str] = []
        seen = set()

        def use(turn: int) -> None:
            try:
                while not stop.is_set():
                    for unit in UNITS[turn::7]:
                        got = engine.resolve("Watch", unit, device=unit, tenure=turn)
                        assert got.version == wanted[got.revision][unit]
                        seen.add(got.revision)
                    batch = engine.resolve_batch("Watch", UNITS)
                    assert list(batch.version) == [wanted[batch.revision][u] for u in UNITS]
                    with engine.view() as view:
                        for unit in UNITS[:20]:
                            assert view.resolve("Watch", unit).revision == view.revision
            except BaseException:
                wrong.append(traceback.format_exc())

        users = [threading.Thread(target=use, args=(turn,)) for turn in range(6)]
        for user in users:
            user.start()
        for number in [*range(1, revisions), revisions, 3]:
            store.run("activate", str(number))
            until(lambda n=number: engine.resolve("Watch", "u").revision == n, "head")  # type: ignore[misc]
        stop.set()
        for user in users:
            user.join()
        assert not wrong, wrong[0]
        assert len(seen) > 2


def in_child(work: Callable[[], None]) -> int:
    """Forks; the child works, and ends with 0 if nothing was wrong."""
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        work()
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def all_well(pids: List[int]) -> None:
    assert [os.waitpid(pid, 0)[1] for pid in pids] == [0] * len(pids)


def test_fork_as_a_preloading_server_does(store: Store) -> None:
    """Open and resolve in the parent, fork eight workers, resolve in all; publish; all see it."""
    with turnout.Engine(store.path) as engine:
        before = [engine.resolve("Watch", u, country="US") for u in UNITS[:50]]
        with engine.view() as view:
            ready, says_ready = os.pipe()

            def work() -> None:
                assert [engine.resolve("Watch", u, country="US") for u in UNITS[:50]] == before
                assert engine.resolve_batch("Watch", UNITS).revision == 1
                with pytest.raises(turnout.Closed, match="before a fork"):
                    view.resolve("Watch", "u")
                view.close()
                os.write(says_ready, b".")
                until(lambda: engine.resolve("Watch", "u").revision == 2, "revision 2")
                assert {engine.resolve("Watch", u).version for u in UNITS} == {"v2"}
                with engine.view() as own:
                    assert own.revision == 2
                users = [
                    threading.Thread(target=engine.resolve, args=("Watch", u)) for u in UNITS[:9]
                ]
                for user in users:
                    user.start()
                for user in users:
                    user.join()
                engine.close()

            workers = [in_child(work) for _ in range(8)]
            got = b""
            while len(got) < 8:
                got += os.read(ready, 8)
            store.publish_weights(0)
            until(lambda: engine.resolve("Watch", "u").revision == 2, "revision 2 in the parent")
            all_well(workers)
            os.close(ready)
            os.close(says_ready)
            assert view.resolve("Watch", "u").revision == 1


def test_fork_while_other_threads_resolve(store: Store) -> None:
    with turnout.Engine(store.path) as engine:
        stop = threading.Event()

        def use() -> None:
            while not stop.is_set():
                engine.resolve("Watch", "u", country="US")
                engine.resolve_batch("Watch", UNITS * 5)

        users = [threading.Thread(target=use) for _ in range(3)]
        for user in users:
            user.start()
        wanted = engine.resolve("Watch", "u_1")
        try:
            for _ in range(10):

                def work() -> None:
                    for _ in range(50):
                        assert engine.resolve("Watch", "u_1") == wanted
                    assert engine.resolve_batch("Watch", ["u_1"] * 2000).distinct == [wanted]

                all_well([in_child(work)])
        finally:
            stop.set()
            for user in users:
                user.join()


_engine: Optional[turnout.Engine] = None


def take(engine: turnout.Engine) -> None:
    """What a pool calls first in each process."""
    global _engine
    _engine = engine


def ask(unit: str) -> Tuple[int, turnout.Decision]:
    assert _engine is not None
    return os.getpid(), _engine.resolve("Watch", unit)


@pytest.mark.parametrize("method", ["spawn", "fork", "forkserver"])
def test_multiprocessing(published: Store, method: str) -> None:
    """The engine goes to the workers by its path; decisions come back as values."""
    context = multiprocessing.get_context(method)
    with turnout.Engine(published.path) as engine:
        wanted = [engine.resolve("Watch", unit) for unit in UNITS[:40]]
        with ProcessPoolExecutor(
            2, mp_context=context, initializer=take, initargs=(engine,)
        ) as pool:
            answers = list(pool.map(ask, UNITS[:40]))
    assert [decision for _, decision in answers] == wanted
    assert os.getpid() not in {pid for pid, _ in answers}


def test_asyncio(store: Store) -> None:
    """Called from coroutines as it is; nothing waits for anything."""

    async def client(engine: turnout.Engine, turn: int) -> List[int]:
        seen = []
        for unit in UNITS[turn : turn + 50]:
            seen.append(engine.resolve("Watch", unit, tenure=turn).revision)
            await asyncio.sleep(0)
        return seen

    async def main(engine: turnout.Engine) -> List[List[int]]:
        publishing = asyncio.get_running_loop().run_in_executor(None, store.publish_weights, 3)
        answers = await asyncio.gather(*(client(engine, turn) for turn in range(200)))
        assert await publishing == 2
        batch = await asyncio.to_thread(engine.resolve_batch, "Watch", UNITS * 10)
        assert len(batch) == 6000
        return list(answers)

    with turnout.Engine(store.path) as engine:
        answers = asyncio.run(main(engine))
        assert all(seen == sorted(seen) and len(seen) == 50 for seen in answers)
        until(lambda: engine.resolve("Watch", "u").revision == 2, "revision 2")
