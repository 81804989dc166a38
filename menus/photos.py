"""The kitchen's own photos of its food: read from whatever a phone sends, kept as two plain WebP pictures."""

from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from secrets import token_urlsafe

from PIL import Image, ImageOps
from sqlalchemy import delete, insert, select
from sqlmodel import Session, col

from menus.errors import DishUnknown, PhotoPixels, PhotoTooLarge, PhotoUnreadable
from menus.food import Food, row_of
from menus.models import FoodPhoto
from menus.service_days import business_day

MOST_BYTES = 8_000_000
MOST_PIXELS = 64_000_000
"""A phone has 48 or 50 million; a bomb says it has many more in a few kilobytes."""
LEAST_SIDE = 200
LARGE = (800, 600)
SMALL = (400, 300)
MEDIA_TYPE = "image/webp"
_FORMATS = ("JPEG", "PNG", "WEBP")
_QUALITY = 80


@dataclass(frozen=True, slots=True)
class Pictures:
    """One photo in both sizes, WebP."""

    large: bytes
    small: bytes


def pictures(data: bytes) -> Pictures:
    """Turned upright, cut to 4:3, and written anew from bare pixels: place, time, owner and profile are gone.

    Raises:
        PhotoTooLarge: more than 8 MB.
        PhotoUnreadable: none of the three kinds, or broken.
        PhotoPixels: a bomb, or a stamp.
    """
    photo = upright(data, aim=LARGE[0] * 2)
    large = bare(ImageOps.fit(photo, LARGE, Image.Resampling.LANCZOS))
    return Pictures(webp(large), webp(large.resize(SMALL, Image.Resampling.LANCZOS)))


def upright(data: bytes, *, aim: int, most_bytes: int = MOST_BYTES) -> Image.Image:
    """The decoded photo the right way up, RGB on white; about `aim` pixels are wanted of it.

    Raises:
        PhotoTooLarge: more than `most_bytes`.
        PhotoUnreadable, PhotoPixels: as `pictures`.
    """
    if len(data) > most_bytes:
        raise PhotoTooLarge(most_mb=most_bytes // 1_000_000)
    try:
        with Image.open(BytesIO(data), formats=_FORMATS) as opened:
            _check_size(*opened.size)
            opened.draft("RGB", (aim, aim))  # a JPEG then decodes at a fraction of its size
            return _on_white(ImageOps.exif_transpose(opened))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise PhotoPixels from None
    except (OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, TypeError, OverflowError, MemoryError):
        raise PhotoUnreadable from None  # whatever a decoder trips over in bytes that are no picture


def put(session: Session, food: Food, shown: Pictures, *, now: datetime, by: str) -> str:
    """Show this photo from now on, dated today, in place of the one before; returns its id.

    Raises:
        DishUnknown: this kitchen has no such dish or set meal.
    """
    row_of(session, food)
    remove(session, food)
    photo_id = token_urlsafe(18)
    session.execute(
        insert(FoodPhoto).values(
            id=photo_id,
            kitchen_id=food.kitchen_id,
            dish_id=food.id if food.kind == "dish" else None,
            set_meal_id=food.id if food.kind == "set" else None,
            taken_on=business_day(now),
            uploaded_at=now,
            uploaded_by=by,
            large=shown.large,
            small=shown.small,
        )
    )
    return photo_id


def remove(session: Session, food: Food) -> bool:
    """Take the photo down and forget it; the drawing is shown again. Whether there was one."""
    column = col(FoodPhoto.dish_id) if food.kind == "dish" else col(FoodPhoto.set_meal_id)
    gone = session.execute(
        delete(FoodPhoto)
        .where(column == food.id, col(FoodPhoto.kitchen_id) == food.kitchen_id)
        .returning(col(FoodPhoto.id))
        .execution_options(synchronize_session=False)
    ).all()
    return bool(gone)


def read(session: Session, photo_id: str, *, small: bool) -> bytes:
    """The bytes of one photo.

    Raises:
        DishUnknown: no such photo (any more).
    """
    column = FoodPhoto.small if small else FoodPhoto.large
    found = session.execute(select(col(column)).where(col(FoodPhoto.id) == photo_id)).scalar()
    if found is None:
        raise DishUnknown(key=photo_id[:40])
    return bytes(found)


def _check_size(width: int, height: int) -> None:
    if width * height > MOST_PIXELS or min(width, height) < LEAST_SIDE:
        raise PhotoPixels


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        image = image.convert("RGBA")
        ground = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(ground, image).convert("RGB")
    return image.convert("RGB")


def bare(image: Image.Image) -> Image.Image:
    """A picture made of nothing but pixels."""
    return Image.frombytes("RGB", image.size, image.tobytes())


def webp(image: Image.Image) -> bytes:
    """The bytes to keep."""
    out = BytesIO()
    image.save(out, "WEBP", quality=_QUALITY, method=4)
    return out.getvalue()
