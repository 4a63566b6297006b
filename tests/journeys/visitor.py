"""Somebody in front of a real browser, who does what the page offers and notices what goes wrong in it."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Locator,
    Page,
    Request,
    Response,
    StorageState,
    expect,
)

from tests.support.browser import PASSWORD

PATIENCE_MS = 30_000
"""How long a page may take on a busy machine; nothing is measured by it."""

PHONE = 360
DESKTOP = 1280
HEIGHTS = {PHONE: 740, DESKTOP: 900}
NO_FAULT = re.compile(
    r"^Failed to load resource: the server responded with a status of \d+"
    r"|^Service Worker registration blocked by Playwright"
)
"""Chromium's line about every answer of 400 and over, which `_on_response` judges by what they are, and what
tells that a visitor without the service worker has none."""

expect.set_options(timeout=PATIENCE_MS)


class Visitor:
    """One person with their own cookies and storage, and one open page."""

    def __init__(
        self,
        chromium: Browser,
        address: str,
        *,
        width: int = DESKTOP,
        javascript: bool = True,
        cookies: StorageState | None = None,
        service_worker: bool = False,
    ) -> None:
        """Open an empty page of a width; `cookies` are those of somebody who signed in before.

        Without the service worker every request is seen once, and as what it is.
        """
        self.address = address
        self.context: BrowserContext = chromium.new_context(
            base_url=address,
            locale="nl-NL",
            timezone_id="Europe/Amsterdam",
            viewport={"width": width, "height": HEIGHTS[width]},
            java_script_enabled=javascript,
            storage_state=cookies,
            service_workers="allow" if service_worker else "block",
        )
        self.context.set_default_timeout(PATIENCE_MS)
        self.faults: list[str] = []
        self.expected_refusals: set[int] = set()
        self.context.on("request", self._on_request)
        self.context.on("response", self._on_response)
        self.page: Page = self.context.new_page()
        self.page.on("console", self._on_console)
        self.page.on("pageerror", self._on_page_error)

    @property
    def main(self) -> Locator:
        """Return what stands between header and footer."""
        return self.page.locator("main")

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not NO_FAULT.match(message.text):
            self.faults.append(f"{self.page.url}: console {message.type}: {message.text}")

    def _on_page_error(self, error: Error) -> None:
        self.faults.append(f"{self.page.url}: script: {error}")

    def _on_request(self, request: Request) -> None:
        if not request.url.startswith((self.address + "/", "data:", "blob:")):
            self.faults.append(f"{self.page.url}: loads {request.url}")

    def _on_response(self, response: Response) -> None:
        is_page = response.request.is_navigation_request()
        if response.status >= 400 and not (is_page and response.status in self.expected_refusals):
            self.faults.append(f"{response.request.method} {response.url}: status {response.status}")

    def check_nothing_went_wrong(self) -> None:
        """Fail on errors in the console, refusals by the CSP, broken loads, and loads from elsewhere."""
        assert not self.faults, "\n".join(self.faults)

    def expects_refusal(self, *statuses: int) -> "Visitor":
        """Say that a page may answer with one of these statuses from now on."""
        self.expected_refusals.update(statuses)
        return self

    def open(self, path: str) -> "Visitor":
        """Type an address."""
        self.page.goto(path)
        return self

    def sign_in(self, name: str, password: str = PASSWORD) -> "Visitor":
        """Sign in through the page."""
        self.open("/inloggen")
        self.fill("E-mailadres of huurdersnummer", name)
        self.fill("Wachtwoord", password)
        self.press("Inloggen")
        expect(self.page.get_by_role("button", name="Uitloggen")).to_be_visible()
        return self

    def sign_out(self) -> "Visitor":
        """Press the button in the header."""
        self.page.get_by_role("button", name="Uitloggen").click()
        self.reads("U bent uitgelogd.")
        return self

    def ready(self, target: Locator) -> Locator:
        """Return what is on the page once its scripts ran; until then a button asks the server."""
        target.wait_for()
        self.page.wait_for_load_state("domcontentloaded")
        return target

    def fill(self, label: str, words: str) -> None:
        """Type in the field with this label."""
        self.ready(self.main.get_by_label(label, exact=True)).fill(words)

    def choose(self, option: str) -> None:
        """Pick the radio button or checkbox with this label, by its whole target."""
        self.ready(self.main.get_by_label(option, exact=True)).check()

    def press(self, button: str, *, inside: Locator | None = None) -> None:
        """Click the only button with this name."""
        self.ready((inside or self.main).get_by_role("button", name=button, exact=True)).click()

    def follow(self, link: str, *, inside: Locator | None = None) -> None:
        """Click the only link with this name."""
        self.ready((inside or self.main).get_by_role("link", name=link, exact=True)).click()

    def reads(self, sentence: str) -> None:
        """Check that a sentence stands on the page."""
        expect(self.main).to_contain_text(sentence)

    def does_not_read(self, sentence: str) -> None:
        """Check that a sentence does not stand on the page."""
        expect(self.main).not_to_contain_text(sentence)

    def post(self, words: str) -> Locator:
        """Return the post that says this."""
        return self.page.get_by_role("article").filter(has=self.page.locator(".prose", has_text=words))

    def facts(self) -> Mapping[str, str]:
        """Return the pairs of the fact lists on the page."""
        rows = self.main.locator(".facts > div").all()
        return {
            row.locator("dt").inner_text().strip(): row.locator("dd").inner_text().strip() for row in rows
        }

    def table(self, caption: str) -> list[list[str]]:
        """Return the cells of the table with this caption, row by row, without its head."""
        table = self.main.get_by_role("table", name=caption)
        return [
            [cell.strip() for cell in row.locator("th, td").all_inner_texts()]
            for row in table.locator("tbody tr").all()
        ]

    def fetch(self, link: str, folder: Path) -> Path:
        """Click a link that gives a file, and return the file."""
        return self.save(folder, lambda: self.follow(link))

    def save(self, folder: Path, act: Callable[[], object]) -> Path:
        """Do something that gives a file, and return the file."""
        with self.page.expect_download() as waiting:
            act()
        file = folder / waiting.value.suggested_filename
        waiting.value.save_as(file)
        return file

    def overflow(self) -> int:
        """Return by how many pixels the page is wider than the window."""
        script = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
        return int(self.page.evaluate(script))
