//! `role`: another office of one person.
//!
//! Reports call a person by many offices at once ("senator", "Republican", "chairman of the committee"), so only offices that
//! exclude each other count: a rank that one report raises or lowers ("deputy minister", "minister"), two portfolios, two ranks
//! of an army. An office that somebody held before ("former") is left out as often as not, and is none.

use stemma_core::{DivergenceKind, EntityId, EntityKind, LayerId as _, MentionForm, Span};

use super::{Finding, Pair, Side, show};

/// Words that make another, lower office of the one that follows.
const LOWER: [&str; 8] = ["deputy", "vice", "acting", "interim", "assistant", "associate", "junior", "under"];

/// Offices of which a person has one.
const OFFICES: [&str; 20] = [
    "minister",
    "secretary",
    "president",
    "chairman",
    "chairwoman",
    "chair",
    "mayor",
    "governor",
    "director",
    "commissioner",
    "commander",
    "prosecutor",
    "chief",
    "ambassador",
    "editor",
    "captain",
    "principal",
    "speaker",
    "premier",
    "chancellor",
];

/// What a minister is minister of; two in one set are one.
const PORTFOLIOS: [&[&str]; 15] = [
    &["interior", "home"],
    &["foreign", "external"],
    &["defence", "defense"],
    &["finance", "treasury"],
    &["health"],
    &["justice"],
    &["transport", "transportation"],
    &["education"],
    &["economy", "economic", "economics"],
    &["energy"],
    &["agriculture", "farm"],
    &["environment"],
    &["labor", "labour"],
    &["culture"],
    &["trade"],
];

/// Ranks of armies and police forces; those in one set are one.
const RANKS: [&[&str]; 8] = [
    &["general", "gen"],
    &["colonel", "col"],
    &["major", "maj"],
    &["captain", "capt"],
    &["lieutenant", "lt"],
    &["sergeant", "sgt"],
    &["admiral", "adm"],
    &["inspector"],
];

const SCORE: f64 = 0.7;

/// Finds two offices of one person of whom both cells tell.
pub(super) fn compare(pair: &Pair<'_>) -> Option<Finding> {
    let persons = [pair.a, pair.b].map(|side| persons(side));
    let bearer = |side: Side<'_>, id: EntityId| pair.cast.entity(side.report.index(), id);
    for &x in &persons[0] {
        for &y in persons[1].iter().filter(|&&y| bearer(pair.a, x) == bearer(pair.b, y)) {
            for &role in roles(pair.a, x) {
                for &other in roles(pair.b, y) {
                    let spans = [role, other];
                    if exclude([0, 1].map(|n| pair.sides()[n].slice(spans[n]))) && are_alone(pair, [x, y]) {
                        let [a, b] = [0, 1].map(|n| show(pair.sides()[n].slice(spans[n])));
                        let name = &pair.cast.entities[bearer(pair.a, x)].name;
                        let reason = format!("{name} is {a} / {b}");
                        return Some(Finding {
                            kind: DivergenceKind::Role,
                            evidence: spans.map(|span| vec![span]),
                            score: SCORE,
                            reason,
                        });
                    }
                }
            }
        }
    }
    None
}

/// Persons that the cell names.
fn persons(side: Side<'_>) -> Vec<EntityId> {
    let named = side.mentions().filter(|m| m.form == MentionForm::Named && m.kind == EntityKind::Person);
    let mut persons: Vec<EntityId> = named.filter_map(|mention| mention.entity).collect();
    persons.sort_unstable_by_key(|id| id.index());
    persons.dedup();
    persons
}

/// The offices by which the report calls a person.
fn roles<'a>(side: Side<'a>, person: EntityId) -> &'a [Span] {
    &side.document.layers().entities[person].roles
}

/// True if neither report also gives an office that fits one of the other's: "the deputy minister, acting as minister".
fn are_alone(pair: &Pair<'_>, persons: [EntityId; 2]) -> bool {
    let texts = |n: usize| {
        let side = pair.sides()[n];
        roles(side, persons[n]).iter().map(move |&role| words(side.slice(role)))
    };
    !texts(0).any(|own| texts(1).any(|other| !own.is_empty() && own == other))
}

/// True for two offices that one person does not hold at a time.
fn exclude(roles: [&str; 2]) -> bool {
    let [a, b] = roles.map(words);
    let has = |words: &[String], list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    // The last word that is an office: "deputy mayor of Lom", "justice minister".
    let office = |words: &[String]| words.iter().rposition(|word| OFFICES.contains(&word.as_str()));
    if let (Some(i), Some(j)) = (office(&a), office(&b))
        && a[i] == b[j]
    {
        let lower = [&a[..i], &b[..j]].map(|before| has(before, &LOWER));
        let portfolio = |words: &[String]| PORTFOLIOS.iter().position(|set| has(words, set));
        let portfolios = [&a[..], &b[..]].map(portfolio);
        return lower[0] != lower[1] || matches!(portfolios, [Some(x), Some(y)] if x != y);
    }
    let rank = |words: &[String]| RANKS.iter().rposition(|set| words.len() <= 2 && has(words, set));
    matches!([rank(&a), rank(&b)], [Some(x), Some(y)] if x != y)
}

/// The words in lower case, without full stops.
fn words(role: &str) -> Vec<String> {
    let lower = role.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use crate::divergences::testing::found;

    #[test]
    fn another_rank_of_one_office() {
        insta::assert_snapshot!(found("role", [
            "Deputy Health Minister Ana Ruiz opened the new clinic in Lom on Monday.",
            "Health Minister Ana Ruiz opened the new clinic in Lom on Monday.",
        ]), @"Ana Ruiz is “Deputy Health Minister” / “Health Minister” [Deputy Health Minister] [Health Minister]");
        insta::assert_snapshot!(found("role", [
            "Justice Minister Ana Ruiz opened the new court house in Lom on Monday.",
            "Interior Minister Ana Ruiz opened the new court house in Lom on Monday.",
        ]), @"Ana Ruiz is “Justice Minister” / “Interior Minister” [Justice Minister] [Interior Minister]");
        insta::assert_snapshot!(found("role", [
            "The search in the hills of Lom was led by Col. Per Holm on Monday.",
            "The search in the hills of Lom was led by Gen. Per Holm on Monday.",
        ]), @"Per Holm is “Col.” / “Gen.” [Col.] [Gen.]");
    }

    #[test]
    fn other_words_for_one_office_are_none() {
        insta::assert_snapshot!(found("role", [
            "Defence Minister Ana Ruiz, the chairwoman of her party, opened the barracks of Lom on Monday.",
            "Minister of Defense Ana Ruiz opened the barracks of Lom on Monday.",
        ]), @"");
        insta::assert_snapshot!(found("role", [
            "Former Mayor Ana Ruiz opened the new clinic in Lom on Monday.",
            "Mayor Ana Ruiz opened the new clinic in Lom on Monday.",
        ]), @"");
    }
}
