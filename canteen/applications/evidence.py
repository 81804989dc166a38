"""Photos of papers: whatever a phone sends, written anew from bare pixels in a size that can be read."""

from dataclasses import dataclass

from canteen.applications.errors import PdfRefused
from menus.photos import bare, upright, webp

MOST = 3
MOST_BYTES = 12_000_000
LONGEST_SIDE = 1600
"""A page of A4 fills it at 140 dots an inch: small print can still be read."""
MEDIA_TYPE = "image/webp"


@dataclass(frozen=True, slots=True)
class Photo:
    """One photo as it is kept."""

    webp: bytes
    width: int
    height: int


def read_photo(data: bytes) -> Photo:
    """Turned upright, at most 1600 pixels long, without place, time, owner and profile.

    Raises:
        PdfRefused: a PDF may hold more than what one sees; a photo of the paper is asked for instead.
        menus.errors.PhotoTooLarge, PhotoUnreadable, PhotoPixels: as for any photo.
    """
    if data[:1024].lstrip().startswith(b"%PDF"):
        raise PdfRefused
    image = upright(data, aim=LONGEST_SIDE, most_bytes=MOST_BYTES)
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    image = bare(image)
    return Photo(webp(image), image.width, image.height)
