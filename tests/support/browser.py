"""Chromium of the system's packages, without a window, driven by Playwright."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Literal

from playwright.async_api import Browser, BrowserContext, async_playwright

from tests.support.admin_side import BEARER

Scheme = Literal["light", "dark"]
WIDTHS = (360, 1280)
SCHEMES: tuple[Scheme, ...] = ("light", "dark")


def chromium() -> str | None:
    """Where it is, None when it is not installed (`make system-packages`)."""
    return shutil.which("chromium")


@asynccontextmanager
async def browser(executable: str) -> AsyncIterator[Browser]:
    """A browser; it and its profile are gone afterwards."""
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    async with async_playwright() as playwright:
        found = await playwright.chromium.launch(executable_path=executable, args=arguments)
        try:
            yield found
        finally:
            await found.close()


@asynccontextmanager
async def visitor(
    found: Browser, width: int = 1280, scheme: Scheme = "light", script: bool = True, **options: Any
) -> AsyncIterator[BrowserContext]:
    """Somebody who has logged in."""
    context = await found.new_context(
        viewport={"width": width, "height": 800},
        color_scheme=scheme,
        java_script_enabled=script,
        extra_http_headers=BEARER,
        **options,
    )
    try:
        yield context
    finally:
        await context.close()
