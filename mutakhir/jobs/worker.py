"""The worker of a node: the queue of jobs, the sequencer and the clock, until it is asked to end."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import threading
from collections.abc import Callable

import django
from procrastinate import App
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException, UniqueViolation
from procrastinate.jobs import Status

log = logging.getLogger("mutakhir.worker")
CONCURRENCY = 2
ABANDONED_SECONDS = 60
END_SECONDS = 8.0


def main() -> None:
    """Run until SIGINT or SIGTERM; ends with 1 if one of the parts stopped by itself."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mutakhir.site.settings")
    django.setup()
    from mutakhir.jobs.clock import keep_time
    from mutakhir.jobs.sequencer import number_as_they_come
    from mutakhir.node.program import spare_collector

    spare_collector()
    stop = threading.Event()
    parts = [Part(number_as_they_come, stop), Part(keep_time, stop)]
    for part in parts:
        part.start()
    try:
        run_queue(lambda: any(part.broke for part in parts))
    finally:
        stop.set()
        for part in parts:
            part.join(END_SECONDS)
    sys.exit(any(part.broke for part in parts))


class Part(threading.Thread):
    """One loop of the worker; `broke` tells that it ended by a fault of its own."""

    def __init__(self, loop: Callable[[threading.Event], None], stop: threading.Event) -> None:
        super().__init__(name=loop.__name__, daemon=True)
        self._loop, self._stop_asked, self.broke = loop, stop, False

    def run(self) -> None:
        try:
            self._loop(self._stop_asked)
        except Exception:
            log.exception("%s broke", self.name)
            self.broke = True


def run_queue(broke: Callable[[], bool]) -> None:
    """Run the jobs of the queue until asked to end, or until a part of the worker broke."""
    if sys.platform == "win32":
        # The other loop of Windows cannot wait for the sockets of the database.
        with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
            runner.run(_run_queue(broke))
    else:
        asyncio.run(_run_queue(broke))


async def _run_queue(broke: Callable[[], bool]) -> None:
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.django_connector import DjangoConnector

    # The jobs themselves defer through Django's connection; the queue listens on one of its own.
    assert isinstance(app.connector, DjangoConnector)
    queue = app.with_connector(app.connector.get_worker_connector())
    async with queue.open_async():
        await take_up_abandoned(queue)
        working = asyncio.create_task(
            queue.run_worker_async(
                concurrency=CONCURRENCY,
                delete_jobs="successful",
                shutdown_graceful_timeout=END_SECONDS / 2,
                fetch_job_polling_interval=2.0,
            )
        )
        clock = asyncio.get_running_loop().time
        again = clock() + ABANDONED_SECONDS
        while not working.done():
            await asyncio.wait([working], timeout=0.5)
            if broke():
                working.cancel()
                break
            if clock() > again:
                again = clock() + ABANDONED_SECONDS
                await take_up_abandoned(queue)
        await asyncio.wait([working])
        if not working.cancelled():
            working.result()


async def take_up_abandoned(queue: App) -> int:
    """Put jobs back whose worker was killed; returns how many. Jobs are made so that they can be done again."""
    taken = 0
    for job in await queue.job_manager.get_stalled_jobs():
        try:
            await queue.job_manager.retry_job(job)
        except (AlreadyEnqueued, UniqueViolation, ConnectorException):
            # The same job waits already, so this one is not needed any more.
            await queue.job_manager.finish_job(job, status=Status.FAILED, delete_job=True)
        taken += 1
    return taken
