"""A page in a browser, with a record of what went wrong on it."""

from __future__ import annotations

from playwright.sync_api import Page


class Visit:
    """A page in a browser, and what went wrong on it: console messages, errors, requests to elsewhere."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.faults: list[str] = []
        page.on("console", lambda message: self.faults.append(message.text))
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("request", lambda request: None if request.url.startswith(address) else self.faults.append(request.url))
        self.address = address

    def open(self, path: str = "test/index.html") -> Page:
        """Goes to a page of the site."""
        self.page.goto(f"{self.address}/{path}")
        return self.page
