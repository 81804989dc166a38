"""Addresses that leave the house: on posters, slips and cards they must be those that phones can reach."""

from canteen.settings import Settings
from canteen.web.templates import PageRequest


def public_url(request: PageRequest, path: str) -> str:
    """`path` under the public address of this installation (`CANTEEN_PUBLIC_URL`), else under that of the request."""
    settings: Settings = request.app.state.settings
    base = settings.public_url or f"{request.url.scheme}://{request.url.netloc}"
    return base.rstrip("/") + path
