"""A block for the camera of a telephone."""

import segno
from markupsafe import Markup


def qr_code(address: str, title: str, *, dot_px: int = 4) -> Markup:
    """Return the address of a page as a picture; `title` is what a screen reader says of it."""
    svg = segno.make(address, error="m").svg_inline(
        scale=dot_px, title=title, svgclass="sheet-code", lineclass=None, light="#fff"
    )
    return Markup(svg)  # noqa: S704 - made by the library of an address of ours
