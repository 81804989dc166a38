"""A rule set drafted in a real browser: every page laid out well, and the checks run while one types."""

import pytest
from playwright.sync_api import expect

from canteen.usecases.start_rule_draft import start_rule_draft
from subsidies.document_edits import beginning
from subsidies.rules.library import shipped_text
from tests.browser.conftest import OpenPage, signed_in
from tests.browser.probe import axe, axe_is_installed, probe
from tests.support.world import World

pytestmark = pytest.mark.browser
SIZES = [((1280, 800), "zh"), pytest.param((1024, 768), "en", marks=pytest.mark.long)]


@pytest.mark.long
@pytest.mark.parametrize("size, lang", SIZES)
def test_a_draft_is_written_with_its_checks_beside(
    open_page: OpenPage, world: World, size: tuple[int, int], lang: str
) -> None:
    """List, words, comparison, draft and its forms; another price shows at once which examples disagree."""
    page = signed_in(open_page(*size), world, "officer", "/office/rules")
    author = f"account:{world.database.read_sync(lambda s: s.connection().exec_driver_sql(_OFFICER).scalar_one())}"
    text = beginning(shipped_text("fengman-example"), world.day.replace(year=2027))
    key = world.database.write_sync(start_rule_draft, text, now=world.now, actor=author, actor_name="林科长")
    draft = f"/office/rules/drafts/{key}"
    fewer = shipped_text("jilin-2024").replace('"jilin/fengman"]', '"jilin/fengman/jianhua"]')
    narrow = world.database.write_sync(start_rule_draft, fewer, now=world.now, actor=author, actor_name="林科长")
    faults = []
    for path in (
        "/office/rules/2?with=1",
        "/office/rules/drafts/new?",
        f"{draft}?",
        f"/office/rules/drafts/{narrow}?",
        f"/office/simulation?rules={key}",
        f"{draft}/edit/scope?",
        f"{draft}/edit/limits?",
        f"{draft}/edit/example?n=0",
        f"{draft}/edit/rule?n=3",
    ):
        page.goto(f"{path}&lang={lang}")
        page.evaluate("document.querySelector('.demo-clock')?.remove()")
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
        found = probe(page, "desk") + (axe(page) if axe_is_installed() else [])
        faults += [f"{path}: {fault}" for fault in found]

    page.fill("#amount", "7")

    expect(page.locator("#check .pill-error").first).to_be_visible()
    assert faults == []


_OFFICER = "SELECT id FROM account WHERE username = 'officer'"
