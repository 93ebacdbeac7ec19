//! Makes one automaton of the long lists of names and words (`data/names-*.txt`).
//!
//! A list has one entry a line: a folded name or word, and for some a tab and a letter. The automaton maps each to a number; its bits are
//! described where it is read, in `src/names/lexicon.rs`.

use std::collections::BTreeMap;
use std::path::Path;
use std::{env, fs};

/// What an entry of a list with this letter adds to its number.
type Said = fn(&str) -> u64;

const LISTS: [(&str, Said); 4] = [
    ("data/names-cities.txt", |size| match size {
        "a" => 1,
        "b" => 2,
        _ => 3,
    }),
    ("data/names-given.txt", |gender| match gender {
        "f" => 1 << 2,
        "m" => 2 << 2,
        _ => 3 << 2,
    }),
    ("data/names-family.txt", |_| 1 << 4),
    ("data/names-common-words.txt", |_| 1 << 5),
];

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let root = env::var("CARGO_MANIFEST_DIR").expect("cargo sets it");
    let mut numbers: BTreeMap<String, u64> = BTreeMap::new();
    for (list, said) in LISTS {
        println!("cargo::rerun-if-changed={list}");
        let text = fs::read_to_string(Path::new(&root).join(list)).expect("the list is in the repository");
        for line in text.lines().filter(|line| !line.is_empty()) {
            let (entry, letter) = line.split_once('\t').unwrap_or((line, ""));
            *numbers.entry(entry.to_owned()).or_default() |= said(letter);
        }
    }
    let map = fst::Map::from_iter(numbers).expect("a sorted map has its keys in order, each once");
    let out = Path::new(&env::var("OUT_DIR").expect("cargo sets it")).join("names.fst");
    fs::write(out, map.as_fst().as_bytes()).expect("the build folder can be written");
}
