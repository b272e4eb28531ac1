"""A real, tiny, random model over bytes: what it says is mostly broken characters and digits."""

from pathlib import Path

from tests.tiny_model import TEMPLATE

# Beside the 256 bytes: whole characters, ends of characters, several digits at once.
LONGER = ("一", "次", "支部", "２", "2", "12", "202", "5年", ".8", "2次，1", "次2", "，", "。")
ENDS = ("<|im_start|>", "<|im_end|>")


def build_byte_model(folder: Path, ending: bool = False) -> Path:
    """Write the model and return the folder. With `ending`, <|im_end|> ends a reply."""
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast, Qwen3Config, Qwen3ForCausalLM

    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    split = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    longer = [split.pre_tokenize_str(word)[0][0] for word in LONGER]
    broken = [name[:-1] for name in longer[:3]] + [f"{longer[0][-1]}2", f"{longer[3][:2]}"]
    words = list(dict.fromkeys([*alphabet, *longer, *broken, *ENDS]))
    bpe = Tokenizer(models.BPE({word: n for n, word in enumerate(words)}, []))
    bpe.pre_tokenizer, bpe.decoder = split, decoders.ByteLevel()
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=bpe, additional_special_tokens=list(ENDS), pad_token=ENDS[0]
    )
    tokenizer.chat_template = TEMPLATE
    torch.manual_seed(3)
    end = words.index(ENDS[1])
    model = Qwen3ForCausalLM(
        Qwen3Config(
            vocab_size=len(words) + 5,  # as in Qwen: rows that no token has
            hidden_size=32,
            intermediate_size=64,
            num_hidden_layers=2,
            num_attention_heads=4,
            num_key_value_heads=2,
            head_dim=8,
            max_position_embeddings=4096,
            tie_word_embeddings=True,
            eos_token_id=end if ending else None,
            bos_token_id=None,
            pad_token_id=words.index(ENDS[0]),
        )
    )
    folder.mkdir(parents=True, exist_ok=True)
    model.save_pretrained(folder, safe_serialization=True)
    tokenizer.save_pretrained(folder)
    return folder
