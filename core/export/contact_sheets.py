"""Contact sheets: pictures in rows with captions, as PNG files or a PDF."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageDraw, ImageFont, ImageOps

PAPER: Final = (255, 255, 255)
INK: Final = (30, 30, 30)
FAINT: Final = (110, 110, 110)
DPI: Final = 150
LEAD_LINES: Final = 2
FONTS: Final = (
    *("DejaVuSans.ttf", "LiberationSans-Regular.ttf", "NotoSans-Regular.ttf"),
    *("Arial.ttf", "Helvetica.ttc", "segoeui.ttf"),
)

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


@dataclass(frozen=True)
class Plate:
    """One picture and its caption: two lines, each cut to the width, then wrapped lines."""

    image: Image.Image
    title: str
    subtitle: str = ""
    caption: str = ""


@dataclass(frozen=True)
class SheetLayout:
    """Sizes in pixels at 150 dpi; the default is A4 landscape, 5 x 3 plates."""

    width: int = 1754
    height: int = 1240
    columns: int = 5
    rows: int = 3
    margin: int = 60
    gap: int = 24
    heading: int = 64
    caption_lines: int = 4
    text: int = 17

    @property
    def plates(self) -> int:
        """Plates on one page."""
        return self.columns * self.rows


def build_pages(
    heading: str,
    plates: Sequence[Plate],
    lead: str = "",
    layout: SheetLayout | None = None,
    foot: str = "",
) -> list[Image.Image]:
    """RGB pages of contact sheets with ``plates`` in order, row by row; at least one page.

    ``lead`` appears below the heading of every page, in two lines at most; ``foot`` at its foot, in
    one line: where the sheet comes from.
    """
    layout = layout or SheetLayout()
    starts = range(0, max(len(plates), 1), layout.plates)
    pages = [plates[start : start + layout.plates] for start in starts]
    return [
        _draw_page(
            f"{heading} ({number}/{len(pages)})" if len(pages) > 1 else heading,
            lead,
            foot,
            page,
            layout,
        )
        for number, page in enumerate(pages, start=1)
    ]


def encode_png(page: Image.Image) -> bytes:
    """One page as the bytes of a PNG file."""
    out = io.BytesIO()
    page.save(out, "PNG", dpi=(DPI, DPI))
    return out.getvalue()


def encode_pdf(pages: Sequence[Image.Image], title: str = "") -> bytes:
    """All pages as the bytes of one PDF file."""
    out = io.BytesIO()
    first, *rest = pages
    first.save(out, "PDF", save_all=True, append_images=rest, resolution=DPI, title=title)
    return out.getvalue()


def _load_font(size: float) -> Font:
    """The first of ``FONTS`` that is installed; else Pillow's own, which has few accents."""
    for name in FONTS:
        with suppress(OSError):
            return ImageFont.truetype(name, size)
    return ImageFont.load_default(size)


def _spell(text: str, font: Font) -> str:
    """``text`` without the accents that ``font`` would draw as boxes."""
    if isinstance(font, ImageFont.FreeTypeFont) and "Aileron" not in str(font.getname()[0]):
        return text
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore")
    return plain.decode("ascii")


def _draw_page(
    heading: str, lead: str, foot: str, plates: Sequence[Plate], layout: SheetLayout
) -> Image.Image:
    page = Image.new("RGB", (layout.width, layout.height), PAPER)
    draw = ImageDraw.Draw(page)
    font = _load_font(layout.text * 1.6)
    across = layout.width - 2 * layout.margin
    draw.text((layout.margin, layout.margin // 2), _fit(draw, heading, across, font), INK, font)
    below = layout.margin // 2 + layout.heading
    font, line = _load_font(layout.text), round(layout.text * 1.3)
    for text in _wrap(draw, lead, across, font, LEAD_LINES) if lead else ():
        draw.text((layout.margin, below - line // 2), text, FAINT, font)
        below += line
    at_foot = (layout.margin, layout.height - layout.margin // 2 - line // 2)
    draw.text(at_foot, _fit(draw, foot, across, font), FAINT, font)
    wide = (across + layout.gap) // layout.columns
    high = (layout.height - layout.margin - below) // layout.rows
    for place, plate in enumerate(plates):
        row, column = divmod(place, layout.columns)
        corner = (layout.margin + column * wide, below + row * high)
        _draw_plate(page, draw, plate, corner, (wide - layout.gap, high - layout.gap), layout)
    return page


def _draw_plate(
    page: Image.Image,
    draw: ImageDraw.ImageDraw,
    plate: Plate,
    corner: tuple[int, int],
    size: tuple[int, int],
    layout: SheetLayout,
) -> None:
    line = round(layout.text * 1.3)
    picture_high = size[1] - line * (layout.caption_lines + 1) - 8
    picture = ImageOps.contain(plate.image.convert("RGB"), (size[0], picture_high))
    page.paste(picture, (corner[0], corner[1] + picture_high - picture.height))
    font = _load_font(layout.text)
    below = corner[1] + picture_high + 8
    draw.text((corner[0], below), _fit(draw, plate.title, size[0], font), INK, font)
    second = [_fit(draw, plate.subtitle, size[0], font)] if plate.subtitle else []
    left = layout.caption_lines - len(second)
    for number, text in enumerate([*second, *_wrap(draw, plate.caption, size[0], font, left)]):
        draw.text((corner[0], below + line * (number + 1)), text, FAINT, font)


def _wrap(draw: ImageDraw.ImageDraw, text: str, width: int, font: Font, lines: int) -> list[str]:
    """``text`` in at most ``lines`` lines of ``width`` pixels, cut with an ellipsis."""
    wrapped: list[str] = []
    for paragraph in _spell(text, font).splitlines():
        current = ""
        for word in paragraph.split():
            longer = f"{current} {word}".strip()
            if current and draw.textlength(longer, font) > width:
                wrapped.append(current)
                current = word
            else:
                current = longer
        wrapped.append(current)
    if len(wrapped) > lines:
        wrapped = [*wrapped[: lines - 1], f"{wrapped[lines - 1]} ..."]
    return [_fit(draw, each, width, font) for each in wrapped]


def _fit(draw: ImageDraw.ImageDraw, text: str, width: int, font: Font) -> str:
    """``text`` cut with an ellipsis to ``width`` pixels."""
    text = _spell(text, font)
    if draw.textlength(text, font) <= width:
        return text
    while text and draw.textlength(f"{text}...", font) > width:
        text = text[:-1]
    return f"{text.rstrip()}..."
