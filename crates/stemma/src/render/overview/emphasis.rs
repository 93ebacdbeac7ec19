//! What each report makes of the story, in words.

use std::collections::BTreeMap;

use stemma_core::{AlignmentRef, Comparison, ReportIndex, Story};

use super::{Overview, counted};
use crate::emphasis::{self, Emphasis};
use crate::render::runs::clean;

/// What one report makes of the story, in words.
#[derive(Debug)]
pub(crate) struct EmphasisLine {
    /// Whose.
    pub(crate) report: ReportIndex,
    /// "carries 9 of 14 statements that witnesses share, opens with 3, 8"; empty if there are none.
    pub(crate) core: String,
    /// "31 % quotation: Ana Ruiz 40 words, Ivo Petrov 12".
    pub(crate) quoted: String,
    /// "5 stands at its end, and at the start of B".
    pub(crate) late: Vec<String>,
}

/// Share of a body before a statement, up to which it stands at the start.
const AT_START: f64 = 0.25;

/// The same, from which on it stands at the end.
const AT_END: f64 = 0.70;

/// Statements that are named as those that a report puts first.
const FIRST_STATEMENTS: usize = 3;

/// Speakers that are named for one report.
const MOST_SPEAKERS: usize = 4;

impl Overview {
    /// What each report makes of the story, with the numbers of the items.
    pub(super) fn emphasis_lines(&self, story: &Story, comparison: &Comparison) -> Vec<EmphasisLine> {
        let numbers = self.numbers();
        let n_core = emphasis::core(comparison).len();
        let all = emphasis::emphasis(story, comparison);
        let mut starts: BTreeMap<AlignmentRef, Vec<ReportIndex>> = BTreeMap::new();
        for each in &all {
            for (of, _) in each.core.iter().filter(|(_, place)| *place <= AT_START) {
                starts.entry(*of).or_default().push(each.report);
            }
        }
        let line = |each: &Emphasis| {
            let first: Vec<String> =
                each.core.iter().take(FIRST_STATEMENTS).map(|(of, _)| numbers[of].to_string()).collect();
            let opens =
                if first.is_empty() { String::new() } else { format!(", opens with {}", first.join(", ")) };
            let core = if n_core == 0 {
                String::new()
            } else {
                format!(
                    "carries {} of {} that witnesses share{opens}",
                    each.core.len(),
                    counted(n_core, "statement")
                )
            };
            let late = each.core.iter().filter(|(_, place)| *place >= AT_END).filter_map(|(of, _)| {
                let others = starts.get(of)?;
                Some(format!(
                    "{} stands at its end, at the start of {}",
                    numbers[of],
                    self.letters(others, 3)
                ))
            });
            EmphasisLine { report: each.report, core, quoted: quoted_share(each), late: late.collect() }
        };
        all.iter().map(line).collect()
    }
}

/// "31 % quotation: Ana Ruiz 40 words, Ivo Petrov 12".
fn quoted_share(each: &Emphasis) -> String {
    let percent = (100.0 * each.n_quoted as f64 / each.n_words.max(1) as f64).round();
    let name = |name: &str| if name.is_empty() { "nobody named".to_owned() } else { clean(name) };
    let mut speakers: Vec<String> = each
        .speakers
        .iter()
        .take(MOST_SPEAKERS)
        .map(|speaker| format!("{} {}", name(&speaker.name), counted(speaker.n_words, "word")))
        .collect();
    let more = each.speakers.len().saturating_sub(MOST_SPEAKERS);
    if more > 0 {
        speakers.push(format!("{more} more"));
    }
    match speakers.is_empty() {
        true => "quotes nobody".to_owned(),
        false => format!("{percent} % quotation: {}", speakers.join(", ")),
    }
}
