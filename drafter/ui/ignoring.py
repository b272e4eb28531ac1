"""Why a finding was set aside, as HTML: asked once in passing, to be written or changed later."""

from drafter.data import load_table
from drafter.ui.tags import mini
from drafter.ui.text import esc

LONGEST_REASON = 200


def presets() -> tuple[str, ...]:
    """Return the reasons that are one click away (data/evidence_words.toml)."""
    return tuple(load_table("evidence_words")["reasons"]["presets"])


def asking_html(key: str) -> str:
    """Return the message after a finding was set aside: what that means, and why it was done."""
    where = "收在“已忽略”里，重新生成也不再提示。可以写一句理由，会进证据附录："
    return (
        '<div class="message info stay" role="status"><div><b>已忽略这一处。</b>'
        f"<span>{where}</span>{reason_form(key)}</div>{mini('撤销', 'heed', id=key)}"
        '<button type="button" class="close" data-close aria-label="关闭">×</button></div>'
    )


def reason_form(key: str, reason: str = "") -> str:
    """Return the reasons to choose from and a line for another one."""
    chips = "".join(
        mini(preset, "explain", "chosen" if preset == reason else "", key=key, reason=preset)
        for preset in presets()
    )
    other = "" if reason in presets() else reason
    return (
        f'<div class="why">{chips}<span data-form><input class="reason" name="reason" '
        f'maxlength="{LONGEST_REASON}" placeholder="其他理由" aria-label="其他理由" '
        f'value="{esc(other)}">{mini("记下", "explain", key=key)}</span></div>'
    )


def reason_html(key: str, reason: str) -> str:
    """Return the reason of an ignored finding with the way to change it."""
    said = f"理由：{esc(reason)}" if reason else "没有写理由"
    return (
        f'<details class="why-more" data-keep="why-{esc(key)}"><summary>{said}'
        f'<span class="link">{"改理由" if reason else "补写"}</span></summary>'
        f"{reason_form(key, reason)}</details>"
    )
