//! Forms that two reports share against all others: a misprint, a misread figure, another date, a figure that the others
//! give in full.
//!
//! Two witnesses that hear or see a thing for themselves do not make one slip by chance, so what departs from the rest in
//! both came to one by way of the other, or to both from a third (the *common errors* of textual criticism; Maas,
//! *Textkritik*, 1927). Most telling are slips: letters or digits out of place. Other departures (another day, another
//! person) may have two sources, and a figure is easily rounded twice: they only choose between origins.

use std::collections::{BTreeMap, BTreeSet};

use stemma_core::{Alignment, Divergence, DivergenceKind, Figure, Story};

use super::details::{figures_of, rounds};
use crate::divergences::show;

/// Different figures of one alignment that are laid side by side.
const MOST_FIGURES: usize = 64;
/// A name of fewer letters is near others by chance.
const LEAST_LETTERS: usize = 5;
/// A number of fewer digits may differ in one of them for many reasons.
const LEAST_DIGITS: usize = 3;

/// A form that some reports share against the others that tell the same.
pub(super) struct Departure {
    /// As the first of its carriers writes it.
    form: String,
    /// What one of the others has in its place.
    usual: String,
    /// Letters or digits of the usual form out of place.
    is_slip: bool,
    carriers: BTreeSet<usize>,
    /// The reports that have the usual form.
    others: BTreeSet<usize>,
}

impl Departure {
    /// “Petrof” where 3 other reports have “Petrov”.
    pub(super) fn reason(&self) -> String {
        format!("{} where {} other reports have {}", show(&self.form), self.others.len(), show(&self.usual))
    }
}

/// All departures of a story.
#[derive(Default)]
pub(super) struct Departures(Vec<Departure>);

impl Departures {
    /// Those of `alignments`; reports of one group of `groups` are copies of each other and count once.
    pub(super) fn find(story: &Story, alignments: &[&Alignment], groups: &[usize]) -> Self {
        let mut forms = Forms::new();
        for (row, alignment) in alignments.iter().enumerate() {
            note_diverging(story, (row, alignment), &mut forms);
            note_rounded(story, (row, alignment), &mut forms);
        }
        Self(forms.into_values().filter(|departure| departure.is_minority(groups)).collect())
    }

    /// Those that both reports carry.
    fn shared(&self, a: usize, b: usize) -> impl Iterator<Item = &Departure> {
        self.0.iter().filter(move |each| each.carriers.contains(&a) && each.carriers.contains(&b))
    }

    /// How many both carry.
    pub(super) fn n_shared(&self, a: usize, b: usize) -> usize {
        self.shared(a, b).count()
    }

    /// A slip that both carry; if none, another departure.
    pub(super) fn best(&self, a: usize, b: usize) -> Option<&Departure> {
        self.slip(a, b).or_else(|| self.shared(a, b).next())
    }

    /// A slip that both carry.
    pub(super) fn slip(&self, a: usize, b: usize) -> Option<&Departure> {
        self.shared(a, b).find(|each| each.is_slip)
    }
}

impl Departure {
    /// True if several reports carry it, and more witnesses have the usual form; none has both.
    fn is_minority(&self, groups: &[usize]) -> bool {
        let witnesses =
            |reports: &BTreeSet<usize>| reports.iter().map(|&report| groups[report]).collect::<BTreeSet<_>>();
        let (own, others) = (witnesses(&self.carriers), witnesses(&self.others));
        self.carriers.len() > 1 && others.len() > own.len() && self.carriers.is_disjoint(&self.others)
    }
}

/// Each form that others contradict, by the alignment (a name is one name in all), the kind of contradiction and its words.
type Forms = BTreeMap<(Option<usize>, Option<DivergenceKind>, String), Departure>;

fn note_diverging(story: &Story, (row, alignment): (usize, &Alignment), forms: &mut Forms) {
    use DivergenceKind::{Figure, Name, Place, Time};
    let told = |d: &&Divergence| matches!(d.kind, Figure | Name | Place | Time);
    for divergence in alignment.divergences.iter().filter(told) {
        let side = |n: usize| {
            let report = alignment.cells[divergence.cells[n]].report;
            (report.index(), story.document(report).slices(&divergence.evidence[n]))
        };
        let sides = [side(0), side(1)];
        if sides.iter().any(|(_, words)| words.is_empty()) {
            continue;
        }
        for n in [0, 1] {
            let ((report, form), (other, usual)) = (&sides[n], &sides[1 - n]);
            let row = (divergence.kind != Name).then_some(row);
            let departure = departure(forms, (row, Some(divergence.kind)), form, usual);
            departure.carriers.insert(*report);
            departure.others.insert(*other);
        }
    }
}

/// Adds the figures that round those of other cells. Time: quadratic in the different figures, at most [`MOST_FIGURES`].
fn note_rounded(story: &Story, (row, alignment): (usize, &Alignment), forms: &mut Forms) {
    let mut figures: BTreeMap<&str, (&Figure, BTreeSet<usize>)> = BTreeMap::new();
    for cell in &alignment.cells {
        let document = story.document(cell.report);
        for figure in figures_of(document, &cell.spans) {
            let known = figures.entry(document.slice(figure.span)).or_insert((figure, BTreeSet::new()));
            known.1.insert(cell.report.index());
        }
    }
    for (form, (figure, reports)) in figures.iter().take(MOST_FIGURES) {
        for (usual, (exact, others)) in figures.iter().take(MOST_FIGURES) {
            if rounds(figure, exact) {
                let departure = departure(forms, (Some(row), None), form, usual);
                departure.carriers.extend(reports);
                departure.others.extend(others);
            }
        }
    }
}

fn departure<'a>(
    forms: &'a mut Forms,
    (row, kind): (Option<usize>, Option<DivergenceKind>),
    form: &str,
    usual: &str,
) -> &'a mut Departure {
    forms.entry((row, kind, plain(form))).or_insert_with(|| Departure {
        form: form.to_owned(),
        usual: usual.to_owned(),
        is_slip: is_slip(&plain(form), &plain(usual)),
        carriers: BTreeSet::new(),
        others: BTreeSet::new(),
    })
}

/// Latin letters and digits in lower case, words parted by one space.
fn plain(words: &str) -> String {
    let words = any_ascii::any_ascii(words).to_lowercase();
    let parts = words.split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join(" ")
}

/// True if the two differ by letters or digits out of place: digits in another order, one of three digits or more, or one
/// edit in a long word. Where the consonants are the same, the two are ways to write one name: "Zelensky"
/// and "Zelenskyy".
fn is_slip(a: &str, b: &str) -> bool {
    let digits = |words: &str| words.bytes().filter(u8::is_ascii_digit).collect::<Vec<u8>>();
    let letters = |words: &str| words.chars().filter(|c| !c.is_ascii_digit()).collect::<String>();
    let [x, y] = [digits(a), digits(b)];
    if x.is_empty() && y.is_empty() {
        return is_misprint(a, b);
    }
    let n_other = x.iter().zip(&y).filter(|(p, q)| p != q).count();
    let sorted = |digits: &[u8]| {
        let mut digits = digits.to_vec();
        digits.sort_unstable();
        digits
    };
    letters(a) == letters(b)
        && x.len() == y.len()
        && (n_other == 1 && x.len() >= LEAST_DIGITS || n_other > 1 && sorted(&x) == sorted(&y))
}

/// True for two spellings of which one has one wrong letter.
fn is_misprint(a: &str, b: &str) -> bool {
    use crate::divergences::skeleton;
    use crate::entities::within_one_edit;
    let n_letters = a.len().min(b.len());
    let swapped = || {
        let differing: Vec<usize> = (0..n_letters).filter(|&n| a.as_bytes()[n] != b.as_bytes()[n]).collect();
        let [p, q] = differing[..] else { return false };
        a.len() == b.len()
            && q == p + 1
            && a.as_bytes()[p] == b.as_bytes()[q]
            && a.as_bytes()[q] == b.as_bytes()[p]
    };
    n_letters >= LEAST_LETTERS && skeleton(a) != skeleton(b) && (within_one_edit(a, b) || swapped())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_letters_and_digits_out_of_place() {
        let slip = |a, b| is_slip(&plain(a), &plain(b));
        assert!(slip("Petrov", "Pertov") && slip("Lindqvist", "Lindqvirt"));
        assert!(slip("1,870 people", "1,780 people") && slip("March 2016", "March 2019"));
        assert!(!slip("Zelensky", "Zelenskyy") && !slip("Hussein", "Hussain"), "one name in two spellings");
        assert!(!slip("Ruiz", "Cruz") && !slip("14", "15"), "near by chance");
        assert!(!slip("14 boats", "41 houses") && !slip("Monday", "Tuesday"));
    }

    #[test]
    fn what_most_witnesses_have_is_no_departure() {
        let departure = |carriers: &[usize], others: &[usize]| Departure {
            form: String::new(),
            usual: String::new(),
            is_slip: true,
            carriers: carriers.iter().copied().collect(),
            others: others.iter().copied().collect(),
        };
        let groups = [0, 1, 2, 3, 3, 5];
        assert!(departure(&[0, 1], &[2, 3, 5]).is_minority(&groups));
        assert!(!departure(&[0], &[1, 2, 3]).is_minority(&groups), "one report alone");
        assert!(!departure(&[0, 1], &[2, 3, 4]).is_minority(&groups), "a copy is no second witness");
        assert!(!departure(&[0, 1], &[2, 3]).is_minority(&groups), "either may be the slip");
        assert!(!departure(&[0, 1], &[1, 2, 3, 5]).is_minority(&groups), "one report has both");
    }
}
