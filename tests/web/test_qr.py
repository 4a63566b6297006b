"""A block for the camera can be read whatever the colours of the page are."""

from bs4 import BeautifulSoup

from forum.web.qr import qr_code


def test_the_block_brings_its_own_white_for_a_page_that_is_dark() -> None:
    code = qr_code("https://forum.example.nl/aanwezig/BCDF2345", "Code bij de deur")

    ground, dots = BeautifulSoup(code, "html.parser").select("svg path")

    assert (ground["fill"], dots["stroke"]) == ("#fff", "#000")
