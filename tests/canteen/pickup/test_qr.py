"""A scanner reads what we draw."""

import re

import zxingcpp
from PIL import Image, ImageDraw

from canteen.pickup.codes import DIGITS, looks_like_code, new_code
from canteen.pickup.qr import svg

SCALE = 8


def _drawn(document: str) -> Image.Image:
    size = int(re.findall(r'viewBox="0 0 (\d+) ', document)[0])
    image = Image.new("L", (size * SCALE, size * SCALE), 255)
    draw = ImageDraw.Draw(image)
    for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1H\d+z", document.split('fill="#000"')[1]):
        left, top = int(x) * SCALE, int(y) * SCALE
        draw.rectangle((left, top, left + int(width) * SCALE - 1, top + SCALE - 1), fill=0)
    return image


def test_a_scanner_reads_the_code() -> None:
    """Decoded by an independent reader."""
    code = new_code()

    read = zxingcpp.read_barcodes(_drawn(svg(code, title="取餐码")))

    assert [found.text for found in read] == [code]


def test_codes_are_twenty_random_digits() -> None:
    """No two alike, no letter an input method could swallow."""
    made = {new_code() for _ in range(1000)}

    assert len(made) == 1000
    assert all(looks_like_code(code) and len(code) == DIGITS for code in made)
    assert not looks_like_code("１" * 20)
