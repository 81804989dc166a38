"""A4 pages drawn from the top down, in millimetres; black lines, black Chinese text. Drawn twice: once to learn which
characters the fonts need, then into the file. The same calls and the same `now` give the same bytes."""

import hashlib
import io
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cache

from fontTools.ttLib import TTFont as FontFile
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from canteen.audit_pack.pdf_fonts import SANS, SERIF, cut_down, font_path
from menus.service_days import LOCAL

WIDTH, HEIGHT = 210.0, 297.0
LEFT, RIGHT, TOP, BOTTOM = 15.0, 195.0, 15.0, 282.0
_THIN, _THICK = 0.18, 0.45
_PAD = 1.6
_LINE = 1.35
"""Line height by the size of the type."""
_CLOSING = "，。、；：）》」！？"
"""Never at the beginning of a line."""
Fonts = Mapping[str, str]
"""`SERIF` or `SANS` → what this file calls it."""
Draw = Callable[[Canvas, Fonts], None]


@cache
def _advances(font: str) -> dict[str, float]:
    """Width of every character by the size of the type."""
    with FontFile(font_path(font), lazy=True) as made:
        widths, units = made["hmtx"].metrics, made["head"].unitsPerEm
        return {chr(code): widths[name][0] / units for code, name in made.getBestCmap().items()}


def width_mm(text: str, font: str, size: float) -> float:
    """How wide a line of text is."""
    advances = _advances(font)
    return sum(advances.get(char, 1.0) for char in text) * size / float(mm)


def wrapped(text: str, font: str, size: float, room: float) -> list[str]:
    """Lines no wider than `room` mm; no line begins with a closing mark."""
    lines, line = [], ""
    for char in text:
        if line and width_mm(line + char, font, size) > room and char not in _CLOSING:
            lines.append(line)
            line = ""
        line += char
    return [*lines, line]


class Paper:
    """A document of as many pages as it needs."""

    def __init__(self, *, title: str, now: datetime, is_draft: bool) -> None:
        self._title, self._now, self._is_draft = title, now, is_draft
        self._pages: list[list[Draw]] = []
        self._characters: dict[str, set[str]] = {SERIF: set("0123456789第共页/"), SANS: set("草稿DRAFT")}

    def page(self) -> "Page":
        """Begin the first page; it opens the next one by itself."""
        return Page(self)

    def begin(self) -> list[Draw]:
        """One more sheet."""
        self._pages.append([])
        return self._pages[-1]

    def uses(self, font: str, text: str) -> None:
        """These characters are needed."""
        self._characters[font].update(text)

    def done(self) -> bytes:
        """The file."""
        self.uses(SERIF, self._title)
        names = {}
        for font, characters in self._characters.items():
            data = cut_down(font, frozenset(characters))
            # registered by what is in it: another document of this process has other characters
            names[font] = f"{font}-{hashlib.sha256(data).hexdigest()[:8]}"
            made = TTFont(names[font], io.BytesIO(data))
            # reportlab takes fonts whose faces share a name for one
            made.face.name = names[font].encode()
            pdfmetrics.registerFont(made)
        out = io.BytesIO()
        canvas = Canvas(
            out, pagesize=(WIDTH * mm, HEIGHT * mm), invariant=1, pageCompression=1, initialFontName=names[SERIF]
        )
        _date(canvas, self._now)
        canvas.setTitle(self._title)
        canvas.setCreator("nuancan")
        canvas.setAuthor("nuancan")
        canvas.setSubject("长者助餐")
        for number, draws in enumerate(self._pages, 1):
            if self._is_draft:
                _mark(canvas, names[SANS])
            for draw in draws:
                draw(canvas, names)
            canvas.setFillGray(0)
            canvas.setFont(names[SERIF], 8)
            canvas.drawString(LEFT * mm, 9 * mm, self._title)
            canvas.drawRightString(RIGHT * mm, 9 * mm, f"第 {number} 页 / 共 {len(self._pages)} 页")
            canvas.showPage()
        canvas.save()
        return out.getvalue()


class Page:
    """Where the next thing goes."""

    def __init__(self, paper: Paper) -> None:
        self._paper = paper
        self._draws = paper.begin()
        self.y = TOP

    def need(self, height: float) -> None:
        """Begin a new sheet when less than this is left."""
        if self.y + height > BOTTOM:
            self._draws = self._paper.begin()
            self.y = TOP

    def gap(self, height: float) -> None:
        """Leave room."""
        self.y += height

    def text(self, x: float, y: float, text: str, font: str, size: float, *, align: str = "left") -> None:
        """One line with its baseline at y."""
        if not text:
            return
        self._paper.uses(font, text)
        x -= width_mm(text, font, size) * {"left": 0.0, "centre": 0.5, "right": 1.0}[align]

        def draw(canvas: Canvas, fonts: Fonts) -> None:
            canvas.setFillGray(0)
            canvas.setFont(fonts[font], size)
            canvas.drawString(x * mm, (HEIGHT - y) * mm, text)

        self._draws.append(draw)

    def rule(self, x1: float, y1: float, x2: float, y2: float, width: float = _THIN, *, dashed: bool = False) -> None:
        """A line."""

        def draw(canvas: Canvas, fonts: Fonts) -> None:
            canvas.setLineWidth(width * mm)
            canvas.setDash([2 * mm, 1.2 * mm] if dashed else [])
            canvas.line(x1 * mm, (HEIGHT - y1) * mm, x2 * mm, (HEIGHT - y2) * mm)
            canvas.setDash([])

        self._draws.append(draw)

    def bar(self, x: float, y: float, width: float, height: float) -> None:
        """A black bar, for QR codes; a hair wider, so that no light shows between two of them."""

        def draw(canvas: Canvas, fonts: Fonts) -> None:
            canvas.setFillGray(0)
            canvas.rect(x * mm, (HEIGHT - y - height) * mm, width * mm, (height + 0.02) * mm, stroke=0, fill=1)

        self._draws.append(draw)

    def centred(self, text: str, font: str, size: float, *, after: float) -> None:
        """A heading."""
        self.y += size / mm
        self.text((LEFT + RIGHT) / 2, self.y, text, font, size, align="centre")
        self.y += after - size / mm / 2

    def line(self, text: str, *, size: float = 9) -> None:
        """A paragraph over the whole width."""
        for part in wrapped(text, SERIF, size, RIGHT - LEFT):
            self.need(size * _LINE / mm)
            self.y += size * _LINE / mm
            self.text(LEFT, self.y, part, SERIF, size)

    def row(
        self,
        widths: Sequence[float],
        cells: Sequence[str],
        *,
        size: float,
        right: Sequence[int] = (),
        heads: Sequence[int] = (),
        least: float = 0,
    ) -> None:
        """One row with its lines around it; a cell that is too long goes on below."""
        fonts = [SANS if at in heads else SERIF for at in range(len(cells))]
        texts = [
            wrapped(cell, font, size, width - 2 * _PAD) for cell, font, width in zip(cells, fonts, widths, strict=True)
        ]
        step = size * _LINE / mm
        height = max(max(len(lines) for lines in texts) * step + 1.8, least)
        self.need(height)
        x = LEFT
        for at, (lines, width) in enumerate(zip(texts, widths, strict=True)):
            y = self.y + (height - len(lines) * step) / 2 + size / mm
            for number, text in enumerate(lines):
                if at in right:
                    self.text(x + width - _PAD, y + number * step, text, fonts[at], size, align="right")
                else:
                    self.text(x + _PAD, y + number * step, text, fonts[at], size)
            self.rule(x, self.y, x, self.y + height)
            x += width
        self.rule(x, self.y, x, self.y + height)
        self.rule(LEFT, self.y, x, self.y)
        self.rule(LEFT, self.y + height, x, self.y + height)
        self.y += height

    def grid(
        self, widths: Sequence[float], rows: Sequence[Sequence[str]], *, heads: Sequence[int], size: float = 10
    ) -> None:
        """Names and values."""
        for cells in rows:
            self.row(widths, cells, size=size, heads=heads, least=7)

    def table(
        self,
        widths: Sequence[float],
        header: Sequence[str],
        rows: Sequence[Sequence[str]],
        *,
        right: Sequence[int] = (),
        size: float = 10,
        bold_last: bool = False,
    ) -> None:
        """A header and rows; the header again on every sheet."""
        everything = range(len(header))
        self.row(widths, header, size=size, right=right, heads=everything, least=7)
        for number, cells in enumerate(rows, 1):
            if self.y + 8 > BOTTOM:
                self.need(BOTTOM)
                self.row(widths, header, size=size, right=right, heads=everything, least=7)
            is_last = bold_last and number == len(rows)
            self.row(widths, cells, size=size, right=right, heads=everything if is_last else (), least=6.4)


def _date(canvas: Canvas, now: datetime) -> None:
    """The date of the file is the one of the lock, in Asia/Shanghai."""
    stamp = canvas._doc._timeStamp  # noqa: SLF001 - there is no other way to say the date
    local = now.astimezone(LOCAL)
    stamp.t, stamp.lt = local.timestamp(), local.timetuple()
    stamp.YMDhms = tuple(local.timetuple())[:6]
    stamp.dhh, stamp.dmm = 8, 0


def _mark(canvas: Canvas, font: str) -> None:
    canvas.saveState()
    canvas.setFillGray(0.86)
    canvas.translate(WIDTH / 2 * mm, HEIGHT / 2 * mm)
    canvas.rotate(45)
    canvas.setFont(font, 110)
    canvas.drawCentredString(0, 0, "草稿")
    canvas.setFont(font, 60)
    canvas.drawCentredString(0, -70, "DRAFT")
    canvas.restoreState()
