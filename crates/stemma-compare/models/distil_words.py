"""Distils the sentence encoder all-MiniLM-L6-v2 into one small vector for each of some thousand English word stems.

    python distil_words.py MODEL_FOLDER OUT.bin TEXTS.jsonl[.gz]…

MODEL_FOLDER holds the encoder as published (`model.safetensors`, `vocab.txt`; Apache-2.0). The words are those of its
vocabulary that are whole words, and the words that stand in three or more records of the TEXTS. Each is encoded alone; the
mean of its pieces' last states is its vector. Vectors of one stem (Porter's second English stemmer, as the program stems)
are averaged; the mean of all is taken off, then the first principal component, which tells frequent words from rare ones
and nothing else (Mu and Viswanath 2018, "All-but-the-top"); the next 128 are kept, as signed bytes. Number words, months
and days get no vector: another number is another figure. Needs numpy, safetensors and snowballstemmer; the same input
gives the same vectors up to rounding.
"""

import collections
import gzip
import json
import math
import re
import sys
import unicodedata

import numpy as np
import snowballstemmer
from safetensors.numpy import load_file

DIMENSIONS = 128
LAYERS, HEADS, WIDTH = 6, 12, 384
MIN_RECORDS = 3
LONGEST_WORD = 20
NUMBERS = set(
    """one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
    nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred hundreds thousand thousands million millions
    billion billions trillion dozen dozens first second third fourth fifth sixth seventh eighth ninth tenth half quarter
    january february march april may june july august september october november december
    monday tuesday wednesday thursday friday saturday sunday""".split()
)


class Encoder:
    """The encoder's forward pass, for a batch of equally long inputs."""

    def __init__(self, folder):
        tensors = load_file(f"{folder}/model.safetensors")
        self.tensors = {name.removeprefix("bert."): value for name, value in tensors.items()}
        with open(f"{folder}/vocab.txt", encoding="utf-8") as file:
            self.vocabulary = [line.rstrip("\n") for line in file]
        self.ids = {piece: n for n, piece in enumerate(self.vocabulary)}

    def normalize(self, x, name):
        centered = x - x.mean(-1, keepdims=True)
        scaled = centered / np.sqrt((centered**2).mean(-1, keepdims=True) + 1e-12)
        return scaled * self.tensors[f"{name}.weight"] + self.tensors[f"{name}.bias"]

    def linear(self, x, name):
        return x @ self.tensors[f"{name}.weight"].T + self.tensors[f"{name}.bias"]

    def attend(self, x, layer):
        batch, length, _ = x.shape

        def heads(name):
            states = self.linear(x, f"{layer}.attention.self.{name}")
            return states.reshape(batch, length, HEADS, WIDTH // HEADS).transpose(0, 2, 1, 3)

        scores = heads("query") @ heads("key").transpose(0, 1, 3, 2) / math.sqrt(WIDTH // HEADS)
        scores = np.exp(scores - scores.max(-1, keepdims=True))
        scores /= scores.sum(-1, keepdims=True)
        mixed = (scores @ heads("value")).transpose(0, 2, 1, 3).reshape(batch, length, WIDTH)
        return self.linear(mixed, f"{layer}.attention.output.dense")

    def encode(self, ids):
        """Mean of the last states of `ids` (batch by length)."""
        words = self.tensors["embeddings.word_embeddings.weight"][ids]
        places = self.tensors["embeddings.position_embeddings.weight"][: ids.shape[1]]
        kinds = self.tensors["embeddings.token_type_embeddings.weight"][0]
        x = self.normalize(words + places + kinds, "embeddings.LayerNorm")
        for n in range(LAYERS):
            layer = f"encoder.layer.{n}"
            x = self.normalize(x + self.attend(x, layer), f"{layer}.attention.output.LayerNorm")
            inner = self.linear(x, f"{layer}.intermediate.dense")
            inner = 0.5 * inner * (1 + np.tanh(math.sqrt(2 / math.pi) * (inner + 0.044715 * inner**3)))
            x = self.normalize(x + self.linear(inner, f"{layer}.output.dense"), f"{layer}.output.LayerNorm")
        return x.mean(1)

    def pieces(self, word):
        """The word's pieces, the longest first, or none where a part of it is unknown."""
        found, start = [], 0
        while start < len(word):
            prefix = "##" if start else ""
            ends = (end for end in range(len(word), start, -1) if prefix + word[start:end] in self.ids)
            end = next(ends, None)
            if end is None:
                return []
            found.append(self.ids[prefix + word[start:end]])
            start = end
        return [self.ids["[CLS]"], *found, self.ids["[SEP]"]]


def words_of(path):
    """The words that the records of `path` write small, with the number of records that each stands in."""
    counts = collections.Counter()
    with (gzip.open if path.endswith(".gz") else open)(path, "rt", encoding="utf-8") as file:
        for line in file:
            record = json.loads(line)
            text = " ".join(value for value in record.values() if isinstance(value, str))
            counts.update(set(re.findall(r"\b[a-z]{3,}\b", unicodedata.normalize("NFKC", text))))
    return counts


def main():
    folder, out, *texts = sys.argv[1:]
    encoder = Encoder(folder)
    counts = collections.Counter()
    for path in texts:
        counts.update(words_of(path))
    frequent = {word for word, n in counts.items() if n >= MIN_RECORDS and len(word) <= LONGEST_WORD}
    whole = {word for word in encoder.vocabulary if word.isascii() and word.isalpha() and len(word) >= 3}
    words = sorted(whole | frequent)
    by_length = collections.defaultdict(list)
    for word in words:
        pieces = encoder.pieces(word)
        if pieces:
            by_length[len(pieces)].append((word, pieces))
    vectors = {}
    for _, group in sorted(by_length.items()):
        for start in range(0, len(group), 256):
            batch = group[start : start + 256]
            states = encoder.encode(np.array([pieces for _, pieces in batch]))
            states /= np.linalg.norm(states, axis=1, keepdims=True)
            vectors.update(zip((word for word, _ in batch), states))
    stemmer = snowballstemmer.stemmer("english")
    by_stem = collections.defaultdict(list)
    for word in vectors:
        by_stem[stemmer.stemWord(word)].append(word)
    stems = sorted(by_stem)
    table = np.stack([np.mean([vectors[word] for word in by_stem[stem]], axis=0) for stem in stems])
    table -= table.mean(0)
    _, _, components = np.linalg.svd(table, full_matrices=False)
    table = table @ components[1 : DIMENSIONS + 1].T
    table /= np.abs(table).max(1, keepdims=True)
    numbers = [any(word in NUMBERS for word in by_stem[stem]) for stem in stems]
    table[np.array(numbers)] = 0
    names = "\n".join(stems).encode()
    with open(out, "wb") as file:
        for number in (len(stems), DIMENSIONS, len(names)):
            file.write(number.to_bytes(4, "little"))
        file.write(names)
        file.write(np.round(table * 127).astype(np.int8).tobytes())
    print(f"{len(words)} words, {len(stems)} stems")


main()
