"""Handlers of the settings tab: which model, which engine, which embedder; and where they stand."""

from typing import Any

import gradio as gr

from drafter.health import SERVER
from drafter.types import EngineStatus, Settings
from drafter.ui.showing import Updates
from drafter.ui.status_view import engine_html, message_html, settled
from drafter.ui.wiring import Told
from drafter.workflow import Workspace

ENGINES = (
    ("自动选择（推荐）", "auto"),
    ("llama.cpp：GGUF 文件，用处理器", "llama.cpp"),
    ("transformers：Hugging Face 文件夹或 GGUF", "transformers"),
    ("openai：本地或内网的模型服务", "openai"),
)


# How often a page asks where model and library stand while they are being made ready, and how often
# it goes on asking when something is not ready, or the model is on a server, which may go away.
SOON_SECONDS, NOW_AND_THEN_SECONDS = 1.0, 10.0


class Choices:
    """What the person at the page can set."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def show(self, _told: Told) -> Updates:
        """Show the choices as they stand."""
        chosen = self._workspace.settings()
        models = [
            (f"{info.label}{'' if info.installed else '，未下载'}", info.name)
            for info in self._workspace.models()
        ]
        return {
            "set_model": gr.update(choices=models, value=chosen.model),
            "set_engine": chosen.engine,
            "set_server_model": chosen.server_model,
            "set_key": chosen.api_key,
            "set_embedder": chosen.embedder,
        }

    def keep(
        self, told: Told, model: str, engine: str, server_model: str, key: str, embedder: str
    ) -> Updates:
        """Keep the choices and begin to load what was chosen."""
        before = self._workspace.settings()
        chosen = Settings(
            (model or "").strip(),
            engine,
            (embedder or "").strip(),
            server_model.strip(),
            key.strip(),
        )
        self._workspace.save_settings(chosen)
        self._workspace.prepare_engine()
        hint = ""
        if chosen.embedder != before.embedder:
            self._workspace.prepare_library()
            hint = "换了检索模型：样本库要按新模型重建，请到“样本库”点“重建样本库”。"
        note = message_html("info", "设置已保存，正在准备。", hint)
        return {
            **self.show(told),
            "timer": gr.update(active=True, value=SOON_SECONDS),
            "message": note,
        }

    def prepare(self, _told: Told) -> Updates:
        """Begin to fetch and load what is chosen."""
        self._workspace.prepare_engine()
        self._workspace.prepare_library()
        return {"timer": gr.update(active=True, value=SOON_SECONDS)}

    def stop(self, _told: Told) -> Updates:
        """Stop downloads; finished parts stay."""
        self._workspace.stop_preparing()
        note = message_html("info", "已停止下载。", "已下载的部分会保留，下次接着下。")
        return {"timer": gr.update(active=True, value=SOON_SECONDS), "message": note}

    def standing(self, _told: Told) -> Updates:
        """Show where model and library stand; stop asking once all is ready."""
        engine, library = self._workspace.engine_status(), self._workspace.library_status()
        return {
            "standing": engine_html(engine, library),
            "standing_long": engine_html(engine, library, long=True),
            "ready": library.state,
            "timer": _timer(engine, library),
        }


def _timer(engine: EngineStatus, library: EngineStatus) -> Any:  # noqa: ANN401 - a gradio update
    """Return how often the page asks from now on; not at all once all is ready. What is missing or
    failed may come by another's doing: a page beside it, or the first text that is written."""
    if not settled(engine, library):
        return gr.update(active=True, value=SOON_SECONDS)
    ready = all(status.state == "ready" for status in (engine, library))
    return gr.update(active=engine.engine == SERVER or not ready, value=NOW_AND_THEN_SECONDS)
