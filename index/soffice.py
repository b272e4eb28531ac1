"""LibreOffice on this computer: where it is, and how it is called to turn one file into another.

It gets a profile of its own, made for one file and removed with it: macros off, links and active
content off, a proxy that does not exist. Whoever calls it bounds its time and ends what it started.
"""

import os
import shutil
from collections.abc import Mapping
from html import escape
from pathlib import Path

SEARCH_VARIABLE = "DRAFTER_SOFFICE"  # where LibreOffice is, if not where it usually is
_USUAL_PLACES = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    r"C:\Program Files\LibreOffice\program\soffice.exe",
    r"C:\Program Files (x86)\LibreOffice\program\soffice.exe",
)
_FONTS = "Office.Common/Font/Substitution"
_SETTINGS = (
    ("Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Office.Common/Security/Scripting", "DisableActiveContent", "true"),
    ("Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Office.Writer/Content/Update", "Link", "0"),
    ("Office.Calc/Content/Update", "Link", "1"),
    ("Inet/Settings", "ooInetProxyType", "2"),
    ("Inet/Settings", "ooInetHTTPProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPProxyPort", "9"),
    ("Inet/Settings", "ooInetHTTPSProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPSProxyPort", "9"),
    ("Office.Common/Misc", "FirstRun", "false"),
)


def find_office() -> str | None:
    """Return the program of LibreOffice on this computer, None where there is none."""
    chosen = os.environ.get(SEARCH_VARIABLE)
    if chosen is not None:
        return chosen if chosen and Path(chosen).is_file() else None
    for program in ("soffice", "libreoffice"):
        found = shutil.which(program)
        if found:
            return found
    return next((place for place in _USUAL_PLACES if Path(place).is_file()), None)


def conversion(
    program: str,
    source: Path,
    target: str,
    folder: Path,
    stand_ins: Mapping[str, str] | None = None,
) -> tuple[list[str], dict[str, str]]:
    """Return the command and the environment that turn `source` into `target`, into `folder/out`.

    `target` is a kind as `--convert-to` takes it, as "pdf" or "docx:MS Word 2007 XML"; `stand_ins`
    names the font to use for one that is not there. The profile is written into `folder`, where
    everything LibreOffice keeps lies too.
    """
    profile = folder / "profile"
    _write_profile(profile, stand_ins or {})
    command = [
        program, f"-env:UserInstallation={profile.as_uri()}", "--headless",
        "--norestore", "--nolockcheck", "--nodefault", "--nologo",
        "--convert-to", target, "--outdir", str(folder / "out"), str(source),
    ]  # fmt: skip
    environment = {
        **os.environ, "HOME": str(folder), "TMPDIR": str(folder), "SAL_USE_VCLPLUGIN": "svp",
        **dict.fromkeys(("http_proxy", "https_proxy"), "http://127.0.0.1:9"),
    }  # fmt: skip
    return command, environment


def _write_profile(folder: Path, stand_ins: Mapping[str, str]) -> None:
    """Write the settings LibreOffice starts with."""
    items = "".join(
        f'<item oor:path="/org.openoffice.{path}"><prop oor:name="{prop}" oor:op="fuse">'
        f"<value>{value}</value></prop></item>"
        for path, prop, value in (*_SETTINGS, *((_FONTS, "Replacement", "true"),) * bool(stand_ins))
    )
    items += "".join(
        _pair(number, name, other) for number, (name, other) in enumerate(stand_ins.items())
    )
    (folder / "user").mkdir(parents=True)
    (folder / "user" / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n<oor:items '
        'xmlns:oor="http://openoffice.org/2001/registry" '
        'xmlns:xs="http://www.w3.org/2001/XMLSchema">' + items + "</oor:items>",
        encoding="utf-8",
    )


def _pair(number: int, name: str, stand_in: str) -> str:
    """Return an entry of LibreOffice's table of replaced fonts (org.openoffice.Office.Common)."""
    values = {
        "ReplaceFont": escape(name),
        "SubstituteFont": escape(stand_in),
        "Always": "true",
        "OnScreenOnly": "false",
    }
    props = "".join(
        f'<prop oor:name="{prop}" oor:op="fuse"><value>{value}</value></prop>'
        for prop, value in values.items()
    )
    return (
        f'<item oor:path="/org.openoffice.{_FONTS}/FontPairs">'
        f'<node oor:name="_{number}" oor:op="replace">{props}</node></item>'
    )
