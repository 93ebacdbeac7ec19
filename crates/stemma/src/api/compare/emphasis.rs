//! What one report makes of the story.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use stemma_core::AlignmentRef;

use super::Writer;
use crate::api::rounded;
use crate::emphasis;

/// What one report makes of the story: how much of its core it carries and where, whom it quotes and how much.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Emphasis {
    /// Id of the report.
    pub report: String,
    /// What it carries of the core, in order of place.
    pub core: Vec<Placed>,
    /// Words of its body.
    pub words: usize,
    /// Of these, words that it quotes from somebody.
    pub quoted_words: usize,
    /// Whom it quotes, most words first.
    pub speakers: Vec<Speaker>,
}

/// Where a report first puts an alignment.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Placed {
    /// Id of the alignment.
    pub of: String,
    /// Share of the report's body that stands before it, 0 to 1.
    pub position: f64,
}

/// Somebody whom a report quotes.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Speaker {
    /// The name in the story, else the words of the report; empty where it names nobody.
    pub name: String,
    /// Quotations.
    pub quotations: usize,
    /// Words in quotation marks.
    pub words: usize,
}

impl Writer<'_> {
    pub(super) fn emphasis(
        &self,
        comparison: &stemma_core::Comparison,
        each: &emphasis::Emphasis,
    ) -> Emphasis {
        let placed = |&(of, position): &(AlignmentRef, f64)| Placed {
            of: self.alignment_id(comparison, of),
            position: rounded(position),
        };
        let speaker = |speaker: &emphasis::Speaker| Speaker {
            name: speaker.name.clone(),
            quotations: speaker.n_quotations,
            words: speaker.n_words,
        };
        Emphasis {
            report: self.id(each.report),
            core: each.core.iter().map(placed).collect(),
            words: each.n_words,
            quoted_words: each.n_quoted,
            speakers: each.speakers.iter().map(speaker).collect(),
        }
    }
}
