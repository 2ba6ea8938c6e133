"""A report in HTML, as a browser shows it.

    check.py CHROMIUM AXE FOLDER FILE...

AXE is the script of axe-core, FOLDER is where pictures go. Prints what is wrong; exits 0 or 1.
"""

import base64
import pathlib
import sys

from chromium import Chromium

DESKTOP, NARROW = (1200, 1600), (360, 1600)

# Rows that are seen: of elements that take room.
SEEN = "[...document.querySelectorAll('tr.finding')].filter(row => row.getClientRects().length > 0).length"


class Page:
    """One report in a browser, and what is wrong with it."""

    def __init__(self, browser, path, folder):
        self.browser, self.path, self.folder, self.wrong = browser, path, folder, []

    def expect(self, holds, what):
        if not holds:
            self.wrong.append(what)

    def size(self, width, height):
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.browser.ask("Emulation.setDeviceMetricsOverride", **metrics)

    def picture(self, name):
        data = base64.b64decode(self.browser.ask("Page.captureScreenshot", format="png")["data"])
        (self.folder / f"{self.path.stem}-{name}.png").write_bytes(data)
        self.expect(data.startswith(b"\x89PNG") and len(data) > 10_000, f"the picture {name} is empty")

    def check(self, axe):
        browser = self.browser
        self.size(*DESKTOP)
        browser.open(self.path.resolve().as_uri())
        findings = browser.evaluate("document.querySelectorAll('tr.finding').length")
        self.nothing_from_outside()
        self.picture("desktop")
        self.structure()
        self.accessible(axe)
        if findings:
            self.filter(findings)
        self.keyboard()
        self.nothing_from_outside()
        self.narrow()
        self.without_scripts(findings)
        self.paper()
        return findings

    def nothing_from_outside(self):
        for event in self.browser.events:
            method, told = event["method"], event["params"]
            if method == "Network.requestWillBeSent":
                url = told["request"]["url"]
                self.expect(url == self.path.resolve().as_uri() or url.startswith("data:"), f"asks for {url}")
            elif method == "Runtime.exceptionThrown":
                self.wrong.append(f"the script fails: {told['exceptionDetails']}")
            elif method in ("Runtime.consoleAPICalled", "Log.entryAdded"):
                self.wrong.append(f"the console says: {told}")
            elif method == "Page.javascriptDialogOpening":
                self.wrong.append(f"something of the report was run: {told}")

    def structure(self):
        levels = self.browser.evaluate("[...document.querySelectorAll('h1,h2,h3,h4,h5')].map(h => +h.tagName[1])")
        self.expect(levels.count(1) == 1 and levels[0] == 1, "there is one heading of level 1, the first")
        self.expect(all(b <= a + 1 for a, b in zip(levels, levels[1:])), "a level of headings is left out")
        self.expect(self.browser.evaluate("document.documentElement.lang") == "en", "the language is not said")
        bare = "[...document.querySelectorAll('table')].filter(t => !t.querySelector('thead th[scope=col]')).length"
        self.expect(self.browser.evaluate(bare) == 0, "a table has no heads")
        twice = "(ids => ids.length - new Set(ids).size)([...document.querySelectorAll('[id]')].map(e => e.id))"
        self.expect(self.browser.evaluate(twice) == 0, "two elements have one id")
        lost = "[...document.querySelectorAll('a[href^=\"#\"]')].filter(a => !document.querySelector(a.hash)).length"
        self.expect(self.browser.evaluate(lost) == 0, "a link leads nowhere")
        foreign = "document.querySelectorAll('img, iframe, object, embed, script[src], link[rel=stylesheet]').length"
        self.expect(self.browser.evaluate(foreign) == 0, "something is loaded, or came in with a name")
        self.expect(self.browser.evaluate("document.querySelectorAll('script').length") == 1, "there is a second script")

    def accessible(self, axe):
        self.browser.ask("Runtime.evaluate", expression=axe)
        run = "axe.run(document, {resultTypes: ['violations']}).then(r => r.violations.map(v => v.id + ': ' + v.help + ': ' + v.nodes.slice(0, 3).map(n => n.html.slice(0, 160)).join(' | ')))"
        for violation in self.browser.evaluate(run):
            self.wrong.append(f"axe: {violation}")

    def typed(self, text):
        self.browser.evaluate(
            f"(s => {{ s.value = {text!r}; s.dispatchEvent(new Event('input', {{bubbles: true}})); }})"
            "(document.getElementById('search'))"
        )
        self.browser.evaluate("new Promise(done => setTimeout(done, 400))")
        return self.browser.evaluate(SEEN)

    def filter(self, findings):
        self.expect(self.browser.evaluate(SEEN) == findings, "not all findings are seen at first")
        self.expect(self.typed("no finding says this") == 0, "a search for nothing finds something")
        hidden = self.browser.evaluate("document.getElementById('nothing').hidden")
        self.expect(not hidden, "it is not said that nothing matches")
        rule = self.browser.evaluate("document.querySelector('article.rule .about code').textContent")
        of_rule = self.browser.evaluate(
            f"[...document.querySelectorAll('article.rule')].filter(a => a.textContent.includes({rule!r}))"
            ".reduce((sum, a) => sum + a.querySelectorAll('tr.finding').length, 0)"
        )
        found = self.typed(rule)
        self.expect(0 < found <= of_rule, f"a search for {rule} finds {found} rows of {of_rule}")
        self.expect(self.typed("") == findings, "an empty search does not show all")
        first = "document.querySelector('input[name=severity]')"
        of_first = self.browser.evaluate(
            f"document.querySelectorAll('article.rule[data-severity=' + {first}.value + '] tr.finding').length"
        )
        self.browser.evaluate(f"{first}.click()")
        left = self.browser.evaluate(SEEN)
        self.expect(left == findings - of_first, f"without a severity of {of_first}, {left} of {findings} are left")
        self.browser.evaluate(f"{first}.click()")
        self.expect(self.browser.evaluate(SEEN) == findings, "a severity does not come back")
        if self.browser.evaluate("!!document.querySelector('a.find')"):
            self.browser.evaluate("document.querySelector('a.find').click()")
            wanted = self.browser.evaluate("document.querySelector('a.find').dataset.find")
            self.expect(self.browser.evaluate("document.getElementById('search').value") == wanted, "an account does not filter")
            self.expect(0 < self.browser.evaluate(SEEN) <= findings, "an account with findings shows none")
            self.browser.evaluate("new Promise(done => setTimeout(done, 600))")
            self.picture("filtered")
            self.typed("")

    def keyboard(self):
        """The first stop leads to the findings; every stop can be seen."""
        self.browser.evaluate("document.activeElement.blur(), scrollTo(0, 0), getSelection().removeAllRanges()")
        self.browser.open(self.path.resolve().as_uri())
        for _ in range(2):
            for kind in ("keyDown", "keyUp"):
                self.browser.ask("Input.dispatchKeyEvent", type=kind, key="Tab", code="Tab", windowsVirtualKeyCode=9)
            if self.browser.evaluate("document.activeElement.className") == "skip":
                break
        self.expect(self.browser.evaluate("document.activeElement.className") == "skip", "Tab does not go to the link to the findings")
        seen = self.browser.evaluate("document.activeElement.getBoundingClientRect().left >= 0")
        self.expect(seen, "the link to the findings is not seen when it is reached")

    def narrow(self):
        self.size(*NARROW)
        wider = self.browser.evaluate("document.documentElement.scrollWidth - innerWidth")
        self.expect(wider <= 0, f"a narrow window scrolls sideways by {wider} pixels")
        self.picture("narrow")
        self.size(*DESKTOP)

    def without_scripts(self, findings):
        self.browser.ask("Emulation.setScriptExecutionDisabled", value=True)
        self.browser.open(self.path.resolve().as_uri())
        self.expect(self.browser.evaluate(SEEN) == findings, "without scripts, findings are missing")
        form = "(f => f && f.getClientRects().length)(document.getElementById('filter'))"
        self.expect(not self.browser.evaluate(form), "without scripts, there is a filter that does nothing")
        self.browser.ask("Emulation.setScriptExecutionDisabled", value=False)

    def paper(self):
        self.browser.open(self.path.resolve().as_uri())
        self.browser.ask("Emulation.setEmulatedMedia", media="print")
        self.picture("paper")
        seen = "[...document.querySelectorAll('.evidence dl')].every(d => d.getClientRects().length > 0)"
        self.expect(self.browser.evaluate(seen), "on paper, evidence is missing")
        self.browser.ask("Emulation.setEmulatedMedia", media="")


def main():
    binary, axe, folder, *files = sys.argv[1:]
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    axe = pathlib.Path(axe).read_text()
    wrong = 0
    for path in map(pathlib.Path, files):
        with Chromium(binary) as browser:
            for domain in ("Page", "Network", "Runtime", "Log"):
                browser.ask(f"{domain}.enable")
            page = Page(browser, path, folder)
            findings = page.check(axe)
        for what in page.wrong:
            print(f"{path}: {what}")
        wrong += len(page.wrong)
        print(f"{path}: {findings} findings, {path.stat().st_size:,} bytes, {len(page.wrong)} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
