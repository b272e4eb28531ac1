"""OLE files (what .doc, .xls and encrypted docx lie in) by hand: header, directory, streams.

[MS-CFB]: 512-byte sectors; sector 0 the allocation table, 1 the directory, then the streams.
"""

import struct

_END, _FREE = 0xFFFFFFFE, 0xFFFFFFFF


def ole(streams: dict[str, bytes]) -> bytes:
    """Return an OLE file with up to three streams of up to 512 bytes each."""
    names = list(streams)
    entries = [_entry("Root Entry", 5, _END, 0)]
    entries += [_entry(name, 2, 2 + at, len(streams[name])) for at, name in enumerate(names)]
    directory = b"".join(entries).ljust(512, b"\x00")
    sectors = [0xFFFFFFFD, _END, *[_END] * len(names)]
    table = struct.pack("<128I", *sectors, *[_FREE] * (128 - len(sectors)))
    header = struct.pack(
        "<8s16sHHHHH6sIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE, 9, 6,
        b"", 0, 1, 1, 0, 0, _END, 0, _END, 0,
    ) + struct.pack("<109I", 0, *[_FREE] * 108)  # fmt: skip
    return header + table + directory + b"".join(streams[n].ljust(512, b"\x00") for n in names)


def _entry(name: str, kind: int, sector: int, size: int) -> bytes:
    raw = name.encode("utf-16-le") + b"\x00\x00"
    links = struct.pack("<BBIII", kind, 1, _FREE, _FREE, 1 if kind == 5 else _FREE)
    head = raw.ljust(64, b"\x00") + struct.pack("<H", len(raw)) + links
    return (head + b"\x00" * 36 + struct.pack("<IQ", sector, size)).ljust(128, b"\x00")
