"""Whether a task was told to stop: a cancellation that meets a call into a library may get lost in it."""

import asyncio


def is_cancel_requested() -> bool:
    """Whether somebody canceled the running task, even if the error of that has become another one on its way.

    A loop that goes on after errors asks this each time; else one swallowed cancellation makes it live for ever
    (measured: SIGTERM while Redis was out of memory).
    """
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
