"""Draw the order of the sample story: one page of a document that may be genuine or not, as a PDF of 2 KB.

    python tools/draw_sample_order.py

Nothing of the day or the machine is written: drawn twice, the bytes are the same.
"""

from pathlib import Path

FILE = Path(__file__).parents[1] / "src/stet/sourcing/sample/order-114.pdf"
BOLD, PLAIN, TYPED = "F1", "F2", "F3"
LINES = [
    (BOLD, 13, 72, 760, "GENERAL STAFF OF THE ARMED FORCES OF VELMORA"),
    (PLAIN, 10, 72, 742, "Harsk, Quay of the Arsenal 2"),
    (BOLD, 12, 72, 700, "ORDER No. 114"),
    (PLAIN, 10, 400, 700, "19 November 2026"),
    (PLAIN, 10, 400, 686, "Copy 3 of 5"),
    (TYPED, 11, 72, 640, "1. The 2nd and the 7th battalion of engineers are to be at the"),
    (TYPED, 11, 72, 624, "   disposal of the command of the southern theatre by 30 November."),
    (TYPED, 11, 72, 596, "2. They travel by rail to Harsk and from there as directed."),
    (TYPED, 11, 72, 568, "3. Men who are within ninety days of their discharge go with them."),
    (TYPED, 11, 72, 552, "   Their discharge is postponed until their return."),
    (TYPED, 11, 72, 524, "4. Families are told of an exercise."),
    (PLAIN, 10, 72, 470, "Chief of the General Staff"),
    (PLAIN, 10, 72, 456, "General M. Tolland"),
    (TYPED, 8, 72, 90, "Published by the channel Grey Post on 22 November 2026. Whether it is genuine is not known."),
]
STROKES = """\
1.4 w 190 452 m 205 480 214 440 222 462 c 230 482 238 446 250 466 c 262 484 270 450 300 468 c S
0.8 w 330 470 m 330 492 366 492 366 470 c 366 448 330 448 330 470 c S
0.8 w 335 470 m 335 486 361 486 361 470 c 361 454 335 454 335 470 c S
0.5 w 72 692 m 523 692 l S"""
"""A signature, a stamp of two rings, and a rule."""


def drawn() -> bytes:
    """The file's bytes."""
    shown = "\n".join(f"BT /{font} {size} Tf {x} {y} Td ({words}) Tj ET" for font, size, x, y, words in LINES)
    content = f"{shown}\n{STROKES}\n".encode("ascii")
    fonts = {BOLD: "Helvetica-Bold", PLAIN: "Helvetica", TYPED: "Courier"}
    resources = " ".join(f"/{name} {number} 0 R" for number, name in enumerate(fonts, 5))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << "
        + resources.encode() + b" >> >> >>",
        b"<< /Length %d >>\nstream\n%sendstream" % (len(content), content),
        *(f"<< /Type /Font /Subtype /Type1 /BaseFont /{font} >>".encode() for font in fonts.values()),
    ]  # fmt: skip
    body, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(objects) + 1
    return (
        body
        + b"xref\n0 %d\n0000000000 65535 f \n%s" % (count, table)
        + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (count, len(body))
    )


if __name__ == "__main__":
    FILE.write_bytes(drawn())
    print(f"{FILE.name}: {FILE.stat().st_size} B")
