"""rensa and datasketch on texts of one line each; runs in their environment. Prints one JSON object. See README.md."""

from __future__ import annotations

import gc
import json
import sys
import time
from collections.abc import Callable

import datasketch
import rensa

N_PERMUTATIONS, SHINGLE_LEN, ROUNDS = 128, 5, 10
# datasketch is so much slower that a part of the texts takes as long.
DATASKETCH_PART = 10


def shingles(text: str) -> list[str]:
    words = text.split(" ")
    return [" ".join(words[n : n + SHINGLE_LEN]) for n in range(max(1, len(words) - SHINGLE_LEN + 1))]


def rate(n_texts: int, make: Callable[[], object], rounds: int) -> float:
    """Texts a second, the best round; only the making of signatures is timed."""
    best = float("inf")
    for _ in range(rounds):
        gc.collect()
        begin = time.perf_counter()
        made = make()
        best = min(best, time.perf_counter() - begin)
        del made
    return n_texts / best


def rensa_one(text: list[str], kind: type) -> object:
    signature = kind(num_perm=N_PERMUTATIONS, seed=42)
    signature.update(text)
    return signature


def datasketch_one(text: list[bytes]) -> datasketch.MinHash:
    signature = datasketch.MinHash(num_perm=N_PERMUTATIONS)
    signature.update_batch(text)
    return signature


def of_rows(rows: list[list[int]]) -> list[float]:
    pairs = zip(rows[::2], rows[1::2], strict=True)
    return [sum(a == b for a, b in zip(x, y, strict=True)) / N_PERMUTATIONS for x, y in pairs]


def main() -> None:
    lines = sys.stdin.read().splitlines()
    texts = [shingles(line) for line in lines]
    gc.freeze()
    found = {}
    for name, kind in (("RMinHash", rensa.RMinHash), ("CMinHash", rensa.CMinHash)):
        signatures = [rensa_one(text, kind) for text in texts]
        found[f"rensa {name}"] = {
            "rate": rate(len(texts), lambda kind=kind: [rensa_one(text, kind) for text in texts], ROUNDS),
            "estimates": [a.jaccard(b) for a, b in zip(signatures[::2], signatures[1::2], strict=True)],
        }
    found["rensa RMinHash, from the text"] = {
        "rate": rate(len(lines), lambda: [rensa_one(shingles(line), rensa.RMinHash) for line in lines], 3),
        "estimates": found["rensa RMinHash"]["estimates"],
    }
    for name, make in (
        ("rensa RMinHash, in bulk", rensa.RMinHash.digest_matrix_from_token_sets),
        ("rensa Rho, in bulk", rensa.RMinHash.digest_matrix_from_token_sets_rho),
    ):
        rows = make(texts, N_PERMUTATIONS, 42).to_rows()
        found[name] = {
            "rate": rate(len(texts), lambda make=make: make(texts, N_PERMUTATIONS, 42), ROUNDS),
            "estimates": of_rows(rows),
        }
    part = [[shingle.encode() for shingle in text] for text in texts]
    signatures = [datasketch_one(text) for text in part]
    few = part[:: DATASKETCH_PART]
    found["datasketch MinHash"] = {
        "rate": rate(len(few), lambda: [datasketch_one(text) for text in few], 3),
        "estimates": [a.jaccard(b) for a, b in zip(signatures[::2], signatures[1::2], strict=True)],
    }
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
