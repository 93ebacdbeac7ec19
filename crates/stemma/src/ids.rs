//! Names for things that leave the program: ids of reports, alignments and cells, and letters for reports.
//!
//! Ids depend on content alone (outlet, address and text of the reports, and byte ranges in them), never on the order
//! in which reports were given, so that a link to one stays good.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};
use stemma_core::{Alignment, Cell, Report, ReportId, ReportIndex, Span, Story};

/// Digits of an id's hash: 48 bits. A page holds some thousand ids; two of them collide once in 10^8 pages.
const N_DIGITS: usize = 12;

/// The id of each report: the given one, else the hash of outlet, address and text. Reports that were given the same id
/// all get `~` and the first digits of their hash behind it, so no two are alike.
pub fn report_ids(story: &Story) -> Vec<String> {
    let mut uses: BTreeMap<String, usize> = BTreeMap::new();
    for document in story.documents() {
        *uses.entry(document.report().shown_id()).or_default() += 1;
    }
    let with_digits = |n_digits: usize| -> Vec<String> {
        let id = |report: &Report| match report.shown_id() {
            id if uses[&id] == 1 => id,
            id => format!("{id}~{}", &report.id().to_string()[..n_digits]),
        };
        story.documents().iter().map(|document| id(document.report())).collect()
    };
    let distinct = |ids: &Vec<String>| ids.iter().collect::<BTreeSet<_>>().len() == ids.len();
    let hashes = || story.documents().iter().map(|document| document.report().id().to_string()).collect();
    [8, 32].into_iter().map(with_digits).find(distinct).unwrap_or_else(hashes)
}

/// The letter by which a report is called on a page: A to Z, then AA, AB, …
pub fn letter(report: ReportIndex) -> String {
    let mut rest = report.index();
    let mut letters = Vec::new();
    loop {
        letters.push(b'A' + u8::try_from(rest % 26).expect("less than 26"));
        if rest < 26 {
            break;
        }
        rest = rest / 26 - 1;
    }
    letters.iter().rev().map(|&byte| char::from(byte)).collect()
}

/// Id of an alignment of `kind` (`u` for an utterance, `f` for a fact): `u-` and a hash of its cells, in any order.
pub(crate) fn alignment_id(story: &Story, kind: char, alignment: &Alignment) -> String {
    let mut cells: Vec<(ReportId, &[Span])> = alignment.cells.iter().map(|cell| key(story, cell)).collect();
    cells.sort();
    format!("{kind}-{}", hash(&cells))
}

/// Id of the statement that a cell makes: `s-` and a hash of its report and place.
pub(crate) fn cell_id(story: &Story, cell: &Cell) -> String {
    format!("s-{}", hash(&[key(story, cell)]))
}

fn key<'a>(story: &Story, cell: &'a Cell) -> (ReportId, &'a [Span]) {
    (story.document(cell.report).report().id(), &cell.spans)
}

fn hash(cells: &[(ReportId, &[Span])]) -> String {
    let mut hash = Sha256::new();
    for (report, spans) in cells {
        hash.update(report.to_string());
        hash.update((spans.len() as u64).to_le_bytes());
        for span in *spans {
            hash.update((span.start() as u64).to_le_bytes());
            hash.update((span.end() as u64).to_le_bytes());
        }
    }
    let mut digits: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    digits.truncate(N_DIGITS);
    digits
}

#[cfg(test)]
mod tests {
    use stemma_core::{Origin, ReportDraft};

    use super::*;

    #[test]
    fn letters_go_on_after_z() {
        let letters: Vec<_> = [0, 25, 26, 51, 52, 701, 702].map(|n| letter(ReportIndex(n))).into();
        assert_eq!(letters, ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]);
    }

    fn story(ids: &[(&str, &str)]) -> Story {
        let engine = crate::Engine::load();
        let report = |&(id, text): &(&str, &str)| {
            let draft =
                ReportDraft { given_id: Some(id.into()), text: text.into(), ..ReportDraft::default() };
            Report::new(draft, Origin::whole("-"))
        };
        Story::new(engine.annotate(ids.iter().map(report).collect(), 1))
    }

    #[test]
    fn reports_that_share_an_id_are_told_apart_in_any_order() {
        let ids = report_ids(&story(&[("a", "one"), ("b", "two"), ("a", "three")]));
        assert_eq!(ids[1], "b");
        assert!(ids[0].starts_with("a~") && ids[2].starts_with("a~") && ids[0] != ids[2]);
        let turned = report_ids(&story(&[("a", "three"), ("a", "one"), ("b", "two")]));
        assert_eq!(turned, [ids[2].clone(), ids[0].clone(), ids[1].clone()]);
    }
}
