"""Folders of models: what is looked at, and every refusal in a sentence."""

import json
import zipfile

import pytest

from core.problem import Problem
from core.store.importing import limited_look
from core.store.importing.model import look_model, read_model
from core.store.importing.packaged import packaged
from tests.core.store.importing.making import changed, listed, tiny


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bert")
    tiny("bert", folder)
    return folder


@pytest.fixture
def folder(model, tmp_path):
    for path in model.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    return tmp_path


def test_a_look_says_what_it_is(folder):
    facts = limited_look(listed(folder), "model")
    assert (facts["encoder"], facts["options"]["layers"], facts["pieces"]) == ("pretrained", 2, 12)
    assert "MaskedWord" in facts["capabilities"] and facts["parameters"] > 1000 and "the" in facts["words"]


def test_a_zip_of_the_folder_is_the_same(folder, tmp_path):
    packed = tmp_path / "model.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, name in listed(folder):
            if path != packed:
                archive.write(path, f"tiny/{name}")
        archive.writestr("tiny/pooling/config.json", "{}")
    facts = look_model([(packed, "model.zip")])
    assert facts["options"]["file"] == "tiny" and facts["pieces"] == 12
    (tmp_path / "ours").mkdir()
    list(read_model([(packed, "model.zip")], tmp_path / "ours"))
    assert (tmp_path / "ours" / "model.safetensors").exists()


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"auto_map": {"AutoModel": "code.Model"}}, "brings code of its own"),
        ({"model_type": "llama"}, "of the type llama"),
        ({"num_attention_heads": 3}, "3 heads do not divide width 16"),
        ({"hidden_act": "relu"}, "bends by relu"),
        ({"num_hidden_layers": 3}, r"encoder\.layer\.2.* is missing"),
        ({"num_hidden_layers": 10**9}, "from 1 to 48"),
        ({"intermediate_size": 41}, "by config.json it is 41 × 16"),
        ({"hidden_size": "16"}, "where a whole number should stand"),
    ],
)
def test_a_configuration_that_does_not_do(folder, values, sentence):
    changed(folder, **values)
    with pytest.raises(Problem, match=sentence):
        look_model(listed(folder))


def test_files_of_two_models_are_not_mixed(folder, tmp_path):
    other = tmp_path / "config.json"
    other.write_text("{}")
    with pytest.raises(Problem, match="config.json is among the files twice"):
        look_model([*listed(folder), (other, "config.json")])


@pytest.mark.parametrize(
    ("gone", "sentence"),
    [("config.json", "config.json is missing"), ("model.safetensors", "weights are missing"),
     ("tokenizer.json", "tokenizer is missing")],
)  # fmt: skip
def test_a_file_that_is_missing(folder, gone, sentence):
    (folder / gone).unlink()
    with pytest.raises(Problem, match=sentence):
        look_model(listed(folder))


def test_a_pickle_is_never_opened(folder):
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    with pytest.raises(Problem, match=r"pytorch_model.bin is a pickle"):
        look_model(listed(folder))


def test_weights_that_are_cut_off(folder):
    path = folder / "model.safetensors"
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(Problem, match="cut off or damaged"):
        look_model(listed(folder))
    path.write_bytes(b"\xff" * 20)
    with pytest.raises(Problem, match="no safetensors file"):
        look_model(listed(folder))


def test_a_billion_rows_announced_in_a_small_file(folder):
    told = {"embeddings.word_embeddings.weight": {"dtype": "F32", "shape": [10**9, 16], "data_offsets": [0, 64]}}
    text = json.dumps(told).encode()
    (folder / "model.safetensors").write_bytes(len(text).to_bytes(8, "little") + text + bytes(64))
    with pytest.raises(Problem, match="announces embeddings"):
        limited_look(listed(folder), "model")


def test_a_tokenizer_with_parts_that_are_not_known(folder):
    record = json.loads((folder / "tokenizer.json").read_text())
    record["pre_tokenizer"] = {"type": "Split", "pattern": {"Regex": "(a+)+b"}, "behavior": "Isolated", "invert": False}
    (folder / "tokenizer.json").write_text(json.dumps(record))
    with pytest.raises(Problem, match="Split, is not read"):
        look_model(listed(folder))


def test_the_packaged_one_if_it_is_there():
    files = packaged()
    if files:
        facts = limited_look(files, "model")
        assert (facts["options"]["layers"], facts["options"]["heads"], facts["pieces"]) == (6, 12, 29523)
    assert packaged("no-such-package-at-all") == []
