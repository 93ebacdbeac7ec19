#!/usr/bin/env python3
"""Count the lower-case words of JSON-lines texts: the vocabulary for `distill_words.py`. Words only, no text leaves here.

    python3 tools/count_words.py FILE.jsonl[.gz]… > WORDS.txt
"""
import gzip, json, re, sys
from collections import Counter

MIN_COUNT = 3
counts, capital = Counter(), Counter()
for path in sys.argv[1:]:
    with (gzip.open if path.endswith(".gz") else open)(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            for text in (record.get("text"), record.get("s1"), record.get("s2")):
                for word in re.findall(r"[A-Za-z]{3,20}", text or ""):
                    (counts if word.islower() else capital)[word.lower()] += 1
for word, n in sorted(counts.items()):
    # Words that are nearly always capitalised are names: those are compared as names.
    if n >= MIN_COUNT and n >= 0.2 * capital[word]:
        print(word, n)
