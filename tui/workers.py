"""The demo workers of the app: one idle one at most, warm while it is likely to be needed."""

from __future__ import annotations

import asyncio

from demos.client import DemoClient


class WorkerPool:
    """Hands out workers and takes them back."""

    def __init__(self) -> None:
        self._idle: DemoClient | None = None
        self._lent: set[DemoClient] = set()
        self._lock = asyncio.Lock()
        self._closed = False
        self._devices: tuple[str, ...] = ()

    async def warm(self) -> None:
        """See to it that a worker is idle, paying for torch meanwhile."""
        async with self._lock:
            if not self._closed and (self._idle is None or not self._idle.alive):
                await self._drop()
                self._idle = await DemoClient.open()

    async def take(self) -> DemoClient:
        """A worker for a run: the idle one, warm or warming, else a new one. Give it back, or close it."""
        async with self._lock:
            client, self._idle = self._idle, None
            if client is not None and not client.alive:
                await client.close()
                client = None
            client = client or await DemoClient.open()
            self._lent.add(client)
            return client

    @property
    def devices(self) -> tuple[str, ...]:
        """The devices that demos can use, once a worker has said; the preferred one first."""
        return self._devices

    async def give(self, client: DemoClient) -> None:
        """Take a worker back: its run is stopped; it stays as the idle one if it obeyed and there is none yet."""
        self._lent.discard(client)
        if client.ready is not None:
            self._devices = client.ready.devices
        obeyed = not self._closed and await client.stop()
        async with self._lock:
            if obeyed and self._idle is None and not self._closed:
                self._idle = client
                return
        await client.close()

    def shut(self) -> None:
        """End every worker, and keep none from now on. Called early: a process of torch's size takes a while to go."""
        self._closed = True
        for client in filter(None, (self._idle, *self._lent)):
            client.kill()

    async def close(self) -> None:
        """End the idle worker, and keep none from now on."""
        self.shut()
        async with self._lock:
            await self._drop()

    async def _drop(self) -> None:
        if self._idle is not None:
            await self._idle.close()
            self._idle = None
