"""The process that makes one PDF: JSON of `html`, `css` and `attached` files in, the PDF out."""

import base64
import json
import sys

LIBRARIES_MISSING = 3
"""Exit code when the system has no Pango, which the library draws letters with."""


def main() -> int:
    """Make the PDF and return the exit code."""
    try:
        from weasyprint import CSS, HTML, Attachment  # noqa: PLC0415 - cannot be imported where the system lacks Pango
        from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415 - neither can this
        from weasyprint.urls import URLFetcher  # noqa: PLC0415 - neither can this
    except OSError:
        return LIBRARIES_MISSING
    page = json.load(sys.stdin)
    fetcher = URLFetcher(allowed_protocols=("data",))
    fonts = FontConfiguration()
    styles = CSS(string=page["css"], url_fetcher=fetcher, font_config=fonts)
    document = HTML(string=page["html"], url_fetcher=fetcher)
    files = [
        Attachment(string=base64.b64decode(file["content"]), name=file["name"], description=file["name"])
        for file in page["attached"]
    ]
    made = document.write_pdf(
        stylesheets=[styles], font_config=fonts, attachments=files, pdf_variant="pdf/ua-1"
    )
    sys.stdout.buffer.write(made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
