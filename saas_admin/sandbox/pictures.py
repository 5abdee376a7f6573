"""Small drawn photographs and a receipt for the demo's conversations: nothing is downloaded, nothing is copied."""

import io
from collections.abc import Callable
from functools import lru_cache
from typing import Any, cast

from PIL import Image, ImageDraw, ImageFilter

WIDTH, HEIGHT, SCALE = 960, 720, 2
Draw = Any
Points = list[tuple[float, float]]

BAGS = {
    "bag-mirador": ("#c9623a", "#f1d6bd", "sun"),
    "bag-nubes": ("#2f5d57", "#d3ded7", "mountain"),
    "bag-esperanza": ("#d9a22e", "#f3e4b8", "leaf"),
}
NAMES = (*BAGS, "cup", "latte", "torn", "grinder")


@lru_cache(maxsize=16)
def photo(name: str) -> bytes:
    """A JPEG of one of NAMES."""
    canvas = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE))
    ground = (
        BAGS[name][1]
        if name in BAGS
        else {"cup": "#dfe6dc", "latte": "#c8b39a", "torn": "#d8cfc2", "grinder": "#e6dccb"}[name]
    )
    _table(canvas, ground)
    if name in BAGS:
        color, _, mark = BAGS[name]
        _bag(canvas, color, mark)
    else:
        {"cup": _cup, "latte": _latte, "torn": _torn, "grinder": _grinder}[name](canvas)
    small = canvas.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    kept = io.BytesIO()
    _light(small).save(kept, "JPEG", quality=86)
    return kept.getvalue()


def receipt(number: str, lines: list[tuple[str, str]], total: str) -> bytes:
    """A one-page PDF, written by hand: a demo needs no library for it."""
    words = [("F2", 22, 60, 760, "Café Alborada"), ("F1", 11, 60, 738, "Carrer de Cuba 41, 46006 València")]
    words += [("F2", 15, 60, 690, f"Recibo {number}")]
    for position, (what, price) in enumerate(lines):
        words += [("F1", 12, 60, 655 - 24 * position, what), ("F1", 12, 440, 655 - 24 * position, price)]
    bottom = 640 - 24 * len(lines)
    words += [("F2", 13, 60, bottom, "Total"), ("F2", 13, 440, bottom, total)]
    words += [("F1", 10, 60, 90, "IVA incluido. Gracias por comprar café de finca pequeña.")]
    stream = b"".join(
        b"BT /%s %d Tf %d %d Td (%s) Tj ET\n" % (f.encode(), size, x, y, _pdf(text)) for f, size, x, y, text in words
    )
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /%s /Encoding /WinAnsiEncoding >>"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R /F2 6 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        font % b"Helvetica",
        font % b"Helvetica-Bold",
    ]
    made, places = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"), []
    for position, content in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (position, content)
    table = len(made)
    made += b"xref\n0 7\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    made += b"trailer\n<< /Size 7 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % table
    return bytes(made)


def _pdf(text: str) -> bytes:
    return text.encode("cp1252", "replace").replace(b"\\", rb"\\").replace(b"(", rb"\(").replace(b")", rb"\)")


def _table(canvas: Image.Image, ground: str) -> None:
    draw = ImageDraw.Draw(canvas)
    w, h = canvas.size
    draw.rectangle((0, 0, w, h), fill=ground)
    draw.rectangle((0, h * 0.68, w, h), fill=_mix(ground, "#6b4a33", 0.42))
    for line in range(5):
        y = h * (0.72 + line * 0.06)
        draw.line((0, y, w, y + line * 5), fill=_mix(ground, "#5a3a26", 0.5), width=3)


def _light(image: Image.Image) -> Image.Image:
    """Daylight from the left and a soft edge, so that it looks taken, not drawn."""
    shade = Image.linear_gradient("L").rotate(90).resize(image.size)
    warm = Image.new("RGB", image.size, "#fff2d8")
    dark = Image.new("RGB", image.size, "#2a1a10")
    lit = Image.composite(warm, image, shade.point(_share(34)))
    return Image.composite(dark, lit, Image.radial_gradient("L").resize(image.size).point(_edge))


def _share(most: int) -> Callable[[int], int]:
    return lambda value: value * most // 255


def _edge(value: int) -> int:
    return max(0, value - 150) * 60 // 105


def _shadow(canvas: Image.Image, box: tuple[float, float, float, float]) -> None:
    layer = Image.new("L", canvas.size)
    ImageDraw.Draw(layer).ellipse(_pixels(box), fill=120)
    layer = layer.filter(ImageFilter.GaussianBlur(28 * SCALE))
    canvas.paste(Image.new("RGB", canvas.size, "#2b1a10"), mask=layer)


def _bag(canvas: Image.Image, color: str, mark: str, *, is_torn: bool = False) -> None:
    _shadow(canvas, (290, 560, 720, 660))
    draw: Draw = ImageDraw.Draw(canvas)
    _shape(draw, [(340, 170), (620, 170), (652, 612), (308, 612)], color)
    _shape(draw, [(340, 170), (392, 170), (372, 612), (308, 612)], _mix(color, "#000000", 0.16))
    _shape(draw, [(582, 170), (620, 170), (652, 612), (606, 612)], _mix(color, "#ffffff", 0.16))
    draw.rounded_rectangle(_pixels((330, 118, 630, 186)), 14 * SCALE, fill=_mix(color, "#000000", 0.22))
    if is_torn:
        rip = [(352, 470), (428, 430), (404, 500), (470, 486), (436, 560), (506, 566), (470, 613), (318, 613)]
        _shape(draw, cast(Points, rip), "#3a2216")
        for n in range(46):
            x, y = 300 + (n * n * 37 + n * 61) % 350, 596 + (n * n * 23 + n * 7) % 88
            draw.ellipse(_pixels((x, y, x + 20, y + 13)), fill=("#3b2114", "#4a2a19", "#2f1a10")[n % 3])
        return
    draw.rounded_rectangle(_pixels((372, 300, 588, 540)), 16 * SCALE, fill="#fbf1df")
    _mark(draw, color, mark)
    for y, half in ((470, 66), (496, 42)):
        draw.line(_pixels((480 - half, y, 480 + half, y)), fill=_mix(color, "#ffffff", 0.2), width=8 * SCALE)


def _mark(draw: Draw, color: str, mark: str) -> None:
    ink = _mix(color, "#000000", 0.12)
    if mark == "sun":
        draw.pieslice(_pixels((432, 352, 528, 448)), 180, 360, fill=ink)
        draw.line(_pixels((410, 414, 550, 414)), fill=ink, width=8 * SCALE)
        for x1, y1, x2, y2 in ((480, 322, 480, 340), (424, 344, 438, 356), (536, 344, 522, 356)):
            draw.line(_pixels((x1, y1, x2, y2)), fill=ink, width=8 * SCALE)
    elif mark == "mountain":
        _shape(draw, [(404, 436), (450, 352), (482, 400), (504, 372), (556, 436)], ink)
        draw.ellipse(_pixels((524, 328, 556, 360)), fill=ink)
    else:
        draw.pieslice(_pixels((400, 340, 560, 500)), 195, 330, fill=ink)
        draw.pieslice(_pixels((408, 280, 552, 424)), 20, 145, fill=ink)


def _torn(canvas: Image.Image) -> None:
    _bag(canvas, "#2f5d57", "mountain", is_torn=True)


def _cup(canvas: Image.Image) -> None:
    _shadow(canvas, (280, 540, 740, 650))
    draw: Draw = ImageDraw.Draw(canvas)
    draw.ellipse(_pixels((570, 330, 750, 510)), outline="#7f9f8d", width=34 * SCALE)
    draw.rounded_rectangle(_pixels((290, 290, 650, 610)), 110 * SCALE, fill="#8fae9c")
    draw.rectangle(_pixels((290, 290, 650, 430)), fill="#8fae9c")
    _shape(draw, [(290, 290), (352, 290), (364, 588), (290, 500)], "#7c9d8b")
    draw.ellipse(_pixels((290, 250, 650, 330)), fill="#6f9180")
    draw.ellipse(_pixels((318, 264, 622, 322)), fill="#4b2416")
    for x in (420, 500):
        draw.arc(_pixels((x, 150, x + 44, 210)), 90, 270, fill="#f6efe4", width=8 * SCALE)
        draw.arc(_pixels((x - 4, 96, x + 40, 152)), -90, 90, fill="#f6efe4", width=8 * SCALE)


def _latte(canvas: Image.Image) -> None:
    _shadow(canvas, (210, 150, 780, 680))
    draw: Draw = ImageDraw.Draw(canvas)
    draw.ellipse(_pixels((220, 100, 740, 620)), fill="#f5efe6")
    draw.ellipse(_pixels((262, 142, 698, 578)), fill="#8a5a36")
    draw.ellipse(_pixels((286, 166, 674, 554)), fill="#a9744a")
    for size, tone in ((150, "#f1dfc6"), (104, "#b98458"), (64, "#f1dfc6")):
        top, half = 356 - size, size * 0.52
        for side in (-half, half):
            draw.ellipse(_pixels((480 + side - half, top, 480 + side + half, top + size * 1.04)), fill=tone)
        _shape(
            draw,
            [(480 - size * 0.97, 356 - size * 0.34), (480 + size * 0.97, 356 - size * 0.34), (480, 356 + size * 1.05)],
            tone,
        )


def _grinder(canvas: Image.Image) -> None:
    _shadow(canvas, (320, 560, 660, 660))
    draw: Draw = ImageDraw.Draw(canvas)
    draw.rounded_rectangle(_pixels((390, 250, 570, 610)), 26 * SCALE, fill="#8a8f8c")
    draw.rectangle(_pixels((390, 440, 570, 470)), fill="#5d6260")
    draw.rounded_rectangle(_pixels((402, 262, 436, 598)), 14 * SCALE, fill="#a9aeab")
    draw.line(_pixels((480, 250, 480, 180)), fill="#5d6260", width=18 * SCALE)
    draw.line(_pixels((480, 184, 690, 168)), fill="#6c716f", width=16 * SCALE)
    draw.ellipse(_pixels((664, 130, 722, 204)), fill="#7a4a2b")


def _shape(draw: Draw, points: Points, color: str) -> None:
    draw.polygon([(x * SCALE, y * SCALE) for x, y in points], fill=color)


def _pixels(box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    a, b, c, d = box
    return a * SCALE, b * SCALE, c * SCALE, d * SCALE


def _mix(one: str, other: str, share: float) -> str:
    pairs = zip(bytes.fromhex(one[1:]), bytes.fromhex(other[1:]), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)
