"""transformers' BERT and GPT-2 with the weights of our networks: what ours are held against, and raced with."""

from typing import Any

import torch

from core.encoders.networks import bert, gpt

PARTS = ("weight", "bias")


def to_bert(
    network: bert.Network, words: int, heads_of_pretraining: bool = True, attention: str | None = "eager"
) -> Any:
    """BertForPreTraining (or BertForMaskedLM) of a network whose norms are behind; attention: None, as it comes."""
    from transformers import BertConfig, BertForMaskedLM, BertForPreTraining

    context, width = network.position.shape
    config = BertConfig(
        vocab_size=words + 5, hidden_size=width, num_hidden_layers=len(network.blocks),
        num_attention_heads=network.blocks[0].heads, intermediate_size=4 * width, max_position_embeddings=context,
        layer_norm_eps=1e-5, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0,
        **({"attn_implementation": attention} if attention else {}),
    )  # fmt: skip
    model = (BertForPreTraining if heads_of_pretraining else BertForMaskedLM)(config)
    ours, begin = dict(network.named_parameters()), "bert.embeddings."
    weights = {f"{begin}word_embeddings.weight": ours["embedding"],
               f"{begin}position_embeddings.weight": ours["position"],
               f"{begin}token_type_embeddings.weight": ours["segment"]}  # fmt: skip
    pairs = {f"{begin}LayerNorm": "norm_embedding"}
    pairs |= {f"cls.predictions.transform.{name}": f"transform.{i}" for name, i in (("dense", 0), ("LayerNorm", 2))}
    if heads_of_pretraining:
        pairs |= {"bert.pooler.dense": "pool"}
        weights |= {f"cls.seq_relationship.{part}": ours[f"next.{part}"].flip(0) for part in PARTS}  # theirs: 0 follows
    for i in range(len(network.blocks)):
        layer, block = f"bert.encoder.layer.{i}.", f"blocks.{i}."
        pairs |= {f"{layer}attention.output.dense": f"{block}join",
                  f"{layer}attention.output.LayerNorm": f"{block}norm_attention",
                  f"{layer}intermediate.dense": f"{block}mlp.0", f"{layer}output.dense": f"{block}mlp.2",
                  f"{layer}output.LayerNorm": f"{block}norm_mlp"}  # fmt: skip
        for part in PARTS:
            each = ours[f"{block}query_key_value.{part}"].chunk(3)
            weights |= {f"{layer}attention.self.{name}.{part}": x for name, x in zip(("query", "key", "value"), each)}
    weights |= {f"{name}.{part}": ours[f"{mine}.{part}"] for name, mine in pairs.items() for part in PARTS}
    weights["cls.predictions.bias"] = torch.cat([ours["bias"], torch.zeros(5)])
    weights["cls.predictions.decoder.bias"] = weights["cls.predictions.bias"]
    weights["cls.predictions.decoder.weight"] = ours["embedding"]
    missing, unexpected = model.load_state_dict({name: x.detach() for name, x in weights.items()}, strict=False)
    assert not missing and not unexpected, (missing, unexpected)
    return model


def to_gpt2(network: gpt.Network, attention: str | None = "eager", gelu: str = "gelu_new") -> Any:
    """GPT2LMHeadModel of a network whose norms are in front; its weights are stored the other way round."""
    from transformers import GPT2Config, GPT2LMHeadModel

    context, width = network.position.shape
    config = GPT2Config(
        vocab_size=len(network.embedding), n_positions=context, n_embd=width, n_layer=len(network.blocks),
        n_head=network.blocks[0].heads, bos_token_id=0, eos_token_id=0, resid_pdrop=0.0, embd_pdrop=0.0, attn_pdrop=0.0,
        activation_function=gelu, **({"attn_implementation": attention} if attention else {}),
    )  # fmt: skip
    ours, model = dict(network.named_parameters()), GPT2LMHeadModel(config)
    names = {"ln_1": "norm_attention", "attn.c_attn": "query_key_value", "attn.c_proj": "join", "ln_2": "norm_mlp",
             "mlp.c_fc": "mlp.0", "mlp.c_proj": "mlp.2"}  # fmt: skip
    weights = {f"transformer.ln_f.{part}": ours[f"norm.{part}"] for part in PARTS}
    weights |= {"transformer.wte.weight": ours["embedding"], "transformer.wpe.weight": ours["position"],
                "lm_head.weight": ours["embedding"]}  # fmt: skip
    for i in range(len(network.blocks)):
        for name, mine in names.items():
            weight = ours[f"blocks.{i}.{mine}.weight"]
            weights[f"transformer.h.{i}.{name}.weight"] = weight.T if weight.ndim == 2 else weight
            weights[f"transformer.h.{i}.{name}.bias"] = ours[f"blocks.{i}.{mine}.bias"]
    model.load_state_dict({name: x.detach() for name, x in weights.items()})
    return model
