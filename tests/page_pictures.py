"""Pictures of exported pages with what the standard asks for drawn over them, for docs/export."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

DOTS = 1000 / (210 / 25.4)  # an inch, for a page of A4 1,000 pixels wide
FRAME, LINE, OFF = "#b02818", "#e8b9b0", "#2f6071"
LINES, CHARACTERS = 22, 28


def draw_measures(pdf: Path, pages: Sequence[int], out: Path) -> None:
    """Draw pages of a PDF side by side: the type area of 156 x 225 mm, its 22 lines and 28
    characters, and the line 7 mm under it where the dashes of the page number stand."""
    import pypdfium2
    from PIL import Image

    document = pypdfium2.PdfDocument(pdf)
    drawn = [_measured(document[page - 1].render(scale=DOTS / 72).to_pil()) for page in pages]
    width, height = drawn[0].size
    sheet = Image.new("RGB", (len(drawn) * (width + 20) + 20, height + 40), "#c9c9c9")
    for place, picture in enumerate(drawn):
        sheet.paste(picture, (20 + place * (width + 20), 20))
    small = sheet.resize((sheet.width * 3 // 4, sheet.height * 3 // 4), Image.Resampling.LANCZOS)
    small.quantize(32, dither=Image.Dither.NONE).save(out, optimize=True)


def _measured(picture: Any) -> Any:
    from PIL import ImageDraw

    picture = picture.convert("RGB")
    pen = ImageDraw.Draw(picture)

    def dots(millimetres: float) -> int:
        return round(millimetres / 25.4 * DOTS)

    left, top, right, bottom = dots(28), dots(37), dots(184), dots(262)
    for line in range(1, LINES):
        down = top + round((bottom - top) * line / LINES)
        pen.line((left, down, right, down), fill=LINE)
    for column in range(1, CHARACTERS):
        across = left + round((right - left) * column / CHARACTERS)
        pen.line((across, top - 12, across, top - 4), fill=FRAME)
        pen.line((across, bottom + 4, across, bottom + 9), fill=FRAME)
    pen.rectangle((left, top, right, bottom), outline=FRAME, width=2)
    pen.line((left, dots(269), right, dots(269)), fill=OFF, width=1)
    return picture
