"""One page of their own for each person, made when they first come.

A page has its own documents, queue, streams and files, so that nothing of one can reach another:
there is no request to a person's page that does not go through the person's own session.
"""

import asyncio
from collections.abc import Callable

from drafter.access.asgi import Asgi, Message
from drafter.access.roster import Person

Build = Callable[[Person], Asgi]


class Rooms:
    """The pages that have been made. All methods run in the server's event loop."""

    def __init__(self, build: Build) -> None:
        self._build = build
        self._lock = asyncio.Lock()
        self._open: dict[int, tuple[Asgi, _Life]] = {}

    async def of(self, person: Person) -> Asgi:
        """Return a person's page, making it (within a second) the first time."""
        found = self._open.get(person.id)
        if found is None:
            async with self._lock:
                found = self._open.get(person.id)
                if found is None:
                    app = await asyncio.to_thread(self._build, person)
                    life = _Life(app)
                    await life.begin()
                    found = self._open[person.id] = (app, life)
        return found[0]

    async def close(self) -> None:
        """End all pages."""
        for _, life in self._open.values():
            await life.end()
        self._open.clear()


class _Life:
    """The start and end of an application, as a server tells it (ASGI lifespan)."""

    def __init__(self, app: Asgi) -> None:
        self._app = app
        self._told: asyncio.Queue[Message] = asyncio.Queue()
        self._heard: asyncio.Queue[Message] = asyncio.Queue()
        self._task = asyncio.create_task(self._run())

    async def begin(self) -> None:
        await self._say("startup")

    async def end(self) -> None:
        await self._say("shutdown")

    async def _run(self) -> None:
        await self._app({"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}},
                        self._told.get, self._heard.put)  # fmt: skip

    async def _say(self, what: str) -> None:
        await self._told.put({"type": f"lifespan.{what}"})
        heard = asyncio.ensure_future(self._heard.get())
        await asyncio.wait({heard, self._task}, return_when=asyncio.FIRST_COMPLETED)
        if not heard.done():
            heard.cancel()
            await self._task  # raises what the application did
        elif heard.result()["type"] == f"lifespan.{what}.failed":
            raise RuntimeError(heard.result().get("message", what))
