"""config.json of a pre-trained model: which network it is, and its sizes; refused where it asks for more than that."""

import json
from typing import Any

from core.encoders.networks.pretrained import MODELS, RESERVED
from core.problem import Problem
from core.store.importing.bundle import Bundle

_BERT = {"layers": ("num_hidden_layers", 12), "heads": ("num_attention_heads", 12), "width": ("hidden_size", 768),
         "inner": ("intermediate_size", 3072), "context": ("max_position_embeddings", 512),
         "gelu": ("hidden_act", "gelu"), "epsilon": ("layer_norm_eps", 1e-12)}  # fmt: skip
# of each model: our name, its name in config.json, what holds where that says nothing
_NAMES: dict[str, dict[str, tuple[str, Any]]] = {
    "bert": _BERT,
    "roberta": _BERT,
    "distilbert": {"layers": ("n_layers", 6), "heads": ("n_heads", 12), "width": ("dim", 768),
                   "inner": ("hidden_dim", 3072), "context": ("max_position_embeddings", 512),
                   "gelu": ("activation", "gelu"), "epsilon": ("layer_norm_eps", 1e-12)},
    "gpt2": {"layers": ("n_layer", 12), "heads": ("n_head", 12), "width": ("n_embd", 768), "inner": ("n_inner", None),
             "context": ("n_positions", 1024), "gelu": ("activation_function", "gelu_new"),
             "epsilon": ("layer_norm_epsilon", 1e-5)},
}  # fmt: skip
_GELU = {"gelu": "none", "gelu_new": "tanh", "gelu_pytorch_tanh": "tanh"}
# what would make another network of it: the name, and the only value that is read
_OTHERWISE = {"position_embedding_type": "absolute", "is_decoder": False, "add_cross_attention": False,
              "scale_attn_by_inverse_layer_idx": False, "scale_attn_weights": True}  # fmt: skip


def configuration(bundle: Bundle) -> dict[str, Any]:
    """model, layers, heads, width, inner, context, gelu, epsilon, second: options of a pre-trained encoder."""
    if "config.json" not in bundle.names:
        raise Problem("config.json is missing: bring the whole folder of the model, or a .zip of it.")
    try:
        record = json.loads(bundle.text("config.json"))
    except (ValueError, RecursionError) as error:
        raise Problem("config.json is damaged, or not what its name says: fetch it again.") from error
    if not isinstance(record, dict):
        raise Problem("config.json is damaged, or not what its name says: fetch it again.")
    if "auto_map" in record:
        raise Problem("This model brings code of its own (auto_map in config.json), which is never run here: take one "
                      "of a model type that is known.")  # fmt: skip
    model = str(record.get("model_type"))[:40]
    if model not in MODELS:
        raise Problem("The model is of the type {model}; read are {known}.", model=model, known=", ".join(MODELS))
    for name, only in _OTHERWISE.items():
        if record.get(name, only) not in (only, None):
            raise Problem("config.json says {name} {value}, and only {only} is read here: take another model.",
                          name=name, value=str(record[name])[:40], only=only)  # fmt: skip
    return _sizes(model, record)


def _sizes(model: str, record: dict[str, Any]) -> dict[str, Any]:
    sizes = {ours: record.get(name, default) for ours, (name, default) in _NAMES[model].items()}
    for name in ("layers", "heads", "width", "inner", "context"):
        if type(sizes[name]) is not int and not (name == "inner" and sizes[name] is None):
            raise Problem("config.json says {value} for {name}, where a whole number should stand.",
                          name=_NAMES[model][name][0], value=str(sizes[name])[:40])  # fmt: skip
    gelu = str(sizes["gelu"])[:40]
    if gelu not in _GELU:
        raise Problem("The model bends by {gelu}; read are {known}.", gelu=gelu, known=", ".join(_GELU))
    if sizes["heads"] < 1 or sizes["width"] % sizes["heads"]:
        raise Problem("{heads} heads do not divide width {width}: change one.", heads=sizes["heads"],
                      width=sizes["width"])  # fmt: skip
    sizes |= {"gelu": _GELU[gelu], "inner": sizes["inner"] or 4 * sizes["width"]}
    sizes["context"] -= RESERVED.get(model, 0)
    return sizes | {"model": model, "second": model in ("bert", "distilbert")}
