"""Noto Sans SC and Noto Serif SC (SIL Open Font License), cut down to the characters of one document.

reportlab embeds TrueType outlines only: the few that are needed are drawn anew from the PostScript ones.
"""

import io
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import pylopdf_fonts_zh_cn
from fontTools import subset
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, newTable

SERIF, SANS = "NotoSerifSC", "NotoSansSC"
_PATHS: dict[str, Callable[[], Path]] = {
    SERIF: pylopdf_fonts_zh_cn.serif_path,
    SANS: pylopdf_fonts_zh_cn.sans_path,
}
_DROPPED = ("BASE", "DSIG", "GDEF", "GPOS", "GSUB", "VORG", "vhea", "vmtx")
_MAXP = (
    "maxZones maxTwilightPoints maxStorage maxFunctionDefs maxInstructionDefs maxStackElements maxSizeOfInstructions"
    " maxComponentElements maxPoints maxContours maxCompositePoints maxCompositeContours maxComponentDepth"
).split()


@lru_cache(maxsize=16)
def cut_down(font: str, characters: frozenset[str]) -> bytes:
    """A TrueType font of `SERIF` or `SANS` with these characters; the same characters give the same bytes."""
    options = subset.Options()
    options.layout_features = []
    options.hinting = False
    options.notdef_outline = True
    options.drop_tables += list(_DROPPED)
    subsetter = subset.Subsetter(options)
    subsetter.populate(text="".join(sorted(characters)))
    out = io.BytesIO()
    with TTFont(_PATHS[font](), lazy=True, recalcTimestamp=False) as made:
        subsetter.subset(made)
        _as_truetype(made)
        made.save(out)
    return out.getvalue()


def _as_truetype(font: TTFont) -> None:
    outlines, order = font.getGlyphSet(), font.getGlyphOrder()
    glyphs = {}
    for name in order:
        pen = TTGlyphPen(outlines)
        outlines[name].draw(Cu2QuPen(pen, max_err=1.0, reverse_direction=True))
        glyphs[name] = pen.glyph()
    font["loca"], font["glyf"] = newTable("loca"), newTable("glyf")
    font["glyf"].glyphOrder, font["glyf"].glyphs = order, glyphs
    font["glyf"].compile(font)
    for name, glyph in glyphs.items():
        font["hmtx"][name] = (font["hmtx"][name][0], getattr(glyph, "xMin", 0))
    font["maxp"].tableVersion = 0x00010000
    for field in _MAXP:
        setattr(font["maxp"], field, 1 if field == "maxZones" else 0)
    font["post"].formatType = 3.0
    del font["CFF "]
    font.sfntVersion = "\x00\x01\x00\x00"


def font_path(font: str) -> Path:
    """The whole font, for the widths of its characters."""
    return _PATHS[font]()
