"""A kiosk without scripts."""

from httpx import Response

from tests.support.pages import Pages
from tests.support.world import CARDS


class Kiosk(Pages):
    """A screen at the door of a canteen."""

    def tap(self, who: str) -> Response:
        """Hold a card to the reader of the start page."""
        self.go("")
        return self.post("/tap", card=CARDS[who])
