"""Somebody in an office, without scripts: signs in, reads pages, sends forms with their token."""

import re
from datetime import UTC, datetime

from httpx import Response
from litestar import Litestar
from litestar.testing import TestClient

from canteen.demo.accounts import DEMO_PASSWORD, add_demo_accounts
from tests.support.world import World

_TOKEN = re.compile(r'name="_csrf_token" value="([0-9a-f]+)"')
_TAGS = re.compile(r"<[^>]+>")


class OfficeBrowser:
    """One signed-in account of the demo: `officer`, `auditor`, `community`, `subdistrict`, `longcheng-manager`."""

    def __init__(self, client: TestClient[Litestar], world: World, username: str) -> None:
        self.client = client
        add_demo_accounts(world.database, datetime.now(UTC))
        self.post("/signin", page="/signin?next=/x", username=username, password=DEMO_PASSWORD)

    def get(self, path: str, status: int = 200) -> Response:
        """The page; fails when it answers anything but `status`."""
        answer = self.client.get(path, headers={"accept": "text/html"}, follow_redirects=False)
        assert answer.status_code == status, (path, answer.status_code, words(answer)[:300])
        return answer

    def post(self, path: str, *, page: str = "/signin?next=/x", **fields: str) -> Response:
        """Send a form and follow where it leads."""
        found = _TOKEN.search(self.client.get(page, headers={"accept": "text/html"}).text)
        assert found is not None
        data = {"_csrf_token": found[1], **fields}
        return self.client.post(path, data=data, headers={"accept": "text/html"}, follow_redirects=True)


def words(answer: Response) -> str:
    """What a page says, without its tags; blanks closed up."""
    return " ".join(_TAGS.sub(" ", answer.text).split())


def links(answer: Response, start: str) -> list[str]:
    """Addresses on the page that begin with `start`, in their order."""
    found = re.findall(r'href="([^"]+)"', answer.text)
    return [href.replace("&amp;", "&") for href in found if href.startswith(start)]
