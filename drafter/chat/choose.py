"""Which engine runs a model: told from its path or address, with the reason in a sentence.

What it does not know: names of the manifest (`drafter.models` turns those into paths).
"""

from pathlib import Path

from drafter.chat.address import is_address, is_loopback
from drafter.chat.llamacpp import LlamaCppChat
from drafter.chat.openai import OpenAIChat
from drafter.chat.transformers import TransformersChat
from drafter.errors import EngineError
from drafter.types import ChatModel

ENGINES = ("auto", "llama.cpp", "transformers", "openai")


def choose_engine(spec: str) -> str:
    """Return "openai" for an address, "llama.cpp" for a .gguf file, else "transformers".

    Raises EngineError when `spec` is neither an address nor anything on this disk.
    """
    if is_address(spec):
        return "openai"
    path = Path(spec)
    if path.is_dir():
        return "transformers"
    if not path.exists():
        raise EngineError(f"找不到模型“{spec}”。", "请检查路径，或在设置中重新选择模型。")
    if path.suffix.lower() == ".gguf":
        return "llama.cpp"
    raise EngineError(
        f"不认识的模型文件“{path.name}”。", "请选择 .gguf 文件、Hugging Face 模型文件夹或服务地址。"
    )


def open_engine(
    spec: str,
    engine: str = "auto",
    *,
    server_model: str = "",
    api_key: str = "",
    name: str = "",
    sha256: str = "",
    n_ctx: int = 4096,
    threads: int = 0,
) -> tuple[ChatModel, str]:
    """Load the model behind a path or address; return it and why this engine runs it, in Chinese.

    `server_model` and `api_key` are for servers, `threads` (0: all cores) for llama.cpp, `n_ctx` in
    tokens for models on this machine, `name` and `sha256` of a file where they are known. Raises
    EngineError when the engine does not fit the model, is not installed, or cannot load it.
    """
    engine = engine or "auto"
    if engine not in ENGINES:
        raise EngineError(f"没有名为“{engine}”的引擎。", f"可选的引擎：{'、'.join(ENGINES)}。")
    fitting = choose_engine(spec)
    chosen = fitting if engine == "auto" else engine
    # Wrong pairs would fail deep inside a library; transformers alone can take a GGUF file too.
    if chosen != fitting and (chosen, fitting) != ("transformers", "llama.cpp"):
        raise EngineError(
            f"引擎 {chosen} 不能运行“{spec}”。", f"请把引擎改为 auto（自动选择）或 {fitting}。"
        )
    why = "" if engine == "auto" else "（按您在设置中的选择）"
    if chosen == "openai":
        server = OpenAIChat(spec, model=server_model, api_key=api_key)
        return server, _server_reason(server, spec) + why
    if chosen == "llama.cpp":
        local = LlamaCppChat(Path(spec), n_ctx=n_ctx, threads=threads, sha256=sha256, name=name)
        return local, f"使用 llama.cpp 引擎：模型是 GGUF 文件，在本机处理器上运行最快{why}。"
    folder = TransformersChat(Path(spec), n_ctx=n_ctx, sha256=sha256, name=name)
    kind = "GGUF 文件" if Path(spec).is_file() else "Hugging Face 文件夹"
    place = "显卡" if folder.device.startswith("cuda") else "处理器"
    note = f"；{folder.note}" if folder.note else ""
    return folder, f"使用 transformers 引擎：模型是 {kind}，在本机{place}上运行{note}{why}。"


def _server_reason(server: OpenAIChat, spec: str) -> str:
    if is_loopback(spec):
        return f"使用本机模型服务 {server.address} 上的模型 {server.name}，材料不离开本机。"
    return (
        f"使用模型服务 {server.address} 上的模型 {server.name}。"
        "注意：它不在本机，要点和范文片段会发送到这台服务器。"
    )
