//! When two names name one person.
//!
//! Never fails. Names are compared by their folded words; spellings of one name in other scripts' transliterations
//! ("Zelensky", "Zelenskyy", "Zelenskiy") share a skeleton.

use super::lexicon::{Lexicons, Traits, fold};

/// A person's name, taken apart.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct PersonName {
    /// Folded words without "Jr." and the like; never empty. A particle goes with the word after it ("de blasio").
    pub(super) words: Vec<String>,
}

const PARTICLES: &[&str] = &[
    "de", "la", "del", "della", "di", "da", "dos", "das", "du", "van", "von", "der", "den", "ter", "bin",
    "ibn", "ben", "al", "el", "le", "los", "las",
];

impl PersonName {
    /// Takes `name`, a slice of the text, apart.
    pub(super) fn new(name: &str, lexicons: &Lexicons) -> Self {
        let folded = fold(name);
        let parts =
            folded.split([' ', ',']).map(|word| word.trim_matches('.')).filter(|word| !word.is_empty());
        let mut words: Vec<String> = Vec::new();
        let mut held = String::new();
        for part in parts {
            if PARTICLES.contains(&part) {
                held.push_str(part);
                held.push(' ');
            } else {
                words.push(std::mem::take(&mut held) + part);
            }
        }
        if !held.is_empty() {
            words.push(held.trim_end().to_owned());
        }
        while words.len() > 1 && words.last().is_some_and(|word| lexicons.traits(word).any(Traits::POST)) {
            words.pop();
        }
        if words.is_empty() {
            words.push(folded);
        }
        Self { words }
    }

    /// The last word, by which a person is usually called.
    pub(super) fn last(&self) -> &str {
        self.words.last().map_or("", String::as_str)
    }

    /// The first word.
    pub(super) fn first(&self) -> &str {
        self.words.first().map_or("", String::as_str)
    }

    /// More than one word.
    pub(super) fn is_full(&self) -> bool {
        self.words.len() > 1
    }

    /// True if two full names may name one person: "J.D. Vance" and "JD Vance", "Joe Biden" and "Joseph R. Biden",
    /// "Gabriel Boric" and "Gabriel Boric Font".
    pub(super) fn agrees(&self, other: &Self) -> bool {
        if self.words == other.words {
            return true;
        }
        let (short, long) = if self.words.len() <= other.words.len() { (self, other) } else { (other, self) };
        let same_ends = same_spelling(short.last(), long.last()) && same_given(short.first(), long.first());
        let is_prefix =
            short.words.len() > 1 && short.words.iter().zip(&long.words).all(|(a, b)| same_spelling(a, b));
        let is_suffix = short.words.len() > 1
            && short.words.iter().rev().zip(long.words.iter().rev()).all(|(a, b)| same_spelling(a, b));
        same_ends && middle_agrees(short, long) || is_prefix || is_suffix
    }
}

/// Middle names of two names with the same ends: "John Paul Jones" is not "John Adam Jones".
fn middle_agrees(short: &PersonName, long: &PersonName) -> bool {
    let middle = |name: &PersonName| name.words[1..name.words.len().max(2) - 1].to_vec();
    let (a, b) = (middle(short), middle(long));
    a.is_empty() || b.is_empty() || a.iter().any(|x| b.iter().any(|y| same_given(x, y)))
}

/// "j.d" and "jd", "j" and "john", "joe" and "joseph".
fn same_given(a: &str, b: &str) -> bool {
    let letters = |word: &str| word.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    let (x, y) = (letters(a), letters(b));
    let is_initial = |word: &str| word.chars().count() == 1;
    let starts = |short: &str, long: &str| long.starts_with(short);
    same_spelling(&x, &y)
        || is_initial(&x) && starts(&x, &y)
        || is_initial(&y) && starts(&y, &x)
        || x.chars().count() == 2 && a.contains('.') && y.starts_with(x.chars().next().unwrap_or(' '))
        || y.chars().count() == 2 && b.contains('.') && x.starts_with(y.chars().next().unwrap_or(' '))
        || is_nickname(&x, &y)
        || is_nickname(&y, &x)
}

/// Short forms of given names that do not begin like the full name, or are not in one list with it.
fn is_nickname(short: &str, full: &str) -> bool {
    const NICKNAMES: &[(&str, &[&str])] = &[
        ("al", &["albert", "alan", "alfred"]),
        ("alex", &["alexander", "alexandra", "aleksandr", "alexei", "oleksandr"]),
        ("andy", &["andrew"]),
        ("ben", &["benjamin"]),
        ("bernie", &["bernard"]),
        ("beth", &["elizabeth"]),
        ("bill", &["william"]),
        ("bob", &["robert"]),
        ("bobby", &["robert"]),
        ("charlie", &["charles"]),
        ("chris", &["christopher", "christine", "christian"]),
        ("chuck", &["charles"]),
        ("dan", &["daniel"]),
        ("dave", &["david"]),
        ("dick", &["richard"]),
        ("don", &["donald"]),
        ("ed", &["edward", "edwin"]),
        ("frank", &["francis", "franklin"]),
        ("fred", &["frederick"]),
        ("greg", &["gregory"]),
        ("jack", &["john"]),
        ("jeff", &["jeffrey", "geoffrey"]),
        ("jerry", &["gerald", "jerome"]),
        ("jim", &["james"]),
        ("jimmy", &["james"]),
        ("joe", &["joseph"]),
        ("jon", &["jonathan"]),
        ("kate", &["katherine", "catherine"]),
        ("ken", &["kenneth"]),
        ("larry", &["lawrence"]),
        ("liz", &["elizabeth"]),
        ("matt", &["matthew"]),
        ("maggie", &["margaret"]),
        ("mike", &["michael"]),
        ("mitch", &["mitchell", "addison"]),
        ("nick", &["nicholas"]),
        ("pat", &["patrick", "patricia"]),
        ("pete", &["peter"]),
        ("phil", &["philip", "phillip"]),
        ("ray", &["raymond"]),
        ("rick", &["richard"]),
        ("rob", &["robert"]),
        ("ron", &["ronald"]),
        ("sam", &["samuel", "samantha"]),
        ("steve", &["steven", "stephen"]),
        ("sue", &["susan"]),
        ("ted", &["edward", "theodore"]),
        ("tim", &["timothy"]),
        ("tom", &["thomas"]),
        ("tony", &["anthony", "antonio"]),
        ("vlad", &["vladimir", "vladislav"]),
        ("will", &["william"]),
    ];
    NICKNAMES.iter().any(|&(nickname, names)| nickname == short && names.contains(&full))
}

/// True if two words are one name in two spellings.
pub(super) fn same_spelling(a: &str, b: &str) -> bool {
    a == b || {
        let (x, y) = (skeleton(a), skeleton(b));
        x == y && x.chars().count() > 3
    }
}

/// A folded word without what transliterations differ in: doubled letters, y/i/j, kh/h, w/v, hyphens, "-iy" endings.
pub(super) fn skeleton(folded: &str) -> String {
    let mut out = String::with_capacity(folded.len());
    let mut last = None;
    let mut chars = folded.chars().peekable();
    while let Some(c) = chars.next() {
        let c = match c {
            'y' | 'j' => 'i',
            'w' => 'v',
            'k' if chars.peek() == Some(&'h') => continue,
            '\'' | '-' | '.' | ' ' => continue,
            c => c,
        };
        if last != Some(c) {
            out.push(c);
        }
        last = Some(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn agree(a: &str, b: &str) -> bool {
        let lexicons = Lexicons::load();
        let (a, b) = (PersonName::new(a, &lexicons), PersonName::new(b, &lexicons));
        assert_eq!(a.agrees(&b), b.agrees(&a));
        a.agrees(&b)
    }

    #[test]
    fn full_names_of_one_person_agree() {
        for (a, b) in [
            ("J.D. Vance", "JD Vance"),
            ("James Vance", "J.D. Vance"),
            ("Joe Biden", "Joseph R. Biden Jr."),
            ("Volodymyr Zelensky", "Volodymyr Zelenskyy"),
            ("Ana María Ruiz", "Ana Ruiz"),
            ("Bill de Blasio", "William de Blasio"),
            ("Gabriel Boric", "Gabriel Boric Font"),
        ] {
            assert!(agree(a, b), "{a} and {b}");
        }
    }

    #[test]
    fn names_that_the_text_tells_apart_do_not_agree() {
        for (a, b) in [
            ("Bill Clinton", "Hillary Clinton"),
            ("John Paul Jones", "John Adam Jones"),
            ("Ana Ruiz", "Ana Lima"),
            ("Kim Il Sung", "Kim Jong Un"),
        ] {
            assert!(!agree(a, b), "{a} and {b}");
        }
    }
}
