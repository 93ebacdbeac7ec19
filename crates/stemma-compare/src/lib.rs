//! One story to its comparison.
//!
//! In: a [`Story`] of annotated documents. Out: a [`Comparison`]. Pure: no I/O, no clock, no randomness, and nothing that
//! depends on the order of a hash map or on the number of threads.

mod alignment;
mod candidates;
mod cells;
mod diff;
mod disputed;
mod divergences;
mod entities;
mod explain;
mod features;
mod furniture;
mod groups;
mod judge;
mod labels;
mod lineage;
mod meaning;
mod model;
mod passages;
mod pieces;
mod places;
mod quantities;
mod remainder;
mod side_by_side;
mod stretches;
mod style;
mod surroundings;
mod terms;
mod timeline;
mod training;
mod versions;
mod word_runs;

use std::collections::BTreeSet;

use alignment::Agreement;
use divergences::{Context, Surroundings, Translations, find_divergences};
use rayon::prelude::*;
use stemma_core::{Alignment, Comparison, ReportIndex, Story, Witness};

use terms::Texts;

pub use diff::{DiffPiece, readable_diff, word_diff};
pub use divergences::DroppedCandidate;
pub use explain::{Contribution, Explainer, Judgement, Link, Verdict, judgements};
pub use judge::{HeldOutLook, JudgeFile};
pub use labels::{LabelUse, Naming, find_namings};
pub use model::{HeldOut, Look, ModelFile, PairModel, Weights};
pub use side_by_side::{side_by_side, side_by_side_features};
pub use stretches::{Stretch, find_stretches};
pub use training::{
    CandidatePair, CandidatePairs, Place, compare_given, dropped_candidates, dropped_features,
    first_features, second_features,
};
pub use versions::{Change, ChangeKind, ChangePlace, find_changes};

/// Which version of the comparer this is: another one may find something else in the same story.
pub const VERSION: &str = concat!("compare ", env!("CARGO_PKG_VERSION"), " ", env!("STEMMA_COMPARE_SOURCES"));

/// Compares the reports of `story`.
pub fn compare(story: &Story) -> Comparison {
    compare_with(story, &PairModel::built_in())
}

/// Compares the reports of `story` with other weights than those of the program.
pub fn compare_with(story: &Story, model: &PairModel) -> Comparison {
    let cast = entities::join_entities(story);
    let (terms, vocabulary) = terms::read_terms(story);
    let pieces = pieces::find_pieces(story, &terms, &vocabulary, &cast);
    let scored = alignment::score_pairs(&pieces, &vocabulary, model);
    let groups = groups::join_pairs(&pieces, &scored, model);
    let (mut utterances, mut facts) = cells::make_alignments(story, &pieces, &groups, &cast, model);
    let context = Context {
        cast: &cast,
        texts: &Texts { terms: &terms, vocabulary: &vocabulary },
        translations: &Translations::find(story, &utterances, &cast),
        surroundings: &Surroundings::find(story),
        judges: &model.judges,
        agreement: &Agreement::of(&pieces, &scored),
    };
    utterances.par_iter_mut().chain(&mut facts).for_each(|alignment| {
        alignment.divergences = find_divergences(story, alignment, &context);
    });
    let all: Vec<&Alignment> = utterances.iter().chain(&facts).collect();
    let doubtful = remainder::find_doubtful(story, &pieces, &scored.chosen, model.threshold, &all);
    let only_in = remainder::find_only_in(
        story,
        &pieces,
        &vocabulary,
        &scored.chosen,
        model.threshold,
        &all,
        &doubtful,
    );
    let words = word_runs::read_words(story);
    let passages = passages::find_passages(&words);
    let (lineage, witnesses) = lineage::find_lineage(story, &cast, &words, &passages, &pieces, &all);
    for alignment in utterances.iter_mut().chain(&mut facts) {
        alignment.witnesses = carriers(alignment, &witnesses);
    }
    let mut comparison = Comparison {
        witnesses,
        utterances,
        facts,
        only_in,
        doubtful,
        omissions: Vec::new(),
        entities: cast.entities,
        timeline: timeline::make_timeline(story),
        lineage,
        passages,
    };
    if story.documents().len() > 2 {
        let all: Vec<_> = comparison.alignments().filter(|(_, each)| each.is_likely()).collect();
        comparison.omissions =
            remainder::find_omissions(story, &pieces, &scored.chosen, model.threshold, &all);
    }
    comparison
}

/// The witnesses that carry `alignment`, ascending; where it is likely, of its likely cells alone.
fn carriers(alignment: &Alignment, witnesses: &[Witness]) -> Vec<usize> {
    let counts = |cell: usize| !alignment.is_likely() || alignment.is_likely_cell(cell);
    let reports: BTreeSet<ReportIndex> =
        alignment.cells.iter().enumerate().filter(|(n, _)| counts(*n)).map(|(_, cell)| cell.report).collect();
    let carries = |witness: &Witness| witness.reports.iter().any(|report| reports.contains(report));
    (0..witnesses.len()).filter(|&n| carries(&witnesses[n])).collect()
}
