//! What gold is laid beside: the features of every pair that the program would score, for gold to label, and the divergences
//! that it finds where gold says what is aligned.

use stemma_core::{Comparison, ReportIndex, Span, Story};

use crate::alignment::{Agreement, overlap, raw_pairs};
use crate::candidates::{Candidate, find_candidates};
use crate::divergences::{self, Context, DroppedCandidate, Surroundings, Translations, find_divergences};
use crate::groups::Group;
use crate::model::PairModel;
use crate::pieces::{Piece, Pieces};
use crate::surroundings::{self, surroundings};
use crate::{cells, entities, model, pieces, terms};

/// The place of a cell: a report, and what it covers of its text.
pub type Place = (ReportIndex, Vec<Span>);

/// What the program finds between cells that are known to say the same: for each of `groups` the pieces that fit its cells
/// best, with their divergences; the rest of the comparison is empty. A group with a piece in one report only is left out.
pub fn compare_given(story: &Story, groups: &[Vec<Place>], model: &PairModel) -> Comparison {
    let cast = entities::join_entities(story);
    let (terms, vocabulary) = terms::read_terms(story);
    let pieces = pieces::find_pieces(story, &terms, &vocabulary, &cast);
    let fitting = |cells: &Vec<Place>| {
        let mut fitting: Vec<usize> = cells.iter().filter_map(|cell| best_fit(&pieces.all, cell)).collect();
        fitting.sort_unstable();
        fitting.dedup();
        Group::given(fitting)
    };
    let groups: Vec<Group> = groups.iter().map(fitting).collect();
    let (mut utterances, mut facts) = cells::make_alignments(story, &pieces, &groups, &cast, model);
    let context = Context {
        cast: &cast,
        texts: &terms::Texts { terms: &terms, vocabulary: &vocabulary },
        translations: &Translations::find(story, &utterances, &cast),
        surroundings: &Surroundings::find(story),
        judges: &model.judges,
        agreement: &Agreement::given(),
    };
    for alignment in utterances.iter_mut().chain(&mut facts) {
        alignment.divergences = find_divergences(story, alignment, &context);
    }
    Comparison { utterances, facts, ..Comparison::default() }
}

/// The pairs of cells of each alignment of `comparison` (utterances, then facts) of which one may have dropped the attribution
/// of the other.
pub fn dropped_candidates(story: &Story, comparison: &Comparison) -> Vec<Vec<DroppedCandidate>> {
    let cast = entities::join_entities(story);
    let (terms, vocabulary) = terms::read_terms(story);
    let context = Context {
        cast: &cast,
        texts: &terms::Texts { terms: &terms, vocabulary: &vocabulary },
        translations: &Translations::default(),
        surroundings: &Surroundings::find(story),
        judges: &PairModel::built_in().judges,
        agreement: &Agreement::given(),
    };
    let all = comparison.utterances.iter().chain(&comparison.facts);
    all.map(|alignment| divergences::dropped_candidates(story, alignment, &context)).collect()
}

/// Names of the features of [`dropped_candidates`].
pub fn dropped_features() -> Vec<&'static str> {
    divergences::DROPPED.to_vec()
}

/// The piece that shares most with a cell, as intersection over union.
fn best_fit(pieces: &[Piece], (report, spans): &Place) -> Option<usize> {
    let length = |spans: &[Span]| spans.iter().map(|span| span.len()).sum::<usize>();
    let fit = |piece: &Piece| {
        let both = overlap(&piece.spans, spans);
        both as f64 / (length(&piece.spans) + length(spans) - both).max(1) as f64
    };
    let own = pieces.iter().enumerate().filter(|(_, piece)| piece.report == report.index());
    let fits = own.map(|(n, piece)| (fit(piece), n)).filter(|&(fit, _)| fit > 0.0);
    fits.max_by(|x, y| x.0.total_cmp(&y.0).then(y.1.cmp(&x.1))).map(|(_, n)| n)
}

/// A pair of pieces with the values of its features at first look.
#[derive(Clone, Debug)]
pub struct CandidatePair {
    /// Where the one stands.
    pub a: (ReportIndex, Vec<Span>),
    /// Where the other stands, in a later report.
    pub b: (ReportIndex, Vec<Span>),
    /// In the order of [`first_features`].
    pub features: Vec<f64>,
}

/// Names of the features of the first look.
pub fn first_features() -> Vec<&'static str> {
    model::first_names()
}

/// Names of the features of the second look: those of the first, and what the surroundings tell.
pub fn second_features() -> Vec<&'static str> {
    model::second_names()
}

/// Every pair of pieces of a story that the pair model is asked about.
pub struct CandidatePairs {
    /// In order of their sentences.
    pub pairs: Vec<CandidatePair>,
    pieces: Pieces,
    candidates: Vec<Candidate>,
    /// Index of the candidate of each pair.
    candidate_of: Vec<usize>,
}

impl CandidatePairs {
    /// The pairs of `story`.
    pub fn of(story: &Story) -> Self {
        let cast = entities::join_entities(story);
        let (terms, vocabulary) = terms::read_plain_terms(story);
        let pieces = pieces::find_pieces(story, &terms, &vocabulary, &cast);
        let candidates = find_candidates(&pieces, &vocabulary);
        let place = |n: usize| {
            let piece = &pieces.all[n];
            let report = u32::try_from(piece.report).expect("a story has fewer than 2^32 reports");
            (ReportIndex(report), piece.spans.clone())
        };
        let raw = raw_pairs(&pieces, &candidates, &vocabulary);
        let pairs = raw
            .iter()
            .map(|raw| CandidatePair {
                a: place(raw.a),
                b: place(raw.b),
                features: raw.features.map(f64::from).to_vec(),
            })
            .collect();
        let candidate_of = raw.iter().map(|raw| raw.candidate).collect();
        Self { pairs, pieces, candidates, candidate_of }
    }

    /// Values of [`second_features`] for each pair, given its probability at first look; `None` for pairs that are too
    /// improbable to be looked at again.
    pub fn second_features(&self, probabilities: &[f64]) -> Vec<Option<Vec<f64>>> {
        let likely = |&n: &usize| probabilities[n] >= surroundings::LEAST;
        let kept: Vec<usize> = (0..self.pairs.len()).filter(likely).collect();
        let places: Vec<(usize, f64)> =
            kept.iter().map(|&n| (self.candidate_of[n], probabilities[n])).collect();
        let mut all = vec![None; self.pairs.len()];
        for (n, told) in kept.into_iter().zip(surroundings(&self.pieces, &self.candidates, &places)) {
            all[n] = Some([&self.pairs[n].features[..], &told[..]].concat());
        }
        all
    }
}
