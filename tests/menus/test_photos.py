"""What a phone sends becomes two plain pictures; what is no photo is refused."""

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image
from sqlmodel import Session, select

from canteen.db.database import Database
from menus import photos
from menus.errors import DishUnknown, MenuError, PhotoPixels, PhotoTooLarge, PhotoUnreadable
from menus.food import Food
from menus.models import Dish, FoodPhoto
from tests.canteen.building import NOW, TODAY, stock_kitchen

GPS = 0x8825
ORIENTATION = 0x0112


def phone_photo(width: int = 1600, height: int = 1200, *, orientation: int = 1, kind: str = "JPEG") -> bytes:
    """Left half red, right half blue; with a maker, a place and a profile, as a phone writes them."""
    image = Image.new("RGB", (width, height), "blue")
    image.paste("red", (0, 0, width // 2, height))
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    exif[0x010F] = "PhoneMaker"
    exif.get_ifd(GPS)[2] = (43.0, 49.0, 12.0)
    out = BytesIO()
    image.save(out, kind, exif=exif, icc_profile=b"profile of the phone", comment=b"secret place")
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    """Decoded, and read to its end."""
    image = Image.open(BytesIO(data))
    image.load()
    return image


def _colour(image: Image.Image, at: tuple[float, float]) -> str:
    found = image.convert("RGB").getpixel((int(image.width * at[0]), int(image.height * at[1])))
    assert isinstance(found, tuple)
    red, _, blue = found[:3]
    return "red" if red > 200 > blue else "blue" if blue > 200 > red else str(found)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_both_sizes_are_webp_of_fixed_sides(kind: str) -> None:
    made = photos.pictures(phone_photo(kind=kind))

    assert (opened(made.large).format, opened(made.large).size) == ("WEBP", (800, 600))
    assert (opened(made.small).format, opened(made.small).size) == ("WEBP", (400, 300))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_nothing_the_camera_wrote_is_kept(kind: str) -> None:
    """No place, no maker, no profile, no comment: in the decoded picture and in its bytes."""
    sent = phone_photo(kind=kind)
    assert b"PhoneMaker" in sent

    made = photos.pictures(sent)

    for data in (made.large, made.small):
        assert not opened(data).getexif()
        assert not {"exif", "icc_profile", "xmp", "comment"} & opened(data).info.keys()
        assert not any(found in data for found in (b"PhoneMaker", b"secret", b"EXIF", b"ICCP", b"XMP", b"profile"))


def test_a_photo_held_upright_is_turned() -> None:
    """Orientation 6: the camera lay on its side, so what is left in the file is on top to the eye."""
    lying = opened(photos.pictures(phone_photo()).large)
    upright = opened(photos.pictures(phone_photo(1600, 1600, orientation=6)).large)

    assert (_colour(lying, (0.1, 0.5)), _colour(lying, (0.9, 0.5))) == ("red", "blue")
    assert (_colour(upright, (0.5, 0.1)), _colour(upright, (0.5, 0.9))) == ("red", "blue")


def test_what_shines_through_becomes_white() -> None:
    out = BytesIO()
    Image.new("RGBA", (400, 300), (0, 0, 0, 0)).save(out, "PNG")

    corner = opened(photos.pictures(out.getvalue()).large).convert("RGB").getpixel((5, 5))

    assert isinstance(corner, tuple)
    assert min(corner) > 250


def _png(width: int, height: int) -> bytes:
    """A PNG that says it is that large and holds almost nothing."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    )


def _gif() -> bytes:
    out = BytesIO()
    Image.new("RGB", (400, 300)).save(out, "GIF")
    return out.getvalue()


@pytest.mark.parametrize(
    "sent, refusal",
    [
        (b"", PhotoUnreadable),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", PhotoUnreadable),
        (b"GIF89a" + b"\0" * 100, PhotoUnreadable),
        (_gif(), PhotoUnreadable),
        (b"\xff\xd8\xff\xe0" + b"\0" * 50, PhotoUnreadable),
        (phone_photo()[:2000], PhotoUnreadable),
        (_png(400, 300), PhotoUnreadable),
        (_png(9_000, 9_000), PhotoPixels),
        (_png(11_000, 11_000), PhotoPixels),
        (_png(60_000, 60_000), PhotoPixels),
        (_png(64, 48), PhotoPixels),
        (b"\0" * (photos.MOST_BYTES + 1), PhotoTooLarge),
    ],
    ids=[
        "empty",
        "svg",
        "gif head",
        "gif",
        "jpeg head",
        "cut off",
        "no data",
        "81 MP",
        "121 MP",
        "3.6 GP",
        "stamp",
        "big",
    ],
)
def test_what_is_no_photo_is_refused(sent: bytes, refusal: type[MenuError]) -> None:
    with pytest.raises(refusal):
        photos.pictures(sent)


def _ribs(session: Session) -> Food:
    found = session.exec(select(Dish.id).where(Dish.key == "ribs")).one()
    assert found is not None
    return Food("longcheng", "dish", found)


def test_a_new_photo_takes_the_place_of_the_old_one(database: Database) -> None:
    """The old bytes are gone: somebody may stand in the picture who should not."""
    database.write_sync(stock_kitchen)
    ribs = database.read_sync(_ribs)
    made = photos.pictures(phone_photo())
    first = database.write_sync(photos.put, ribs, made, now=NOW, by="account:1")

    second = database.write_sync(photos.put, ribs, made, now=NOW, by="account:1")

    assert first != second
    assert database.read_sync(photos.read, second, small=True) == made.small
    with pytest.raises(DishUnknown):
        database.read_sync(photos.read, first, small=False)
    assert database.read_sync(lambda s: [row.taken_on for row in s.exec(select(FoodPhoto)).all()]) == [TODAY]


def test_another_kitchen_cannot_put_a_photo_up(database: Database) -> None:
    database.write_sync(stock_kitchen)
    ribs = database.read_sync(_ribs)

    with pytest.raises(DishUnknown):
        database.write_sync(
            photos.put, Food("shuiyun", "dish", ribs.id), photos.pictures(phone_photo()), now=NOW, by="account:1"
        )
