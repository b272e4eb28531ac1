"""A real, tiny, random Qwen3 model with a character tokenizer, saved as a Hugging Face folder."""

from pathlib import Path
from typing import Any

TEMPLATE = (
    "{% for m in messages %}<|im_start|>{{ m.role }}：{{ m.content }}<|im_end|>{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>{% endif %}"
)
SPECIAL = ("<|unk|>", "<|im_start|>", "<|im_end|>")
LETTERS = (
    "一年来支部坚持学习写段话谈读书的好处你是作助手要点党组会责任落实推动群众工作，。：、usersytem"
)
LIVELY: dict[str, Any] = {"tie_word_embeddings": False, "initializer_range": 0.4}


def build_tiny_model(folder: Path, template: str | None = TEMPLATE, **settings: Any) -> Path:
    """Write the model (about 100 kB of safetensors) and return the folder.

    `settings` are of its config: with `LIVELY` what it thinks likeliest varies, as a real model's.
    """
    import torch
    from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast, Qwen3Config, Qwen3ForCausalLM

    words = [*SPECIAL, *sorted(set(LETTERS))]
    letters = Tokenizer(
        models.WordLevel({word: n for n, word in enumerate(words)}, unk_token=SPECIAL[0])
    )
    letters.pre_tokenizer = pre_tokenizers.Split(Regex(r"[\s\S]"), "isolated")
    letters.decoder = decoders.Fuse()
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=letters,
        unk_token=SPECIAL[0],
        additional_special_tokens=list(SPECIAL[1:]),
        pad_token=SPECIAL[0],
    )
    if template is not None:
        tokenizer.chat_template = template
    torch.manual_seed(5)
    usual: dict[str, Any] = {
        "vocab_size": len(words),
        "hidden_size": 32,
        "intermediate_size": 64,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "head_dim": 8,
        "max_position_embeddings": 4096,
        "tie_word_embeddings": True,
        "eos_token_id": None,
        "bos_token_id": None,
        "pad_token_id": 0,
    }
    model = Qwen3ForCausalLM(Qwen3Config(**(usual | settings)))
    folder.mkdir(parents=True, exist_ok=True)
    model.save_pretrained(folder, safe_serialization=True)
    tokenizer.save_pretrained(folder)
    return folder
