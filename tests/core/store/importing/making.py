"""Tiny random models in Hugging Face's layout, made by transformers, with tokenizers of a few pieces."""

import json

import torch
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

WORDS = ["the", "cat", "##s", "sat", "on", "mat", "don", "'", "t", ",", ".", "a"]
SIGNS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
BYTES = sorted(pre_tokenizers.ByteLevel.alphabet())
MERGES = [("t", "h"), ("th", "e"), ("Ġ", "the"), ("Ġ", "c"), ("a", "t"), ("Ġc", "at"), ("o", "n"), ("Ġ", "on")]
KINDS = ("bert", "roberta", "distilbert", "gpt2")


def listed(folder):
    return [(path, path.name) for path in sorted(folder.iterdir()) if path.is_file()]


def _wordpiece():
    vocab = {word: i for i, word in enumerate([*SIGNS, *WORDS])}
    tokenizer = Tokenizer(models.WordPiece(vocab, unk_token="[UNK]"))
    tokenizer.normalizer, tokenizer.pre_tokenizer = normalizers.BertNormalizer(), pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    return tokenizer, len(vocab), 4


def _bytes(signs):
    tokens = [*signs, *BYTES, *(a + b for a, b in MERGES)]
    vocab = {token: i for i, token in enumerate(tokens)}
    tokenizer = Tokenizer(models.BPE(vocab, MERGES))
    tokenizer.pre_tokenizer, tokenizer.decoder = pre_tokenizers.ByteLevel(add_prefix_space=True), decoders.ByteLevel()
    if len(signs) > 1:
        tokenizer.post_processor = processors.TemplateProcessing(
            single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
        )
    tokenizer.add_special_tokens(list(signs))
    return tokenizer, len(vocab), 4


def tiny(kind, folder):
    """A model of two layers, saved into the folder, and its tokenizer."""
    import transformers as hf

    torch.manual_seed(0)
    tokenizer, size, mask = {
        "roberta": lambda: _bytes(("<s>", "<pad>", "</s>", "<unk>", "<mask>")),
        "gpt2": lambda: _bytes(("<|endoftext|>",)),
    }.get(kind, _wordpiece)()
    plain = {"vocab_size": size, "hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2,
             "intermediate_size": 40, "max_position_embeddings": 34, "attn_implementation": "eager"}  # fmt: skip
    sizes = {"vocab_size": size, "n_layers": 2, "dim": 16, "n_heads": 2, "hidden_dim": 40,
             "max_position_embeddings": 34, "attn_implementation": "eager"}  # fmt: skip
    small = {"vocab_size": size, "n_layer": 2, "n_embd": 16, "n_head": 2, "n_positions": 32,
             "attn_implementation": "eager"}  # fmt: skip
    made = {
        "bert": lambda: hf.BertForPreTraining(hf.BertConfig(**plain)),
        "headless": lambda: hf.BertModel(hf.BertConfig(**plain), add_pooling_layer=False),
        "roberta": lambda: hf.RobertaForMaskedLM(hf.RobertaConfig(**plain, type_vocab_size=1)),
        "distilbert": lambda: hf.DistilBertForMaskedLM(hf.DistilBertConfig(**sizes)),
        "gpt2": lambda: hf.GPT2LMHeadModel(hf.GPT2Config(**small)),
    }[kind]()
    model = made.eval()
    with torch.no_grad():
        for weight in model.parameters():
            weight.normal_(0, 0.3)
    model.save_pretrained(folder)
    tokenizer.save(str(folder / "tokenizer.json"))
    model.config.mask_id = mask
    if kind == "bert":
        real = model.forward
        model.forward = lambda *args, **how: _with_logits(real(*args, **how))
    return model, tokenizer


def _with_logits(found):
    found["logits"] = found["prediction_logits"]
    return found


def changed(folder, **values):
    """Change config.json; a value None goes."""
    path = folder / "config.json"
    record = json.loads(path.read_text()) | values
    path.write_text(json.dumps({name: value for name, value in record.items() if value is not None}))
