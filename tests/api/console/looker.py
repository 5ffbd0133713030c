"""A browser page on the console, and all that goes wrong on it."""

from playwright.sync_api import BrowserContext, Page, expect

from tests.api.console.district import District

OWN = ("blob:", "data:")
PATIENCE_MS = 20_000


class Looker:
    """A page and all that went wrong on it."""

    def __init__(self, context: BrowserContext, district: District) -> None:
        self.page: Page = context.new_page()
        self.page.set_default_timeout(PATIENCE_MS)
        self._district = district
        self.foreign: list[str] = []
        self.errors: list[str] = []
        self.page.on("request", lambda request: self._note_request(request.url))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on(
            "console",
            lambda message: self.errors.append(message.text) if message.type == "error" else None,
        )

    def _note_request(self, url: str) -> None:
        if not url.startswith((self._district.url, self._district.url.replace("http", "ws"), *OWN)):
            self.foreign.append(url)

    def open(self) -> Page:
        self.page.goto(self._district.url)
        expect(self.page.locator(".connection[data-connection=live]")).to_be_visible()
        return self.page
