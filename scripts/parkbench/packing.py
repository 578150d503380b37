"""Long texts in a page, in a third to a tenth of their size."""

from __future__ import annotations

import base64
import gzip
import json
import re

ENCODING = "gzip+base85"
# Base 85 is a sixteenth shorter than base 64; its "<" would have to be escaped in a page, its "," does not occur.
IN_PAGE, OF_BASE_85 = bytes.maketrans(b"<", b","), bytes.maketrans(b",", b"<")
ELEMENTS = re.compile(r'<script type="application/json" id="(plotly|figures)">(\{"encoding":.*?)</script>', re.DOTALL)


def packed_text(text: str) -> dict:
    """What the page's own script unpacks."""
    data = base64.b85encode(gzip.compress(text.encode(), mtime=0)).translate(IN_PAGE)
    return {"encoding": ENCODING, "data": data.decode()}


def unpacked_text(packed: dict) -> str:
    return gzip.decompress(base64.b85decode(packed["data"].encode().translate(OF_BASE_85))).decode()


def script_element(script: str) -> str:
    escaped = script.replace("</script", "<\\/script")
    return f"<script>{escaped}</script>"


def unpacked_page(page: str) -> str:
    """The page with the library and the figures that it draws as they would stand there in full; as it is where they
    are not packed."""

    def whole(element: re.Match) -> str:
        text = unpacked_text(json.loads(element[2]))
        if element[1] == "plotly":
            return script_element(text)
        return element[0].replace(element[2], text.replace("<", "\\u003c"))

    return ELEMENTS.sub(whole, page)
