"""LibreOffice for tests: a Word file to PDF, with known fonts in place of those it names."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

# Which font stands in for which, so that the PDF tells what each element asked for. The metrics are
# those of any Chinese font: a character is as wide as its size.
STAND_INS = {
    "黑体": "Noto Sans CJK SC",
    "仿宋_GB2312": "Noto Serif CJK SC",
    "宋体": "Noto Serif CJK SC",
    "楷体_GB2312": "AR PL KaitiM GB",
    "方正小标宋简体": "Noto Serif CJK SC:bold",
}


# Each font of official documents told from all others by its name in a PDF. Where there is no font
# like 楷体, it is told from all but 宋体, which is that of the page number only.
TOLD_APART = {
    **STAND_INS,
    "宋体": "Noto Sans CJK SC:bold",
}


def has_font(name: str) -> bool:
    """Return whether this machine has a family of that name."""
    if shutil.which("fc-list") is None:
        return False
    listed = subprocess.run(["fc-list", ":", "family"], capture_output=True, check=True, timeout=60)
    return name in listed.stdout.decode("utf-8", errors="replace")


def to_pdf(source: Path, folder: Path, stand_ins: Mapping[str, str] = STAND_INS) -> Path:
    """Return the PDF LibreOffice makes of a file; skips where there is none or no Chinese font."""
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice (soffice) is not installed")
    if not (has_font("Noto Serif CJK SC") and has_font("Noto Sans CJK SC")):
        pytest.skip("the fonts of fonts-noto-cjk are not installed")
    settings = folder / "fonts.conf"
    settings.write_text(_fontconfig(stand_ins), encoding="utf-8")
    command = [
        *(office, "--headless", f"-env:UserInstallation={(folder / 'profile').as_uri()}"),
        *("--convert-to", "pdf", "--outdir", str(folder), str(source)),
    ]
    environment = {**os.environ, "FONTCONFIG_FILE": str(settings)}
    subprocess.run(command, check=True, capture_output=True, timeout=180, env=environment)
    made = folder / f"{source.stem}.pdf"
    assert made.exists(), "LibreOffice made no PDF"
    return made


def _fontconfig(stand_ins: Mapping[str, str]) -> str:
    rules = []
    for name, stand_in in stand_ins.items():
        family, _, weight = stand_in.partition(":")
        if not has_font(family):
            family, weight = "Noto Sans CJK SC", "bold"
        bold = (
            f'<edit name="weight" mode="assign" binding="strong"><const>{weight}</const></edit>'
            if weight
            else ""
        )
        rules.append(
            f'<match target="pattern"><test name="family"><string>{name}</string></test>'
            f'<edit name="family" mode="assign" binding="strong"><string>{family}</string></edit>'
            f"{bold}</match>"
        )
    return (
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        f'<include ignore_missing="yes">/etc/fonts/fonts.conf</include>{"".join(rules)}'
        "</fontconfig>"
    )
