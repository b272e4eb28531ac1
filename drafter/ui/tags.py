"""The few pieces of HTML that come again and again on the page."""

from drafter.ui.text import esc


def mini(label: str, do: str, classes: str = "", title: str = "", **data: object) -> str:
    """Return a small button that asks for `do`; `data` is sent along (id=…, version=…).

    `confirm=…` makes it ask again with that label before it does anything.
    """
    pairs = "".join(f' data-{name}="{esc(value)}"' for name, value in data.items())
    hint = f' title="{esc(title)}"' if title else ""
    kind = f"mini {classes}".strip()
    return (
        f'<button type="button" class="{kind}" data-do="{esc(do)}"{pairs}{hint}>'
        f"{esc(label)}</button>"
    )


def badge(role: str) -> str:
    """Return the mark of a section's role."""
    return f'<span class="role role-{esc(role)}">{esc(role)}</span>'


def empty(*paragraphs: str, heading: str = "") -> str:
    """Return an empty state: what will be here, and how it gets there."""
    head = f"<h4>{esc(heading)}</h4>" if heading else ""
    return f'<div class="empty">{head}{"".join(f"<p>{esc(p)}</p>" for p in paragraphs)}</div>'


NOTHING = empty("点正文里的一节，这里就显示它的{what}。")
