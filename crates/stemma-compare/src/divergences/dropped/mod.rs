//! `attribution-dropped`: given to a source in one report, in the outlet's own voice in the other.
//!
//! Most reported speech that another report asserts is no divergence: the source told of itself, the other report names it a
//! sentence before, or the words are mere background. A logistic regression over the [`features`] judges each pair;
//! `models/README.md` says on what it was fitted.

mod features;

use stemma_core::{Attribution, DivergenceKind, Voice};

use self::features::{features, is_hearsay, is_in_first_person, relayed};
use super::{Finding, Pair, Side, show};
use crate::judge::Judge;
use crate::lineage::is_of;

pub(crate) use self::features::NAMES;
pub(super) use self::features::{Given, given};

/// The side that is attributed and its features, where the other side is in the outlet's own voice.
pub(super) fn candidate(pair: &Pair<'_>) -> Option<(usize, [f64; NAMES.len()])> {
    let (with, given) =
        attributed(pair).filter(|&(with, given)| !is_lineage(pair, pair.sides()[with], given))?;
    Some((with, features(pair, with, given)))
}

fn attributed<'a>(pair: &Pair<'a>) -> Option<(usize, Given<'a>)> {
    let [a, b] = [pair.a, pair.b].map(given);
    let (with, given) = match (a, b) {
        (Some(Given::Whole(id, a)), _) if is_own(pair.b) => (0, Given::Whole(id, a)),
        (_, Some(Given::Whole(id, b))) if is_own(pair.a) => (1, Given::Whole(id, b)),
        (Some(given), None) => (0, given),
        (None, Some(given)) => (1, given),
        _ => return None,
    };
    let other = [pair.a, pair.b][1 - with];
    let is_asserted = is_own(other) && !is_hearsay(other) && !is_in_first_person(other);
    is_asserted.then_some((with, given))
}

/// "The Courier reported" says whom the report has it from: that is lineage where the Courier is one of the outlets.
fn is_lineage(pair: &Pair<'_>, side: Side<'_>, given: Given<'_>) -> bool {
    let Some(attribution) = given.attribution() else { return false };
    let entity = attribution.source_entity.map(|id| side.document.layers().entities[id].name.as_str());
    let words = side.document.slices(&attribution.source);
    let names = [relayed(side, given), entity, Some(words.as_str())];
    let is_one = |name: &str| pair.story.documents().iter().any(|document| is_of(document, name));
    names.into_iter().flatten().any(is_one)
}

fn is_own(side: Side<'_>) -> bool {
    side.cell.voice == Voice::Own
}

/// Finds an attribution that one side has and the other has not.
pub(super) fn compare(pair: &Pair<'_>, judge: &Judge) -> Option<Finding> {
    let (with, given) = attributed(pair)?;
    let score = judge.probability(&features(pair, with, given));
    let side = pair.sides()[with];
    if score < judge.threshold() || is_lineage(pair, side, given) {
        return None;
    }
    let mut evidence = [Vec::new(), Vec::new()];
    let told = match given {
        Given::Whole(_, attribution) | Given::Part(_, attribution) => {
            evidence[with] = attribution.source.iter().chain(&attribution.cue).copied().collect();
            evidence[with].sort_unstable();
            format!("given to {}", name(side, attribution))
        }
        Given::Cue(span) => {
            evidence[with] = vec![span];
            show(side.slice(span))
        }
    };
    let reason = format!("{told} in one, in the outlet’s own voice in the other");
    Some(Finding { kind: DivergenceKind::AttributionDropped, evidence, score, reason })
}

/// The words that name the source, after its name where they are others.
fn name(side: Side<'_>, attribution: &Attribution) -> String {
    let words = side.document.slices(&attribution.source);
    let entity = attribution.source_entity.map(|id| side.document.layers().entities[id].name.as_str());
    match entity {
        Some(name) if name != words => format!("{name} ({})", show(&words)),
        _ => show(&words),
    }
}

#[cfg(test)]
mod tests {
    use crate::divergences::testing::found;

    #[test]
    fn who_counted_is_left_out() {
        insta::assert_snapshot!(found("attribution-dropped", [
            "Storm Ida flooded the port of Varna on Monday. Forty boats sank at the northern quay, according to the harbor office.",
            "Storm Ida flooded the port of Varna on Monday. Forty boats sank at the northern quay.",
        ]), @"given to “the harbor office” in one, in the outlet’s own voice in the other [according to … the harbor office] []");
    }

    #[test]
    fn hearsay_and_letters_drop_no_source() {
        insta::assert_snapshot!(found("attribution-dropped", [
            "Forty boats sank at the northern quay of Varna, according to the harbor office.",
            "Forty boats reportedly sank at the northern quay of Varna.",
        ]), @"");
        insta::assert_snapshot!(found("attribution-dropped", [
            "The northern quay of Varna will be closed for a year, according to the harbor office.",
            "We will close the northern quay of Varna for a year.",
        ]), @"");
    }
}
