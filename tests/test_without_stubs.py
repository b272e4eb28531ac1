"""The page's Gradio is imported without rewriting its own installed files."""

import subprocess
import sys
from pathlib import Path

SAY = """
import drafter.ui.page
import gradio, pathlib
from gradio import component_meta
print(component_meta.create_or_modify_pyi.__module__)
print(pathlib.Path(gradio.__file__).parent)
class Own(gradio.HTML):
    pass
print(Own("已存").value)
"""


def test_the_page_imports_gradio_without_writing_stubs() -> None:
    import gradio

    folder = Path(gradio.__file__).parent
    before = {path: path.stat().st_mtime_ns for path in folder.glob("components/*.pyi")}
    said = subprocess.run(
        [sys.executable, "-c", SAY], check=True, capture_output=True, text=True, encoding="utf-8"
    ).stdout.splitlines()
    assert said == ["drafter.ui.without_stubs", str(folder), "已存"]
    after = {path: path.stat().st_mtime_ns for path in folder.glob("components/*.pyi")}
    assert after == before
