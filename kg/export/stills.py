"""`graph.svg` and `graph.png`: one still picture of the graph, for a README or a slide."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from xml.sax.saxutils import escape

from kg.export.scene import FONT, HEIGHT, WIDTH, outline, scene
from kg.text import clean, visible

if TYPE_CHECKING:
    from pathlib import Path

    from kg.export import Source
    from kg.export.scene import Label, Node

INK: Final = "#1b1c1f"
EDGE: Final = "#c3c6ca"
_PLAIN: Final = str.maketrans("\u2010\u2011\u2012\u2013\u2014\u2212\u2018\u2019\u201c\u201d", "------''\"\"")
SHARP: Final = 2  # pixels of the PNG drawn for each one kept, across and down: smooth edges


def write_svg(source: Source, path: Path) -> None:
    """Write the picture as SVG; its text is text, in a font of the reader's."""
    picture = scene(source.graph, lambda text, bold: len(text) * FONT * (0.6 if bold else 0.55))
    lines = "".join(
        f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke-width="{width:.2f}"/>\n'
        for (x1, y1), (x2, y2), width in picture.lines
    )
    shapes = "".join(
        f'<path d="{_outline(node)}" fill="{node.colour}"/>\n' for node in reversed(picture.nodes)
    )
    labels = "".join(map(_text, picture.labels))
    title = escape(visible(clean(source.config.title)))
    path.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" '
        f'font-size="{FONT}" text-anchor="middle">\n<title>{title}</title>\n'
        f'<rect width="100%" height="100%" fill="#ffffff"/>\n<g stroke="{EDGE}">\n{lines}</g>\n'
        f'<g stroke="{INK}">\n{shapes}</g>\n'
        f'<g fill="{INK}" stroke="#ffffff" stroke-width="4" paint-order="stroke" stroke-linejoin="round">\n'
        f"{labels}</g>\n</svg>\n",
        encoding="utf-8",
    )


def _outline(node: Node) -> str:
    return f"M{'L'.join(f'{x} {y}' for x, y in outline(node.shape, node.x, node.y, node.size))}Z"


def _text(label: Label) -> str:
    weight = ' font-weight="bold"' if label.bold else ""
    return f'<text x="{label.x}" y="{label.y + FONT / 3:.1f}"{weight}>{escape(clean(label.text))}</text>\n'


def write_png(source: Source, path: Path) -> None:
    """Write the picture as PNG, 1600 x 1000, in Pillow's own font, which has Latin letters."""
    from PIL import Image, ImageDraw, ImageFont

    font: Any = ImageFont.load_default(FONT * SHARP)
    picture = scene(source.graph, lambda text, bold: font.getlength(_latin(text)) / SHARP + bold)
    image = Image.new("RGB", (WIDTH * SHARP, HEIGHT * SHARP), "#ffffff")
    ink = ImageDraw.Draw(image)
    for one, other, width in picture.lines:
        ends = [_sharp(one), _sharp(other)]
        ink.line(ends, fill=EDGE, width=round(width * SHARP))
    for node in reversed(picture.nodes):
        corners = [_sharp(point) for point in outline(node.shape, node.x, node.y, node.size)]
        ink.polygon(corners, fill=node.colour, outline=INK, width=SHARP)
    for label in picture.labels:
        place, text, thick = _sharp((label.x, label.y)), _latin(label.text), 2 * SHARP
        ink.text(place, text, fill=INK, font=font, anchor="mm", stroke_width=thick, stroke_fill="#ffffff")
        ink.text(place, text, fill=INK, font=font, anchor="mm", stroke_width=int(label.bold), stroke_fill=INK)
    small = image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    small.save(path, format="PNG", optimize=True)


def _latin(text: str) -> str:
    """The text in signs that the font has: dashes and quotes as plain ones."""
    return clean(text).translate(_PLAIN)


def _sharp(point: tuple[float, float]) -> tuple[float, float]:
    return point[0] * SHARP, point[1] * SHARP
