"""Whether a task was canceled: a cancellation that meets a call into a library may get lost in it."""

import asyncio


def is_cancel_requested() -> bool:
    """Whether the running task was canceled, even if its CancelledError was swallowed or replaced by another error.

    A loop that goes on after errors checks this each time; otherwise one swallowed cancellation keeps it alive for ever
    (measured: SIGTERM while Redis was out of memory).
    """
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
