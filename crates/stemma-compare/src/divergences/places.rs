//! `place`: the same thing, told of another place.
//!
//! Every place that one cell names is laid beside every place that the other names. Left out are places that the other report's
//! sentence names too, and those of which one may hold the other: a town and its country, "Győr" beside "Győr, Hungary". Of the
//! rest, two are of one thing if the evidence for it adds up: the words around them, the preposition before them, their place
//! in the sentence; that a report names the other's place elsewhere speaks against it.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::LazyLock;

use stemma_core::{
    DivergenceKind, Document, EntityKind, Figure, Mention, MentionForm, Span, Story, StoryEntity,
};

use super::around::around;
use super::{Finding, Pair, Side, show};

/// How much each piece of evidence adds, and how much must come together. Chosen on the newsroom families.
const OF_WORDS: f64 = 0.7;
const OF_SLOT: f64 = 0.4;
const OF_PREPOSITION: f64 = 0.2;
const OF_BEING_ALONE: f64 = 0.2;
const OF_ALL_ELSE: f64 = 0.4;
const OF_NUMBER: f64 = 0.15;
const OF_DISTANCE: f64 = 0.4;
/// Share of common words of two cells that say the same but for one place.
const NEARLY_ALL: f64 = 0.7;
const AGAINST_NAMED_ELSEWHERE: f64 = 0.2;
const ENOUGH: f64 = 0.54;
/// No evidence of this kind is surer than this.
const MOST: f64 = 0.9;

/// How wide a place is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Level {
    Wide,
    Country,
    Part,
    Local,
    /// A road, a station: a part of a town.
    Spot,
}

static LEVELS: LazyLock<BTreeMap<&'static str, Level>> = LazyLock::new(|| {
    let mut levels = BTreeMap::new();
    for line in crate::terms::words(include_str!("../../data/regions.txt")) {
        let Some((kind, names)) = line.split_once(':') else { continue };
        let level = match kind {
            "wide" => Level::Wide,
            "country" => Level::Country,
            _ => Level::Part,
        };
        levels.extend(names.split(',').map(|name| (name.trim(), level)));
    }
    levels
});

/// The level of a place: "northern Kenya" and "Cebu province" are parts.
fn level(name: &str) -> Level {
    if let Some(&level) = LEVELS.get(name) {
        return level;
    }
    let part = name.split_once(' ').is_some_and(|(first, rest)| {
        first.ends_with("ern") && LEVELS.contains_key(rest)
            || ["north", "south", "east", "west"]
                .iter()
                .any(|way| first.starts_with(way) && LEVELS.contains_key(rest))
    });
    if SPOTS.iter().any(|spot| name.ends_with(spot)) {
        return Level::Spot;
    }
    if part || AREAS.iter().any(|area| name.ends_with(area)) { Level::Part } else { Level::Local }
}

/// Last words of the names of places in a town.
const SPOTS: [&str; 22] = [
    " road",
    " street",
    " avenue",
    " square",
    " station",
    " airport",
    " bridge",
    " park",
    " hospital",
    " stadium",
    " lane",
    " hall",
    " office",
    " house",
    " palace",
    " building",
    " tower",
    " room",
    " garden",
    " wing",
    " library",
    " museum",
];
/// Last words of the names of parts of a country.
const AREAS: [&str; 8] =
    [" province", " region", " state", " county", " district", " prefecture", " oblast", " governorate"];

/// Finds the two places that are likeliest to be of one thing.
pub(super) fn compare(pair: &Pair<'_>) -> Option<Finding> {
    let [first, second] = [0, 1].map(|n| Site::all(pair, n));
    let mut rivals: Vec<[&Site; 2]> = Vec::new();
    for x in &first {
        for y in &second {
            if x.may_contradict(y)
                && !is_in_sentence(pair, 1, x)
                && !is_in_sentence(pair, 0, y)
                && !pair.surroundings.stand_together(&x.name, &y.name)
            {
                rivals.push([x, y]);
            }
        }
    }
    let mut best: Option<(f64, [&Site; 2])> = None;
    for &both in &rivals {
        let score = score(pair, both, rivals.len() == 1);
        if score >= ENOUGH && best.is_none_or(|(known, _)| score > known) {
            best = Some((score, both));
        }
    }
    best.map(|(score, [x, y])| Finding {
        kind: DivergenceKind::Place,
        evidence: [vec![x.span], vec![y.span]],
        score: score.min(MOST),
        reason: format!("{} / {}", show(pair.a.slice(x.span)), show(pair.b.slice(y.span))),
    })
}

fn score(pair: &Pair<'_>, both: [&Site; 2], alone: bool) -> f64 {
    let [x, y] = both;
    let worth = |holds: bool, value: f64| if holds { value } else { 0.0 };
    let words = pair.nearness([x.around.clone(), y.around.clone()]);
    let elsewhere =
        [(1, x.bearer), (0, y.bearer)].into_iter().filter(|&(n, bearer)| pair.is_named(n, bearer)).count();
    let slot = pair.is_one_slot([x.span, y.span]);
    let same = slot && pair.sameness() >= NEARLY_ALL && pair.closeness() >= NEARLY_ALL;
    OF_WORDS * words
        + worth(same, OF_ALL_ELSE)
        + worth(share_number(pair), OF_NUMBER)
        + worth(slot, OF_SLOT)
        + worth(are_as_far(x, y), OF_DISTANCE)
        + worth(!x.before.is_empty() && x.before == y.before, OF_PREPOSITION)
        + worth(alone, OF_BEING_ALONE)
        - AGAINST_NAMED_ELSEWHERE * elsewhere as f64
}

/// "Nine kilometers above Lom", "nine kilometers upstream of Vidin".
fn are_as_far(x: &Site, y: &Site) -> bool {
    let [Some(a), Some(b)] = [&x.distance, &y.distance] else { return false };
    stemma_core::comparable(a, b) && stemma_core::compatible(a, b)
}

/// True if the cells share a year, a date or a figure.
fn share_number(pair: &Pair<'_>) -> bool {
    let texts = pair.texts;
    let [a, b] = pair.sides().map(|side| {
        let bag = texts.bag(side.report.index(), side.document.tokens_in(side.cover()));
        bag.into_iter().filter(|&id| texts.vocabulary.is_number(id)).collect::<Vec<_>>()
    });
    a.iter().any(|id| b.contains(id))
}

/// A place that a cell names.
struct Site {
    span: Span,
    kind: EntityKind,
    /// Index of its bearer in the cast.
    bearer: usize,
    /// Its name as the report writes it here, lower case, without full stops and commas.
    name: String,
    level: Level,
    /// The word before it, if it is a preposition of place.
    before: String,
    /// How far from it something lies.
    distance: Option<Figure>,
    /// Tokens around it, up to the next name on either side.
    around: Range<usize>,
}

/// Tokens between a distance and the place that it is counted from, at most.
const MOST_FROM: usize = 5;

/// Words before a place that say how something lies to it.
const PREPOSITIONS: [&str; 17] = [
    "in", "at", "near", "from", "to", "of", "above", "below", "outside", "inside", "around", "across",
    "into", "off", "over", "between", "towards",
];

impl Site {
    fn all(pair: &Pair<'_>, n: usize) -> Vec<Self> {
        let side = pair.sides()[n];
        let known = side.mentions().filter_map(|mention| Self::of(pair, side, mention));
        let others = unknown(side).into_iter().filter_map(|span| Self::of_name(pair, side, span));
        known.chain(others).collect()
    }

    fn of(pair: &Pair<'_>, side: Side<'_>, mention: &Mention) -> Option<Self> {
        let place = matches!(mention.kind, EntityKind::Place | EntityKind::Facility);
        let before = side.document.text()[..mention.span.start()].chars().next_back();
        // "(R-Calif.)" is no place of what is told.
        if !place || mention.form != MentionForm::Named || before == Some('-') {
            return None;
        }
        let bearer = pair.cast.entity(side.report.index(), mention.entity?);
        Self::at(side, mention.span, mention.kind, bearer)
    }

    /// A name that this report's words do not tell to be a place, but another report's.
    fn of_name(pair: &Pair<'_>, side: Side<'_>, span: Span) -> Option<Self> {
        let name = side.slice(span);
        let is_it = |entity: &StoryEntity| entity.kind == EntityKind::Place && entity.name == name;
        let bearer = pair.cast.entities.iter().position(is_it)?;
        Self::at(side, span, EntityKind::Place, bearer).filter(|site| !site.before.is_empty())
    }

    fn at(side: Side<'_>, span: Span, kind: EntityKind, bearer: usize) -> Option<Self> {
        let tokens = side.document.layers().tokens.items();
        let own = side.document.tokens_in(span);
        let named = side.mentions().filter(|m| m.form == MentionForm::Named && m.span != span);
        let around = around(side, span, named.map(|m| m.span));
        let word_before =
            |n: usize| n.checked_sub(1).map_or(String::new(), |n| side.slice(tokens[n].span).to_lowercase());
        let word = Some(word_before(own.start)).filter(|word| word != "the");
        let word = word.unwrap_or_else(|| word_before(own.start - 1));
        let name = plain(side.slice(span));
        let is_distance = |figure: &&Figure| {
            let end = side.document.tokens_in(figure.span).end;
            figure.unit.base == "m" && end < own.start && own.start - end <= MOST_FROM
        };
        Some(Self {
            span,
            distance: side.figures().filter(is_distance).last().cloned(),
            kind,
            bearer,
            level: level(&name),
            name,
            before: if PREPOSITIONS.contains(&word.as_str()) { word } else { String::new() },
            around,
        })
    }

    /// True for two places of one level that are not one under two names ("the Lam", "the Lam River").
    fn may_contradict(&self, other: &Site) -> bool {
        let words = |name: &str| {
            let latin = any_ascii::any_ascii(name);
            let words = latin.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
            words.map(str::to_owned).collect::<Vec<_>>()
        };
        let (a, b) = (words(&self.name), words(&other.name));
        let within = |a: &[String], b: &[String]| a.iter().all(|word| b.contains(word));
        // "Oval Office" and "White House": a building may hold another, but no station is in another station.
        let building = |site: &Site| site.kind == EntityKind::Facility || site.level == Level::Spot;
        let one_sort = if building(self) || building(other) {
            self.name.rsplit(' ').next() == other.name.rsplit(' ').next()
        } else {
            self.kind == other.kind || self.before == other.before
        };
        self.bearer != other.bearer
            && self.level == other.level
            && one_sort
            && !within(&a, &b)
            && !within(&b, &a)
            && !crate::entities::sounds_alike(&self.name, &other.name)
    }
}

/// Words with a capital in the cell that stand in no name that is known.
fn unknown(side: Side<'_>) -> Vec<Span> {
    let layers = side.document.layers();
    let tokens = &layers.tokens.items()[side.document.tokens_in(side.cover())];
    let is_free = |span: &Span| {
        let at = layers.mentions.items().partition_point(|mention| mention.span.end() <= span.start());
        let mut near = layers.mentions.items()[at..].iter().take(FEW);
        !near.any(|m| m.form == MentionForm::Named && m.span.touches(*span))
    };
    let spans = tokens
        .iter()
        .map(|token| token.span)
        .filter(|&span| side.slice(span).starts_with(char::is_uppercase));
    spans.filter(is_free).collect()
}

/// Mentions from a place on that may touch it.
const FEW: usize = 3;

/// True if the sentence of side `n` names the place of `site` too.
fn is_in_sentence(pair: &Pair<'_>, n: usize, site: &Site) -> bool {
    let side = [pair.a, pair.b][n];
    let sentences = side.sentences();
    let text = side.slice(sentences).to_lowercase();
    let is_word = |at: usize| {
        let end = at + site.name.len();
        !text[..at].ends_with(char::is_alphanumeric) && !text[end..].starts_with(char::is_alphanumeric)
    };
    let mut mentions = side.document.layers().mentions.items().iter();
    text.match_indices(&site.name).any(|(at, _)| is_word(at))
        || mentions.any(|mention| {
            let bearer = mention.entity.map(|entity| pair.cast.entity(side.report.index(), entity));
            sentences.contains(mention.span) && bearer == Some(site.bearer)
        })
}

/// Which places of a story some report writes right beside what holds them: "Győr, Hungary", "Polambato port in Bogo".
#[derive(Clone, Debug, Default)]
pub(crate) struct Surroundings {
    /// Names in lower case, the smaller first: what one report takes for a place may be a company to another.
    together: BTreeSet<[String; 2]>,
}

impl Surroundings {
    /// Those of `story`.
    pub(crate) fn find(story: &Story) -> Self {
        let mut together = BTreeSet::new();
        for document in story.documents() {
            let tokens = document.layers().tokens.items();
            let named = document.layers().mentions.items().iter().filter(|m| m.form == MentionForm::Named);
            for mention in named {
                let own = document.tokens_in(mention.span).start;
                let from = own.saturating_sub(MOST_BETWEEN + 1);
                let words = tokens[from..own].iter().map(|token| document.slice(token.span));
                // Names are read off their capitals: not every town is known for one.
                if is_enumerated(document, document.tokens_in(mention.span).end) {
                    continue;
                }
                let held = Self::held(words);
                together.extend(held.map(|held| {
                    let mut names = [plain(held), plain(document.slice(mention.span))];
                    names.sort();
                    names
                }));
            }
        }
        Self { together }
    }

    /// The last name in the words before a place, if what stands between them says that it lies there.
    fn held<'a>(words: impl DoubleEndedIterator<Item = &'a str>) -> Option<&'a str> {
        let mut words = words.rev();
        let joint = words.next().filter(|word| HOLDS.contains(word))?;
        let is_name = |word: &&str| word.starts_with(char::is_uppercase) && word.chars().count() > 1;
        if matches!(joint, "," | "(") { words.next().filter(is_name) } else { words.find(is_name) }
    }

    /// True if one of the two may hold the other.
    fn stand_together(&self, a: &str, b: &str) -> bool {
        let last = |name: &str| name.rsplit(' ').next().unwrap_or_default().to_owned();
        [[a.to_owned(), b.to_owned()], [last(a), b.to_owned()], [a.to_owned(), last(b)]].into_iter().any(
            |mut names| {
                names.sort();
                self.together.contains(&names)
            },
        )
    }
}

/// True if names follow up to an "and": "in Aveiro, Ovar and Murtosa" tells of three places.
fn is_enumerated(document: &Document, mut at: usize) -> bool {
    let tokens = document.layers().tokens.items();
    let word = |n: usize| tokens.get(n).map_or("", |token| document.slice(token.span));
    let is_name = |n: usize| word(n).starts_with(char::is_uppercase);
    while word(at) == "," && is_name(at + 1) {
        at += 1;
        while is_name(at) {
            at += 1;
        }
    }
    matches!(word(at), "and" | "or" | "&")
}

/// A name in lower case without full stops and commas, "the", and the common nouns behind it: "Polambato port".
fn plain(name: &str) -> String {
    let own = name.trim_end_matches(|c: char| c.is_lowercase() || c.is_whitespace());
    let end = name[own.len()..].find(char::is_whitespace).map_or(name.len(), |at| own.len() + at);
    let name = if own.is_empty() { name } else { &name[..end] };
    let name: String = name.to_lowercase().chars().filter(|c| !matches!(c, '.' | ',')).collect();
    name.strip_prefix("the ").unwrap_or(&name).to_owned()
}

/// Words that end what stands between a place and what holds it: "Polambato port in Bogo".
const HOLDS: [&str; 6] = ["in", "of", "near", "at", ",", "("];
/// Most words between the two.
const MOST_BETWEEN: usize = 3;
