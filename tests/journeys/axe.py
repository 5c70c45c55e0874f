"""What axe-core, the checker of the accessibility guidelines (WCAG 2.2 A and AA), finds."""

from playwright.sync_api import Page

from tests.servers import ROOT

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(page: Page) -> list[str]:
    """What axe finds on the page as it is now."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE.read_text())
    found = page.evaluate(
        "async tags => (await axe.run({runOnly: tags})).violations.map("
        "  each => `${each.id}: ${each.nodes.map(node => node.target.join(' ')).join(', ')}`)",
        RULES,
    )
    return [f"{page.url} {each}" for each in found]
