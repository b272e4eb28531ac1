"""The theme part of an exported file: black on white, no effects.

Validators ask for one; nothing in the text refers to it. Source: ISO/IEC 29500-1, 20.1.6.9 (theme),
which wants three fills, lines, effects and backgrounds; colours as in Office's standard theme.
"""

from html import escape

from drafter.export.profile import PageProfile
from drafter.export.styles import XML_HEAD

_COLOURS = {
    "dk1": "000000",
    "lt1": "FFFFFF",
    "dk2": "44546A",
    "lt2": "E7E6E6",
    "accent1": "4472C4",
    "accent2": "ED7D31",
    "accent3": "A5A5A5",
    "accent4": "FFC000",
    "accent5": "5B9BD5",
    "accent6": "70AD47",
    "hlink": "0563C1",
    "folHlink": "954F72",
}
_FILL = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'
_LINE = f'<a:ln w="6350">{_FILL}</a:ln>'
_EFFECT = "<a:effectStyle><a:effectLst/></a:effectStyle>"


def theme_xml(profile: PageProfile) -> str:
    """Return `word/theme/theme1.xml` with the profile's fonts for headings and text."""
    colours = "".join(
        f'<a:{name}><a:srgbClr val="{value}"/></a:{name}>' for name, value in _COLOURS.items()
    )
    major, minor = (escape(profile.styles[kind].font) for kind in ("heading1", "body"))
    fonts = "".join(
        f'<a:{name}Font><a:latin typeface="{font}"/><a:ea typeface="{font}"/><a:cs typeface=""/>'
        f"</a:{name}Font>"
        for name, font in (("major", major), ("minor", minor))
    )
    return (
        f'{XML_HEAD}<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
        f'name="Office"><a:themeElements><a:clrScheme name="Office">{colours}</a:clrScheme>'
        f'<a:fontScheme name="Office">{fonts}</a:fontScheme><a:fmtScheme name="Office">'
        f"<a:fillStyleLst>{_FILL * 3}</a:fillStyleLst><a:lnStyleLst>{_LINE * 3}</a:lnStyleLst>"
        f"<a:effectStyleLst>{_EFFECT * 3}</a:effectStyleLst>"
        f"<a:bgFillStyleLst>{_FILL * 3}</a:bgFillStyleLst></a:fmtScheme>"
        "</a:themeElements></a:theme>"
    )
