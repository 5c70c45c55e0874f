"""What axe-core, the checker of the accessibility guidelines (WCAG 2.2 A and AA), finds."""

from playwright.sync_api import Page

from tests.servers import ROOT

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


# A colour on its way to another is none of the page's.
_AT_REST = """() => Promise.allSettled(document.getAnimations()
  .filter(each => each.effect.getComputedTiming().endTime !== Infinity)
  .map(each => each.finished)).then(() => null)"""
# The place of a pin is what it says: WCAG 2.5.8 excepts it, and each has its row in the list.
_PINS = "[class*='mx-marker']"
_RUN = """async ([tags, pins]) => {
  const small = (rule, {target}) =>
    rule === "target-size" && document.querySelector(target[0])?.matches(pins);
  return (await axe.run({runOnly: tags, resultTypes: ["violations"]})).violations
    .map(({id, nodes}) => ({id, nodes: nodes.filter(node => !small(id, node))}))
    .filter(({nodes}) => nodes.length > 0)
    .map(({id, nodes}) => `${id}: ${nodes.map(node => node.target.join(" ")).join(", ")}`);
}"""


def violations(page: Page) -> list[str]:
    """What axe finds on the page as it is now, once nothing on it moves."""
    page.evaluate(_AT_REST)
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE.read_text())
    found = page.evaluate(_RUN, [RULES, _PINS])
    return [f"{page.url} {each}" for each in found]
