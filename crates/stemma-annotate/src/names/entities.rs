//! Names of one person, organisation or place in a document, brought together.
//!
//! In: names with kinds, in text order, and the titles of persons. Out: one [`Draft`] for each entity, and the draft of each
//! name. Persons: full names that agree are one person; a single word goes to the person whose surname (else given name) it
//! is, the last one named before it where there are several, unless "Mr" or "Mrs" speaks against it. Organisations: equal
//! names, listed other names, acronyms of long forms, company suffixes. Countries: all names of one country.

use std::collections::{BTreeSet, HashMap};

use stemma_core::{EntityKind, Gender, Span};

use super::Named;
use super::lexicon::{Country, Lexicons, Traits, fold};
use super::persons::{PersonName, skeleton};
use super::units::{Reading, Shape};

/// Roles that are kept of one entity: more say nothing new, and would make long texts slow.
const MAX_ROLES: usize = 200;

/// An entity in the making.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) kind: EntityKind,
    /// Indices of its names, in text order.
    pub(super) names: Vec<usize>,
    pub(super) roles: Vec<Span>,
    /// Countries that its roles name.
    pub(super) countries: BTreeSet<Country>,
    /// Folded words of its roles that are offices or callings.
    pub(super) offices: BTreeSet<String>,
    /// Positive: evidence for a man; negative: for a woman.
    pub(super) masculine: i32,
    full: Vec<PersonName>,
}

impl Draft {
    fn new(kind: EntityKind) -> Self {
        Self {
            kind,
            names: Vec::new(),
            roles: Vec::new(),
            countries: BTreeSet::new(),
            offices: BTreeSet::new(),
            masculine: 0,
            full: Vec::new(),
        }
    }

    /// What the evidence says.
    pub(super) fn gender(&self) -> Gender {
        match self.masculine {
            1.. => Gender::Masculine,
            0 => Gender::Unknown,
            _ => Gender::Feminine,
        }
    }

    /// Takes a role over: its span, its offices, the countries that it names, what it says about gender.
    pub(super) fn add_role(&mut self, reading: &Reading, lexicons: &Lexicons, role: Span) {
        if self.roles.len() >= MAX_ROLES || self.roles.contains(&role) {
            return;
        }
        self.roles.push(role);
        let units = reading.units_in(role);
        for at in units.clone() {
            let unit = &reading.units[at];
            if unit.traits.any(Traits::TITLE | Traits::MODIFIER) {
                self.offices.insert(unit.folded.clone());
            }
            self.masculine += gender_of_title(&unit.folded, unit.traits);
            for len in 1..=3_usize.min(units.end - at) {
                self.countries.extend(lexicons.country(&reading.phrase(at..at + len)));
            }
        }
    }
}

/// Evidence in a word of a title: 3 or more for a man, -3 or less for a woman.
fn gender_of_title(folded: &str, traits: Traits) -> i32 {
    const WOMEN: &[&str] = &[
        "spokeswoman",
        "chairwoman",
        "congresswoman",
        "councilwoman",
        "businesswoman",
        "actress",
        "wife",
        "daughter",
        "sister",
        "mother",
        "aunt",
        "grandmother",
        "granddaughter",
        "niece",
        "girlfriend",
        "widow",
        "nun",
        "queen",
    ];
    const MEN: &[&str] = &[
        "spokesman",
        "chairman",
        "congressman",
        "councilman",
        "businessman",
        "husband",
        "son",
        "brother",
        "father",
        "uncle",
        "grandfather",
        "grandson",
        "nephew",
        "boyfriend",
        "monk",
        "king",
        "batsman",
        "fisherman",
    ];
    match () {
        () if traits.any(Traits::HONORIFIC_MASCULINE) || MEN.contains(&folded) => 3,
        () if traits.any(Traits::HONORIFIC_FEMININE) || WOMEN.contains(&folded) => -3,
        () => 0,
    }
}

/// What is known while names are brought together.
pub(super) struct Drafts<'a> {
    text: &'a str,
    reading: &'a Reading,
    lexicons: &'a Lexicons,
    pub(super) drafts: Vec<Draft>,
    /// The draft of each name.
    pub(super) of_name: Vec<usize>,
}

/// The draft of a name that has none yet.
const NONE: usize = usize::MAX;

/// Brings `named` together; `titles` are the titles of the names.
pub(super) fn draft_entities<'a>(
    text: &'a str,
    reading: &'a Reading,
    lexicons: &'a Lexicons,
    named: &[Named],
    titles: &[Option<Span>],
) -> Drafts<'a> {
    let mut drafts = Drafts { text, reading, lexicons, drafts: Vec::new(), of_name: vec![NONE; named.len()] };
    drafts.full_persons(named, titles);
    drafts.single_persons(named, titles);
    drafts.others(named);
    drafts
}

impl Drafts<'_> {
    fn put(&mut self, name: usize, draft: usize, title: Option<Span>) {
        self.of_name[name] = draft;
        let entry = &mut self.drafts[draft];
        let at = entry.names.partition_point(|&other| other < name);
        entry.names.insert(at, name);
        if let Some(title) = title {
            entry.add_role(self.reading, self.lexicons, title);
        }
    }

    fn person(&self, named: &Named) -> PersonName {
        PersonName::new(&self.text[named.span.range()], self.lexicons)
    }

    /// Gender that the title of one mention states.
    fn stated(&self, title: Option<Span>) -> i32 {
        let units = title.map_or(0..0, |title| self.reading.units_in(title));
        let words = self.reading.units[units].iter();
        words.map(|unit| gender_of_title(&unit.folded, unit.traits)).sum()
    }

    /// Names of two words and more.
    fn full_persons(&mut self, named: &[Named], titles: &[Option<Span>]) {
        let mut by_end: HashMap<String, Vec<usize>> = HashMap::new();
        for (n, name) in named.iter().enumerate().filter(|(_, name)| name.kind == EntityKind::Person) {
            let person = self.person(name);
            if !person.is_full() {
                continue;
            }
            let ends = [skeleton(person.last()), skeleton(person.first())];
            let known = ends.iter().filter_map(|end| by_end.get(end)).flatten().copied();
            let same = known
                .into_iter()
                .find(|&draft| self.drafts[draft].full.iter().any(|full| full.agrees(&person)));
            let draft = same.unwrap_or_else(|| {
                let given = self.lexicons.traits(person.first());
                self.drafts.push(Draft {
                    masculine: i32::from(given.any(Traits::GIVEN_MASCULINE))
                        - i32::from(given.any(Traits::GIVEN_FEMININE)),
                    ..Draft::new(EntityKind::Person)
                });
                self.drafts.len() - 1
            });
            if !self.drafts[draft].full.contains(&person) && self.drafts[draft].full.len() < 8 {
                self.drafts[draft].full.push(person);
                for end in ends {
                    let drafts = by_end.entry(end).or_default();
                    if !drafts.contains(&draft) && drafts.len() < 32 {
                        drafts.push(draft);
                    }
                }
            }
            self.put(n, draft, titles[n]);
        }
    }

    /// Names of one word, in text order, so that "the last one named before" is known.
    fn single_persons(&mut self, named: &[Named], titles: &[Option<Span>]) {
        let mut ends = Ends::of(&self.drafts);
        let mut last_seen: Vec<Option<usize>> = vec![None; self.drafts.len()];
        for (n, name) in named.iter().enumerate().filter(|(_, name)| name.kind == EntityKind::Person) {
            if self.of_name[n] != NONE {
                last_seen[self.of_name[n]] = Some(n);
                continue;
            }
            let person = self.person(name);
            let stated = self.stated(titles[n]);
            let key = skeleton(person.last());
            let fits = |&draft: &usize| self.drafts[draft].masculine.signum() * stated.signum() >= 0;
            let pick = |known: &[usize]| {
                let before = known
                    .iter()
                    .copied()
                    .filter(fits)
                    .max_by_key(|&draft| (last_seen[draft], std::cmp::Reverse(draft)));
                before
                    .filter(|&draft| last_seen[draft].is_some())
                    .or_else(|| known.iter().copied().find(fits))
            };
            let draft = pick(ends.last(&key)).or_else(|| pick(ends.first(&key))).unwrap_or_else(|| {
                let given = self.lexicons.traits(person.last());
                let masculine = i32::from(given.any(Traits::GIVEN_MASCULINE))
                    - i32::from(given.any(Traits::GIVEN_FEMININE));
                let surname = given.any(Traits::FAMILY) || stated != 0;
                self.drafts.push(Draft {
                    masculine: if surname { 0 } else { masculine },
                    ..Draft::new(EntityKind::Person)
                });
                last_seen.push(None);
                ends.add_last(key, self.drafts.len() - 1);
                self.drafts.len() - 1
            });
            last_seen[draft] = Some(n);
            self.put(n, draft, titles[n]);
        }
    }

    /// Everything that is no person: long names first, so that an acronym finds its long form wherever that stands.
    fn others(&mut self, named: &[Named]) {
        let mut by_key: HashMap<(EntityKind, String), usize> = HashMap::new();
        let mut by_initials: HashMap<String, usize> = HashMap::new();
        let is_long = |name: &Named| self.reading.units_in(name.span).len() > 1;
        let (long, short): (Vec<usize>, Vec<usize>) = (0..named.len())
            .filter(|&n| named[n].kind != EntityKind::Person)
            .partition(|&n| is_long(&named[n]));
        for n in long.into_iter().chain(short) {
            let name = &named[n];
            let folded = fold(&self.text[name.span.range()]);
            let key = (name.kind, self.key(name.kind, &folded));
            let acronym = self.is_acronym(name);
            let known = by_key.get(&key).or_else(|| by_initials.get(&folded).filter(|_| acronym)).copied();
            let draft = known.unwrap_or_else(|| {
                self.drafts.push(Draft::new(name.kind));
                self.drafts.len() - 1
            });
            by_key.entry(key).or_insert(draft);
            if !acronym && name.kind == EntityKind::Organization {
                for initials in self.initials(name) {
                    by_initials.entry(initials).or_insert(draft);
                }
            }
            self.put(n, draft, None);
        }
    }

    /// Names with the same key are one entity.
    fn key(&self, kind: EntityKind, folded: &str) -> String {
        let folded = folded.strip_prefix("the ").unwrap_or(folded);
        let country = self.lexicons.country(folded);
        match (kind, country) {
            (EntityKind::Place, Some(country)) if self.lexicons.traits(folded).any(Traits::COUNTRY) => {
                format!("{country:?}")
            }
            (EntityKind::Group, Some(country)) => format!("{country:?}"),
            (EntityKind::Group, None) => folded.trim_end_matches('s').to_owned(),
            (EntityKind::Organization, _) => {
                let known = self.lexicons.known_as(folded);
                let short = without_company_suffix(known);
                let words: BTreeSet<&str> =
                    short.split(' ').filter(|word| !matches!(*word, "of" | "the" | "for" | "and")).collect();
                words.into_iter().collect::<Vec<_>>().join(" ").replace('.', "")
            }
            _ => folded.to_owned(),
        }
    }

    fn is_acronym(&self, name: &Named) -> bool {
        let units = self.reading.units_in(name.span);
        units.len() == 1 && matches!(self.reading.units[units.start].shape, Shape::Upper | Shape::Initial)
    }

    /// "who" for "World Health Organization", with and without its small words.
    fn initials(&self, name: &Named) -> Vec<String> {
        let units = &self.reading.units[self.reading.units_in(name.span)];
        let of = |small: bool| -> String {
            let words =
                units.iter().filter(|unit| unit.is_capitalized() || small && unit.shape == Shape::Lower);
            words.filter_map(|unit| unit.folded.chars().next()).collect()
        };
        let found = [of(false), of(true)];
        found.into_iter().filter(|initials| initials.chars().count() > 1).collect()
    }
}

/// "apple inc." → "apple"
fn without_company_suffix(folded: &str) -> &str {
    const SUFFIXES: &[&str] = &[
        " inc",
        " inc.",
        " corp",
        " corp.",
        " corporation",
        " ltd",
        " ltd.",
        " limited",
        " llc",
        " plc",
        " co",
        " co.",
        " company",
        " group",
        " holdings",
        " ag",
        " sa",
        " gmbh",
    ];
    let short = SUFFIXES.iter().find_map(|suffix| folded.strip_suffix(suffix)).unwrap_or(folded);
    if short.is_empty() { folded } else { short.trim_end_matches(',') }
}

/// Drafts of persons by the skeletons of their last and first words.
struct Ends {
    last: HashMap<String, Vec<usize>>,
    first: HashMap<String, Vec<usize>>,
}

impl Ends {
    fn of(drafts: &[Draft]) -> Self {
        let mut ends = Self { last: HashMap::new(), first: HashMap::new() };
        for (n, draft) in drafts.iter().enumerate() {
            for full in &draft.full {
                ends.add_last(skeleton(full.last()), n);
                let bare = full.last().rsplit(' ').next().unwrap_or("");
                ends.add_last(skeleton(bare), n);
                let first = ends.first.entry(skeleton(full.first())).or_default();
                if !first.contains(&n) && first.len() < 32 {
                    first.push(n);
                }
            }
        }
        ends
    }

    fn add_last(&mut self, key: String, draft: usize) {
        let last = self.last.entry(key).or_default();
        if !last.contains(&draft) && last.len() < 32 {
            last.push(draft);
        }
    }

    fn last(&self, key: &str) -> &[usize] {
        self.last.get(key).map_or(&[], Vec::as_slice)
    }

    fn first(&self, key: &str) -> &[usize] {
        self.first.get(key).map_or(&[], Vec::as_slice)
    }
}
