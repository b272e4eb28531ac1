"""How a Word file is set: the page layouts, the office's own templates, and what was chosen last.

A template is one file in the templates' folder, named by its key, a dash and its label: the
digest of its bytes, and the name it came with. A client names a template by its key only.
"""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from drafter.errors import ExportError, InputError
from drafter.export.docx import WordChoice
from drafter.export.fonts import MissingFont, missing_fonts
from drafter.export.profile import STANDARD, load_profile, profile_labels
from drafter.export.template import MAX_TEMPLATE_BYTES, TemplateReport
from drafter.file_names import file_stem, write_whole
from drafter.returning.surroundings import Surroundings
from drafter.store import Store
from drafter.templates import Learned, learn, learned_of, written
from index.failures import meaning

__all__ = ["MOST_TEMPLATES", "KeptTemplate", "Layouts", "TemplateReport"]

MOST_TEMPLATES = 12
_MARK = "template:"  # a layout that is a template, before its key
_LEARNED = "template_learned:1:"  # a setting, before the digest: what `drafter.templates` made out
_FILE = re.compile(r"(?P<key>[0-9a-f]{12})-(?P<label>.+)\.dotx")
_LABEL_BYTES = 120  # of UTF-8: a file name may have 255 in all


@dataclass(frozen=True, slots=True)
class KeptTemplate:
    """A template of the office's own: its key, the name it came with, where it lies."""

    key: str
    label: str
    path: Path

    @property
    def layout(self) -> str:
        """What it is called among the layouts."""
        return _MARK + self.key


class Layouts:
    """The layouts there are and the one that was chosen, remembered for all files to come."""

    def __init__(self, store: Store, folder: Path) -> None:
        self._store = store
        self._folder = folder
        self._refused: dict[str, ExportError] = {}  # by digest, so that none is tried twice

    def offered(self) -> tuple[tuple[str, str], ...]:
        """Return (what a person sees, name) of every page layout, the templates last."""
        own = tuple((f"模板：{kept.label}", kept.layout) for kept in self.templates())
        return (*((label, name) for name, label in profile_labels().items()), *own)

    def chosen(self) -> tuple[str, str]:
        """Return the layout and the font of numbers chosen last.

        The standard's layout where that one is gone; "" for the font of the text around.
        """
        kept = json.loads(self._store.setting("word_choice") or "{}")
        layout = kept.get("profile", STANDARD)
        known = {name for _, name in self.offered()}
        return (layout if layout in known else STANDARD), kept.get("number_font", "")

    def choice(self) -> WordChoice:
        """Return how the next Word file is set."""
        layout, number_font = self.chosen()
        template = self.template(layout)
        if template is None:
            return WordChoice(layout, number_font)
        try:
            data = template.path.read_bytes()
        except OSError as error:
            raise ExportError(
                f"读不出模板“{template.label}”（{meaning(error)}）。",
                "请换一种版式，或重新添加这个模板。",
            ) from error
        self._learned(template.label, data)
        return WordChoice(STANDARD, number_font, data)

    def choose(self, layout: str, number_font: str = "") -> None:
        """Remember a layout for all Word files to come. Raises ExportError for an unknown one."""
        if self.template(layout) is None:
            if layout.startswith(_MARK):
                raise ExportError("这个模板已经不在了。", "请换一种版式，或重新添加模板。")
            load_profile(layout)
        kept = {"profile": layout, "number_font": number_font}
        self._store.set_setting("word_choice", json.dumps(kept, ensure_ascii=False))

    def missing_fonts(self) -> tuple[MissingFont, ...]:
        """Return the fonts of the chosen layout that this machine lacks; a template's own are not
        looked into."""
        layout, number_font = self.chosen()
        if self.template(layout) is not None:
            return ()
        return missing_fonts(load_profile(layout), number_font)

    # templates

    def templates(self) -> tuple[KeptTemplate, ...]:
        """Return the office's own templates by name."""
        return tuple(sorted(self._found(), key=lambda kept: (kept.label, kept.key)))

    def _found(self) -> Iterator[KeptTemplate]:
        if not self._folder.is_dir():
            return
        for path in self._folder.iterdir():
            named = _FILE.fullmatch(path.name)
            if named and path.is_file():
                yield KeptTemplate(named["key"], named["label"], path)

    def template(self, layout: str) -> KeptTemplate | None:
        """Return the template of that name among the layouts, None for all others."""
        return next((kept for kept in self.templates() if kept.layout == layout), None)

    def report(self, template: KeptTemplate) -> TemplateReport | None:
        """Return what a template gives, None where it can no longer be used."""
        try:
            return self._learned(template.label, template.path.read_bytes()).report
        except (OSError, ExportError):
            return None

    def surroundings(self) -> tuple[Surroundings, ...]:
        """Return what each template puts around a report, as a file that comes back is read."""
        return tuple(around for kept in self.templates() if (around := self._around(kept)))

    def _around(self, kept: KeptTemplate) -> Surroundings | None:
        try:
            return self._learned(kept.label, kept.path.read_bytes()).around
        except (OSError, ExportError):
            return None

    def _learned(self, label: str, data: bytes) -> Learned:
        """Return what is known of a template; one that is not known yet is looked into apart.

        Raises ExportError where it cannot be used.
        """
        digest = hashlib.sha256(data).hexdigest()
        if digest in self._refused:
            raise self._refused[digest]
        if known := self._store.setting(_LEARNED + digest):
            return learned_of(known)
        try:
            learned = learn(label, data)
        except ExportError as refusal:
            self._refused[digest] = refusal
            raise
        self._store.set_setting(_LEARNED + digest, written(learned))
        return learned

    def add_template(self, name: str, data: bytes) -> KeptTemplate:
        """Keep a .dotx or .docx as a template and choose it.

        Raises:
            ExportError: the file is no Word template, is damaged, or holds macros.
            InputError: it is too large, or there are too many.
        """
        if len(data) > MAX_TEMPLATE_BYTES:
            raise InputError(
                f"模板超过 {MAX_TEMPLATE_BYTES >> 20} MB。", "请删去模板里的图片后再试。"
            )
        key = hashlib.sha256(data).hexdigest()[:12]
        known = next((kept for kept in self.templates() if kept.key == key), None)
        if known is None and len(self.templates()) >= MOST_TEMPLATES:
            raise InputError(
                f"已经有 {MOST_TEMPLATES} 个模板。", "请先删除一个不用的，再添加新的。"
            )
        self._refused.pop(hashlib.sha256(data).hexdigest(), None)  # it may only have been slow
        self._learned(_label(name), data)
        kept = known or self._keep(key, _label(name), data)
        self.choose(kept.layout, self.chosen()[1])
        return kept

    def _keep(self, key: str, label: str, data: bytes) -> KeptTemplate:
        path = self._folder / f"{key}-{label}.dotx"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            write_whole(path, data)
        except OSError as error:
            raise ExportError(
                f"模板存不进 {self._folder}（{meaning(error)}）。",
                "请检查磁盘空间和权限，再添加一次。",
            ) from error
        return KeptTemplate(key, label, path)

    def remove_template(self, key: str) -> str:
        """Remove a template and return its name; files exported with it stay as they are.

        Raises InputError where there is none of that key, ExportError where it cannot be removed.
        """
        kept = next((kept for kept in self.templates() if kept.key == key), None)
        if kept is None:
            raise InputError("这个模板已经不在了。", "请看“版式”里现在列出的。")
        try:
            digest = hashlib.sha256(kept.path.read_bytes()).hexdigest()
            kept.path.unlink()
        except OSError as error:
            raise ExportError(
                f"删不掉模板“{kept.label}”（{meaning(error)}）。",
                "请关闭正在打开它的程序，再试一次。",
            ) from error
        self._store.set_setting(_LEARNED + digest, "")  # its own lines are not kept either
        return kept.label


def _label(name: str) -> str:
    """Return a file's name as a person knows it, without its ending and what no name may hold."""
    stem = re.sub(r"\.(dotx|docx)$", "", name, flags=re.IGNORECASE)
    return file_stem(stem, "本单位模板", _LABEL_BYTES)
