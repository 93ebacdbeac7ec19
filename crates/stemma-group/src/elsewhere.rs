//! Reports of other places and other people: look-alike events, such as two trials of dock workers on one day.
//!
//! Names alone hardly tell events apart: one report calls the town by its name, the next "the port", and most people stand in one
//! report only. But where both reports begin with places, neither names one that the other begins with, and both name people and
//! none in common, they are hardly ever of one event: on the training part of ECB+ this holds of 31 of 1,114 pairs of two events whose words leave
//! it open (similarity 0.10 to 0.22), and of 1 of 841 pairs of one event. In batches alone: in a stream, where a story is met as a sum of its
//! reports, it loses more on that part (B³ 0.917 to 0.908) than it wins.

use std::collections::BTreeSet;

use stemma_core::{Document, EntityKind, MentionForm};

/// Bytes of a text in which its first places are sought: a headline, a dateline and the first sentence or two.
const LEAD_BYTES: usize = 350;

/// What is left of the similarity of two such reports.
pub(crate) const ELSEWHERE_FACTOR: f64 = 0.4;

/// Times the usual similarity from which two reports are of one event whoever is named: one agency's text, with another town's
/// mayor added.
pub(crate) const OPEN_BELOW: f64 = 2.0;

/// Names in lower case.
#[derive(Clone, Debug, Default)]
pub(crate) struct Named {
    first_places: BTreeSet<String>,
    places: BTreeSet<String>,
    people: BTreeSet<String>,
}

impl Named {
    pub(crate) fn of(document: &Document) -> Self {
        let layers = document.layers();
        let mut named = Self::default();
        for mention in layers.mentions.items().iter().filter(|mention| mention.form == MentionForm::Named) {
            let Some(entity) = mention.entity.map(|id| &layers.entities[id]) else { continue };
            let name = || entity.name.to_lowercase();
            match entity.kind {
                EntityKind::Place => {
                    if mention.span.start() < LEAD_BYTES {
                        named.first_places.insert(name());
                    }
                    named.places.insert(name());
                }
                EntityKind::Person => drop(named.people.insert(name())),
                _ => {}
            }
        }
        named
    }

    /// True if the two are of other places and other people.
    pub(crate) fn is_elsewhere(&self, other: &Named) -> bool {
        are_other(&self.first_places, &other.places)
            && are_other(&other.first_places, &self.places)
            && are_other(&self.people, &other.people)
    }
}

/// True if there are names in both and none in common, nor one that is a part of another.
fn are_other(a: &BTreeSet<String>, b: &BTreeSet<String>) -> bool {
    let meet =
        |one: &String| b.iter().any(|other| one.contains(other.as_str()) || other.contains(one.as_str()));
    !a.is_empty() && !b.is_empty() && !a.iter().any(meet)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use stemma_annotate::Annotator;
    use stemma_core::Report;

    use super::*;

    #[test]
    fn two_trials_of_one_kind_are_told_apart_by_place_and_people() {
        let annotator = Annotator::load();
        let named = |text: &str| Named::of(&annotator.annotate(Arc::new(Report::of_text(text))));
        let here = named(
            "A court in Oslo on Thursday sentenced the crane driver Erik Vold to four years for smuggling.",
        );
        let there = named(
            "A court in Hamburg on Thursday sentenced Anna Brandt, a former clerk, to six years for smuggling.",
        );
        let again =
            named("Judges in Oslo found that Anna Lie had been paid by Vold, and sent him to prison.");
        let nameless = named("A court on Thursday sentenced a crane driver to four years for smuggling.");
        assert!(here.is_elsewhere(&there) && there.is_elsewhere(&here));
        assert!(
            !here.is_elsewhere(&again) && !here.is_elsewhere(&nameless) && !nameless.is_elsewhere(&there)
        );
        let visitor = named(
            "A court in Hamburg sentenced Anna Brandt on Thursday; her partner sits in prison in Oslo.",
        );
        assert!(!here.is_elsewhere(&visitor), "it names the place, too");
    }
}
