"""The demo workers of the app: one idle one at most, warm while it is likely to be needed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine

from demos.client import DemoClient


class WorkerPool:
    """Hands out workers and takes them back. It owns every start, so that a caller that gives up orphans no process."""

    def __init__(self, start: Callable[[], Coroutine[None, None, DemoClient]] | None = None) -> None:
        """start: starts a worker, if not in the usual way."""
        self._start = start
        self._idle: asyncio.Task[DemoClient] | None = None
        self._lent: set[DemoClient] = set()
        self._closed = False
        self._devices: tuple[str, ...] = ()

    @property
    def devices(self) -> tuple[str, ...]:
        """The devices that demos can use, once a worker has said; the preferred one first."""
        return self._devices

    def warm(self) -> None:
        """See to it that a worker is idle, paying for torch meanwhile."""
        if self._idle is None and not self._closed:
            self._idle = asyncio.create_task((self._start or DemoClient.open)())

    async def take(self) -> DemoClient:
        """A worker for a run: the idle one, warm or warming, else a new one. Give it back."""
        while True:
            self.warm()
            if self._idle is None:
                raise asyncio.CancelledError  # the app is ending
            client = await asyncio.shield(self._idle)
            if self._idle is None:
                continue  # another was quicker
            self._idle = None
            if client.alive:
                self._lent.add(client)
                return client
            await client.close()

    async def give(self, client: DemoClient) -> None:
        """Take a worker back: its run is stopped; it stays as the idle one if it obeyed and there is none yet."""
        if client.ready is not None:
            self._devices = client.ready.devices
        obeyed = not self._closed and await client.stop()
        if obeyed and self._idle is None and not self._closed:
            self._idle = asyncio.create_task(_done(client))
        else:
            await client.close()
        self._lent.discard(client)  # last: a giver that is cancelled on the way leaves it to `close`

    def shut(self) -> None:
        """End every worker, and keep none from now on. Called early: a process of torch's size takes a while to go."""
        self._closed = True
        idle = self._idle.result() if self._idle is not None and self._idle.done() else None
        for client in filter(None, (idle, *self._lent)):
            client.kill()

    async def close(self) -> None:
        """End the workers, and wait until they are gone."""
        self.shut()
        if self._idle is not None:
            await (await self._idle).close()
            self._idle = None
        for client in tuple(self._lent):
            await client.close()


async def _done(client: DemoClient) -> DemoClient:
    return client
