"""Groups reports by TF-IDF and scikit-learn's clustering. Arguments: JSONL with `event`, `title`, `text`; `average linkage` or `DBSCAN`.

Prints one JSON object: processor time of one run at the best threshold (seconds), peak memory, and scores against `event`.
The threshold is the one of a grid that has the best B³ on these very reports: what no user can know. Only the run at it is timed.
"""

import json
import resource
import sys
import time
from collections import Counter

from sklearn.cluster import DBSCAN, AgglomerativeClustering
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import adjusted_rand_score
from sklearn.metrics.pairwise import cosine_distances

GRID = [0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9]


def main() -> None:
    path, method = sys.argv[1:]
    with open(path, encoding="utf-8") as lines:
        reports = [json.loads(line) for line in lines]
    texts = [f"{report['title']}\n{report['text']}" for report in reports]
    events = [report["event"] for report in reports]
    best = None
    for threshold in GRID if method == "average linkage" else [x - 0.3 for x in GRID]:
        start = time.process_time()
        labels = group(texts, method, threshold)
        seconds = time.process_time() - start
        scores = b_cubed(events, labels)
        if best is None or scores[2] > best[1][2]:
            best = (seconds, scores, adjusted_rand_score(events, labels))
    seconds, (precision, recall, f1), ari = best
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(dict(tool=f"TF-IDF, scikit-learn, {method}", seconds=seconds, megabytes=megabytes,
                          precision=precision, recall=recall, f1=f1, ari=ari)))


def group(texts: list[str], method: str, threshold: float) -> list[int]:
    vectors = TfidfVectorizer(sublinear_tf=True).fit_transform(texts)
    if method == "DBSCAN":
        labels = DBSCAN(eps=threshold, min_samples=2, metric="cosine").fit_predict(vectors)
        return [label if label >= 0 else -2 - n for n, label in enumerate(labels.tolist())]
    clustering = AgglomerativeClustering(n_clusters=None, distance_threshold=threshold, metric="precomputed", linkage="average")
    return clustering.fit_predict(cosine_distances(vectors)).tolist()


def b_cubed(gold: list, found: list) -> tuple[float, float, float]:
    both, of_gold, of_found = Counter(zip(gold, found)), Counter(gold), Counter(found)
    precision = sum(n * n / of_found[label] for (_, label), n in both.items()) / len(gold)
    recall = sum(n * n / of_gold[event] for (event, _), n in both.items()) / len(gold)
    return precision, recall, 2 * precision * recall / (precision + recall)


if __name__ == "__main__":
    main()
