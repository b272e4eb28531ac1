"""Web pages, as OA systems save them under .doc and .xls: their text, nothing fetched or run.

Uses the parser of Python's library, which knows no entities but HTML's own and never opens a link.
"""

import email
import email.policy
import re
from html.parser import HTMLParser

from index.reading import refusals
from index.reading.encodings import decode

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_ROWS = ("table", "tr", "ul", "ol", "li", "pre", "br", "hr")
_BLOCKS = frozenset(("p", "div", "section", "article", "header", "footer", *_ROWS, *_HEADINGS))
_UNSEEN = frozenset(("script", "style", "head", "title", "noscript", "template", "svg", "object"))


class _Page(HTMLParser):
    """Collects the visible text: a line a block, tabs between the cells of a row."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = [""]
        self.unseen: list[str] = []
        self.cells = 0  # how many cells the open row has had

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a line at a block, a tab at a cell, silence at a script."""
        if tag in _UNSEEN:
            self.unseen.append(tag)
        elif tag == "body":
            self.unseen.clear()  # a head left open hides nothing
        elif tag == "tr":
            self._break()
            self.cells = 0
        elif tag in ("td", "th"):
            self.cells += 1
            if self.cells > 1:
                self.lines[-1] += "\t"
        elif tag in _BLOCKS and not self.cells:
            self._break()
        elif tag in _BLOCKS and self.lines[-1] and self.lines[-1][-1] not in "\t ":
            self.lines[-1] += " "

    def handle_endtag(self, tag: str) -> None:
        """End a line at a block, silence at the end of a script."""
        if tag in self.unseen:
            del self.unseen[self.unseen.index(tag) :]
        elif tag in ("tr", "table"):
            self.cells = 0
            self._break()
        elif tag in _BLOCKS and not self.cells:
            self._break()

    def handle_data(self, data: str) -> None:
        """Take visible words; line ends of the source are only spaces."""
        if not self.unseen:
            text = re.sub(r"[ \t\r\n\f]+", " ", data.replace("\xa0", " "))
            joined = self.lines[-1]
            between_chinese = re.search("[\u3000-\u9fff\uff00-\uffef]$", joined) and re.match(
                " [\u3000-\u9fff\uff00-\uffef]", text
            )
            self.lines[-1] = joined + (text[1:] if between_chinese else text)

    def _break(self) -> None:
        if self.lines[-1].strip():
            self.lines.append("")
        else:
            self.lines[-1] = ""


def html_text(name: str, data: bytes) -> str:
    """Return the visible text of a web page; raise UnreadableFile where it is no text."""
    return _visible(_decoded(name, data))


def _decoded(name: str, data: bytes) -> str:
    named = re.search(rb"charset\s*=\s*[\"']?\s*([-\w]+)", data[:4096], re.I)
    encoding = named[1].decode("ascii").lower() if named else ""
    if encoding in ("gb2312", "gbk", "gb18030", "utf-8", "big5"):
        try:
            return data.decode("gb18030" if encoding.startswith("gb") else encoding)
        except UnicodeDecodeError:
            pass  # the page says one encoding and uses another: find out
    return decode(name, data)


def _visible(source: str) -> str:
    page = _Page()
    page.feed(source)
    page.close()
    lines = (re.sub(" ?\t ?", "\t", line).strip(" ").rstrip("\t") for line in page.lines)
    return "\n".join(line for line in lines if line.strip())


def mht_text(name: str, data: bytes) -> str:
    """Return the text of the page in an .mht file (a mail message of page and pictures)."""
    message = email.message_from_bytes(data, policy=email.policy.compat32)
    for part in message.walk():
        if part.get_content_type() in ("text/html", "text/plain"):
            body = part.get_payload(decode=True)
            if isinstance(body, bytes) and body.strip():
                is_page = part.get_content_type() == "text/html"
                return html_text(name, body) if is_page else decode(name, body)
    raise refusals.damaged(name)
