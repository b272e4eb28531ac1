"""A zip file opened with care: its size is counted as it is unpacked, never believed.

Nothing is written to disk. XML is parsed without entities, DTDs or network, and a part that
declares a DOCTYPE is refused: no Office file has one.
"""

import io
import posixpath
import zipfile
import zlib

from index.errors import UnreadableFile
from index.numbering import Element
from index.reading import refusals

MAX_ENTRIES = 2000
MAX_UNPACKED = 100 * 1024 * 1024
MAX_RATIO = 100
_SMALL = 1024 * 1024  # below this a high ratio is harmless
_CHUNK = 256 * 1024
ZIP_ERRORS = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError)
# Word's strict variant (ISO/IEC 29500 strict) differs in the namespaces' names alone.
_STRICT = (
    (
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    ),
    (
        b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    ),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    ),
)


class DamagedMember(UnreadableFile):
    """One member of an archive is broken; the others may not be."""


class Package:
    """An archive in memory. Raises UnreadableFile for a damaged, encrypted or dangerous one."""

    def __init__(self, name: str, data: bytes) -> None:
        self.name = name
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
        except ZIP_ERRORS:
            raise refusals.damaged(name) from None
        self.entries = self._archive.infolist()
        unpacked = sum(entry.file_size for entry in self.entries)
        packed = max(1, sum(entry.compress_size for entry in self.entries))
        too_dense = unpacked > _SMALL and unpacked / min(packed, len(data)) >= MAX_RATIO
        if len(self.entries) > MAX_ENTRIES or unpacked > MAX_UNPACKED or too_dense:
            raise refusals.bloated(name)
        self.names = frozenset(entry.filename for entry in self.entries)
        self._left = MAX_UNPACKED

    def read(self, entry: zipfile.ZipInfo | str) -> bytes:
        """Return one member, counted against what the whole archive may unpack to."""
        parts = []
        try:
            with self._archive.open(entry) as member:
                while part := member.read(_CHUNK):
                    self._left -= len(part)
                    if self._left < 0:
                        raise refusals.bloated(self.name)
                    parts.append(part)
        except (KeyError, *ZIP_ERRORS) as error:
            # zipfile has one class for many troubles; only its words tell a password from damage
            if isinstance(error, RuntimeError) and "password" in str(error):
                raise refusals.locked(self.name) from None
            broken = refusals.damaged(self.name)
            raise DamagedMember(broken.message, broken.hint) from None
        return b"".join(parts)

    def xml(self, member: str) -> Element:
        """Return the root of an XML member; raise UnreadableFile where it is none."""
        content = self.read(member)
        for strict, usual in _STRICT:
            content = content.replace(strict, usual)
        return parse_xml(self.name, content)

    def related(self, source: str) -> tuple[tuple[str, str, str], ...]:
        """Return what `source` ("" for the package) refers to: (id, kind, member), inside only."""
        folder, base = posixpath.split(source)
        listing = posixpath.join(folder, "_rels", base + ".rels")
        if listing not in self.names:
            return ()
        found = []
        for link in self.xml(listing).iterchildren("{*}Relationship"):
            if link.get("TargetMode") != "External":
                target = posixpath.join("/", folder, link.get("Target") or "")
                member = posixpath.normpath(target).lstrip("/")
                kind = (link.get("Type") or "").rsplit("/", 1)[-1]
                found.append((link.get("Id") or "", kind, member))
        return tuple(found)

    def main_part(self) -> str | None:
        """Return the member that holds the document itself, None where the archive is none."""
        for _, kind, member in self.related(""):
            if kind == "officeDocument" and member in self.names:
                return member
        return None


def parse_xml(name: str, content: bytes) -> Element:
    """Return the root element; raise UnreadableFile for bad XML and for any DOCTYPE."""
    from lxml import etree

    if b"<!DOCTYPE" in content.replace(b"\x00", b""):
        raise refusals.damaged(name)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True,
        remove_pis=True, huge_tree=False,
    )  # fmt: skip
    try:
        root: Element = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        if error.code == etree.ErrorTypes.ERR_NO_MEMORY:
            raise refusals.too_much(name) from None
        raise refusals.damaged(name) from None
    except ValueError:  # an encoding declared that is none
        raise refusals.damaged(name) from None
    return root
