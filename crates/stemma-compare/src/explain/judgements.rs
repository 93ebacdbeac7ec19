//! What the judges saw: the pairs of cells of a row of which a divergence was suspected, with what each feature adds.
//!
//! A judge is asked of dropped attributions alone; the other kinds of divergence are found by rules.

use stemma_core::{AlignmentRef, Comparison, DivergenceKind, Story};

use super::Contribution;
use crate::divergences::{self, Context, DROPPED, Surroundings, Translations};
use crate::model::PairModel;
use crate::{Agreement, entities, terms};

/// What a judge made of a suspected divergence between two cells of a row.
#[derive(Clone, PartialEq, Debug)]
pub struct Judgement {
    /// What was suspected.
    pub kind: DivergenceKind,
    /// Indices into [`stemma_core::Alignment::cells`].
    pub cells: [usize; 2],
    /// True if it is among the divergences of the row.
    pub shown: bool,
    /// Probability that it is one, `0.0..=1.0`.
    pub probability: f64,
    /// Probability from which on it is shown.
    pub threshold: f64,
    /// Log-odds of a suspicion of which every feature is 0.
    pub start: f64,
    /// What each feature adds, heaviest first; features that add nothing are left out.
    pub contributions: Vec<Contribution>,
}

/// What the judges made of the cells of row `of`, surest first.
pub fn judgements(story: &Story, comparison: &Comparison, of: AlignmentRef) -> Vec<Judgement> {
    let alignment = comparison.alignment(of);
    let cast = entities::join_entities(story);
    let (terms, vocabulary) = terms::read_terms(story);
    let judges = PairModel::built_in().judges;
    let context = Context {
        cast: &cast,
        texts: &terms::Texts { terms: &terms, vocabulary: &vocabulary },
        translations: &Translations::default(),
        surroundings: &Surroundings::find(story),
        judges: &judges,
        agreement: &Agreement::given(),
    };
    let judge = &judges.dropped;
    let kind = DivergenceKind::AttributionDropped;
    let mut all: Vec<Judgement> = divergences::dropped_candidates(story, alignment, &context)
        .into_iter()
        .map(|candidate| {
            let (start, added) = judge.log_odds(&candidate.features);
            let parts = DROPPED.iter().zip(&candidate.features).zip(added);
            let mut contributions: Vec<Contribution> = parts
                .filter(|(_, log_odds)| *log_odds != 0.0)
                .map(|((&name, &value), log_odds)| Contribution {
                    name: name.to_owned(),
                    meaning: meaning(name),
                    value,
                    log_odds,
                })
                .collect();
            contributions.sort_by(|x, y| y.log_odds.abs().total_cmp(&x.log_odds.abs()));
            Judgement {
                kind,
                cells: candidate.cells,
                shown: alignment.divergences.iter().any(|d| d.kind == kind && d.cells == candidate.cells),
                probability: judge.probability(&candidate.features),
                threshold: judge.threshold(),
                start,
                contributions,
            }
        })
        // A pair that the judge would take is left out for another reason: the two agree too little.
        .filter(|judgement| judgement.shown || judgement.probability < judgement.threshold)
        .collect();
    all.sort_by(|x, y| y.probability.total_cmp(&x.probability).then(x.cells.cmp(&y.cells)));
    all
}

/// What a feature of the judge of dropped attributions says; empty for a name that is none.
fn meaning(name: &str) -> &'static str {
    match name {
        "stress" => "the cue stresses it (\"insisted\"): the source argues",
        "doubt" => "the cue doubts it (\"claimed\")",
        "belief or demand" => "the cue tells a belief or a demand, which is the source's own",
        "according to" => "\"according to\": the source is named for what it knows",
        "document" => "the source is a text: a report, a letter, a study",
        "outlet" => "the source is an outlet that the report relays",
        "mixed" => "a part of it stands in quotation marks",
        "direct" => "all of it stands in quotation marks",
        "background" => "a clause in the background (\"who …\", \"after …\")",
        "weak" => "the attribution is of a part of it, or a mere cue word",
        "source in other sentence" => "the other report names the source in its sentence",
        "other has cue word" => "the other sentence has a word of saying",
        "other has attribution" => "the other sentence gives something to a source",
        "other after attribution" => "the sentence before the other's gives something to a source",
        "other attributed too" => "the other report gives it to a source elsewhere",
        "share attributed" => "share of the further reports that give it to a source",
        "nearness" => "words that the two have in common, near ones counted in part",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whoever adds a feature says here what it means: `stemma explain` shows it.
    #[test]
    fn every_feature_has_a_meaning() {
        let unexplained: Vec<&str> = DROPPED.into_iter().filter(|name| meaning(name).is_empty()).collect();
        assert_eq!(unexplained, [""; 0], "add what these mean to explain/judgements.rs");
    }
}
