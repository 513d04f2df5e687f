"""The explorer in a real browser: Chromium of the system, driven by Playwright. `make test-app` runs these."""

import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
PICTURES = Path("out/app")


@pytest.fixture(scope="session")
def address():
    """Where the explorer is, begun as a person begins it."""
    command = [sys.executable, "-m", "nashscape", "app", "--port", "0", "--no-browser"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as run:
        try:
            yield re.search(r"http://\S+", run.stdout.readline())[0]
        finally:
            run.send_signal(signal.SIGINT)
            assert run.wait(20) == 0


@pytest.fixture(scope="session")
def chromium():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


class Page:
    """A page that is open, and what its console said."""

    def __init__(self, page):
        self.page, self.said = page, []
        page.on("console", lambda one: self.said.append((one.type, one.text)))
        page.on("pageerror", lambda error: self.said.append(("error", str(error))))

    def shown(self):
        """Until the maps of the scene that was asked for last are there."""
        body = self.page.locator("body")
        self.page.wait_for_selector("body[data-asked]")
        self.page.wait_for_timeout(60)
        for _ in range(100):
            asked = body.get_attribute("data-asked")
            self.page.wait_for_selector(f"body[data-shown='{asked}']", timeout=60_000)
            if body.get_attribute("data-asked") == asked:
                return

    def done(self):
        self.page.get_by_text("All is computed.").wait_for(timeout=180_000)

    def state(self):
        return self.page.locator("#state").text_content()

    def number(self, label):
        return self.page.get_by_label(f"{label}, as a number")

    def picture(self, name):
        PICTURES.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=PICTURES / f"{name}.png", full_page=True)


@pytest.fixture
def opened(chromium, address):
    """Opens pages, and looks that their consoles stayed silent."""
    made = []

    def open_page(more="", width=1400, height=1000, scheme="light", silent=True):
        context = chromium.new_context(viewport={"width": width, "height": height}, color_scheme=scheme,
                                       accept_downloads=True)  # fmt: skip
        one = Page(context.new_page())
        one.silent = silent
        made.append((context, one))
        one.page.goto(address + more)
        return one

    yield open_page
    for context, one in made:
        context.close()
        assert not one.silent or one.said == []
