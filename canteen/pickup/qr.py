"""QR codes as one SVG path. The only module that imports qrcode."""

import qrcode
from qrcode.constants import ERROR_CORRECT_M

QUIET_ZONE = 4
MASK = 3
"""Fixed: choosing the best of eight masks costs seven times the drawing and scanners do not care."""


def half_blocks(text: str) -> str:
    """The QR of `text` for a dark terminal, two modules a line high."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=2, mask_pattern=MASK)
    code.add_data(text)
    code.make(fit=True)
    matrix = code.get_matrix()
    if len(matrix) % 2:
        matrix.append([False] * len(matrix[0]))
    blocks = {(False, False): "█", (False, True): "▀", (True, False): "▄", (True, True): " "}
    pairs = zip(matrix[::2], matrix[1::2], strict=True)
    return "\n".join("".join(blocks[above, below] for above, below in zip(*pair, strict=True)) for pair in pairs)


def modules(text: str) -> list[list[bool]]:
    """The dark (true) and light modules of the QR of `text`, row by row, quiet zone of 4 included."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=QUIET_ZONE, mask_pattern=MASK)
    code.add_data(text)
    code.make(fit=True)
    return [[bool(dark) for dark in row] for row in code.get_matrix()]


def svg(text: str, *, title: str) -> str:
    """An SVG document with the QR of `text`, 1 unit a module, quiet zone of 4 included.

    Source: ISO/IEC 18004, error correction level M.
    """
    matrix = modules(text)
    parts: list[str] = []
    for y, row in enumerate(matrix):
        x = 0
        while x < len(row):
            if row[x]:
                end = x
                while end < len(row) and row[end]:
                    end += 1
                parts.append(f"M{x} {y}h{end - x}v1H{x}z")
                x = end
            else:
                x += 1
    size = len(matrix)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" role="img" aria-label="{title}"'
        f' shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{size}v{size}H0z"/>'
        f'<path fill="#000" d="{"".join(parts)}"/></svg>'
    )
