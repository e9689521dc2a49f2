from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable

import pytest

from federation.errors import Gone, Unreachable
from federation.once import Once


class Asking:
    """A question that counts how often it is asked, and is answered when told."""

    def __init__(self) -> None:
        self.times = 0
        self.answer: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def __call__(self) -> str:
        self.times += 1
        return await asyncio.shield(self.answer)


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def failing(error: Exception) -> tuple[list[int], Callable[[], asyncio.Future[str]]]:
    times: list[int] = []

    def ask() -> asyncio.Future[str]:
        times.append(1)
        made: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        made.set_exception(error)
        return made

    return times, ask


async def test_those_who_ask_at_the_same_time_share_one_answer() -> None:
    once, asking = Once[str](Clock()), Asking()
    waiting = [asyncio.create_task(once.once("key", asking)) for _ in range(30)]
    await asyncio.sleep(0)

    asking.answer.set_result("found")

    assert (await asyncio.gather(*waiting), asking.times) == (["found"] * 30, 1)


async def test_those_who_ask_at_the_same_time_share_one_failure() -> None:
    once, asking = Once[str](Clock()), Asking()
    waiting = [asyncio.create_task(once.once("key", asking)) for _ in range(30)]
    await asyncio.sleep(0)

    asking.answer.set_exception(Gone("answered 410"))

    told = await asyncio.gather(*waiting, return_exceptions=True)
    assert ([(type(one), str(one)) for one in told], asking.times) == ([(Gone, "answered 410")] * 30, 1)


async def test_an_answer_is_not_kept_for_later() -> None:
    once, asking = Once[str](Clock()), Asking()
    asking.answer.set_result("found")

    await once.once("key", asking)
    await once.once("key", asking)

    assert asking.times == 2


async def test_a_failure_is_remembered_for_seconds() -> None:
    clock = Clock()
    once = Once[str](clock, seconds=5)
    times, ask = failing(Unreachable("no answer"))

    for now in (100.0, 104.9, 105.0):
        clock.now = now
        with pytest.raises(Unreachable, match="no answer"):
            await once.once("key", ask)

    assert len(times) == 2


async def test_the_failure_of_one_is_not_the_failure_of_another() -> None:
    once = Once[str](Clock())
    times, ask = failing(Unreachable("no answer"))

    for key in ("one", "other"):
        with pytest.raises(Unreachable):
            await once.once(key, ask)

    assert len(times) == 2


async def test_only_so_many_failures_are_remembered_the_newest() -> None:
    once = Once[str](Clock(), most=10)
    times, ask = failing(Unreachable("no answer"))
    for number in range(11):
        with pytest.raises(Unreachable):
            await once.once(str(number), ask)
    times.clear()

    for number in (10, 1, 0):
        with pytest.raises(Unreachable):
            await once.once(str(number), ask)

    assert len(times) == 1


async def test_who_waits_for_a_question_that_was_given_up_asks_anew() -> None:
    once, first, second = Once[str](Clock()), Asking(), Asking()
    given_up = asyncio.create_task(once.once("key", first))
    await asyncio.sleep(0)
    waiting = asyncio.create_task(once.once("key", second))
    await asyncio.sleep(0)
    second.answer.set_result("found")

    given_up.cancel()

    assert await waiting == "found"
    assert given_up.cancelled() or await asyncio.wait([given_up])


async def test_who_gives_up_waiting_does_not_end_the_question_of_another() -> None:
    once, asking = Once[str](Clock()), Asking()
    first = asyncio.create_task(once.once("key", asking))
    await asyncio.sleep(0)
    impatient = asyncio.create_task(once.once("key", asking))
    await asyncio.sleep(0)

    impatient.cancel()
    await asyncio.wait([impatient])
    asking.answer.set_result("found")

    assert (await first, impatient.cancelled()) == ("found", True)


async def test_a_failure_nobody_shared_leaves_no_complaint() -> None:
    complaints: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: complaints.append(context))
    once = Once[str](Clock())

    async def ask() -> str:
        raise Unreachable("no answer")

    with pytest.raises(Unreachable):
        await once.once("key", ask)
    gc.collect()

    assert complaints == []
