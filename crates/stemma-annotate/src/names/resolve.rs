//! Pronouns and descriptions: which entity of the document each refers to.
//!
//! One pass in text order keeps the last mentions of persons and organisations. A pronoun takes the best of those that agree
//! in gender within the last sentences: near ones first, subjects before objects, never the speaker of the quotation in which
//! it stands. A description needs evidence: the nationality or office that it names must be among the roles of the entity.
//! Linear in the text; each decision looks at a bounded number of mentions. The weights were set by hand on news texts.

use std::collections::{BTreeSet, VecDeque};

use stemma_core::{EntityKind, Gender, Layer, Mention, MentionForm, Quote, QuoteId, Span};

use super::Named;
use super::descriptions::{Description, Pronoun, description_at, is_quoted, pronoun_at};
use super::entities::{Draft, Drafts};
use super::lexicon::{Country, Lexicons};
use super::units::{Reading, Shape};

/// Mentions that are kept as possible antecedents.
const KEPT: usize = 40;

/// Sentences between a pronoun and its antecedent, at most.
const MAX_SENTENCES: usize = 3;

const PREPOSITIONS: &[&str] = &[
    "of",
    "to",
    "with",
    "for",
    "from",
    "by",
    "at",
    "in",
    "on",
    "about",
    "against",
    "between",
    "and",
    "near",
    "after",
    "toward",
    "towards",
    "over",
    "under",
    "than",
    "like",
    "including",
    "via",
    "met",
    "meet",
    "told",
    "tell",
];

const SPEECH: &[&str] = &[
    "said",
    "says",
    "told",
    "added",
    "wrote",
    "posted",
    "tweeted",
    "noted",
    "claimed",
    "insisted",
    "stated",
    "argued",
    "announced",
    "explained",
    "asked",
    "warned",
    "believes",
    "believed",
    "thinks",
    "thought",
    "hinted",
    "suggested",
    "acknowledged",
    "admitted",
    "denied",
    "replied",
    "stressed",
    "declared",
    "vowed",
    "promised",
    "confirmed",
];

/// Words that open a clause in which a pronoun takes the nearest person.
const SUBORDINATORS: &[&str] =
    &["after", "when", "as", "because", "while", "before", "until", "since", "where", "once"];

/// A mention that a later pronoun or description may refer to.
#[derive(Clone, Copy, Debug)]
struct Antecedent {
    draft: usize,
    run: usize,
    unit: usize,
    subject: bool,
    quoted: bool,
    possessive: bool,
}

/// A description or pronoun with its entity, if one was found.
#[derive(Clone, Copy, Debug)]
pub(super) struct Resolved {
    pub(super) mention: Mention,
    pub(super) draft: Option<usize>,
}

struct Resolver<'a> {
    reading: &'a Reading,
    lexicons: &'a Lexicons,
    quotes: &'a Layer<QuoteId, Quote>,
    recent: VecDeque<Antecedent>,
    found: Vec<Resolved>,
}

/// All pronouns and descriptions of the text, in text order. Roles that an apposition shows are added to `drafts`.
pub(super) fn resolve(
    reading: &Reading,
    lexicons: &Lexicons,
    quotes: &Layer<QuoteId, Quote>,
    named: &[Named],
    drafts: &mut Drafts<'_>,
) -> Vec<Resolved> {
    let mut resolver = Resolver { reading, lexicons, quotes, recent: VecDeque::new(), found: Vec::new() };
    let mut next = 0;
    for (run_number, run) in reading.runs.iter().enumerate() {
        let mut at = run.units.start;
        let mut open_until = 0;
        while at < run.units.end {
            let start = reading.units[at].span.start();
            while named.get(next).is_some_and(|name| name.span.end() <= start) {
                next += 1;
            }
            let name = named.get(next).filter(|name| name.span.start() <= start);
            if let Some(name) = name.filter(|_| at >= open_until) {
                let units = reading.units_in(name.span);
                let end = units.end.max(at + 1);
                if name.span.start() == start
                    && matches!(name.kind, EntityKind::Person | EntityKind::Organization)
                {
                    resolver.note(drafts.of_name[next], run_number, at, end, drafts);
                }
                if let Some(description) = resolver.description(at, named, next) {
                    resolver.describe(&description, run_number, named, next, drafts);
                }
                at = end;
                continue;
            }
            if let Some(description) = resolver.description(at, named, next).filter(|_| at >= open_until) {
                open_until = description.units.end;
                resolver.describe(&description, run_number, named, next, drafts);
            }
            if let Some(pronoun) = pronoun_at(reading, at) {
                let later = resolver.speaker_after(pronoun.unit, run.units.end, named, next, drafts);
                resolver.refer(pronoun, run_number, later, drafts);
            }
            at += 1;
        }
    }
    resolver.found
}

impl Resolver<'_> {
    fn unit(&self, at: usize) -> Option<&super::units::Unit> {
        self.reading.units.get(at)
    }

    /// Remembers a mention as a possible antecedent.
    fn note(&mut self, draft: usize, run: usize, start: usize, end: usize, drafts: &Drafts<'_>) {
        let kind = drafts.drafts[draft].kind;
        let first =
            !self.recent.iter().any(|other| other.run == run && drafts.drafts[other.draft].kind == kind);
        let before = start.checked_sub(1).and_then(|at| self.unit(at));
        let governed = before.is_some_and(|unit| unit.is_any(PREPOSITIONS));
        let after = self.unit(end);
        let possessive = after.is_some_and(|unit| unit.shape == Shape::Possessive);
        let verb = after.is_some_and(|unit| {
            unit.is_any(SPEECH)
                || unit.is_any(&[
                    "is", "was", "has", "had", "will", "would", "can", "could", "did", "does", "also",
                ])
                || unit.shape == Shape::Lower && unit.folded.ends_with("ed")
        });
        let quoted = is_quoted(self.reading.units[start].span, self.quotes);
        self.recent.push_back(Antecedent {
            draft,
            run,
            unit: start,
            subject: !governed && !possessive && (first || verb),
            quoted,
            possessive,
        });
        if self.recent.len() > KEPT {
            self.recent.pop_front();
        }
    }

    /// The description that starts at `at` and is not the title of a name.
    fn description(&self, at: usize, named: &[Named], next: usize) -> Option<Description> {
        let near = &named[next.min(named.len())..named.len().min(next + 6)];
        let is_person = |unit: usize| {
            let span = self.reading.units[unit].span;
            near.iter().any(|name| name.kind == EntityKind::Person && name.span.contains(span))
        };
        let description = description_at(self.reading, at, &is_person)?;
        let end = description.units.end;
        (end >= self.reading.units.len() || !is_person(end)).then_some(description)
    }

    fn describe(
        &mut self,
        description: &Description,
        run: usize,
        named: &[Named],
        next: usize,
        drafts: &mut Drafts<'_>,
    ) {
        let phrase = self.reading.span(description.phrase.clone());
        let determiner = &self.reading.units[description.units.start];
        let relational = determiner.is_any(&["his", "her", "their", "its"]);
        let apposed = self.apposed(description, named, next, drafts);
        let draft = match apposed {
            Some(draft) => Some(draft),
            None if description.plural || relational => None,
            None if description.kind == EntityKind::Organization => {
                self.organization(description, run, drafts)
            }
            None => self.person(description, &drafts.drafts),
        };
        if let Some(draft) = apposed.filter(|&draft| drafts.drafts[draft].kind == EntityKind::Person) {
            drafts.drafts[draft].add_role(self.reading, self.lexicons, phrase);
        }
        let mention = Mention {
            span: self.reading.span(description.units.clone()),
            kind: draft.map_or(description.kind, |draft| drafts.drafts[draft].kind),
            form: MentionForm::Described,
            title: Some(phrase),
            entity: None,
        };
        self.found.push(Resolved { mention, draft });
        if let Some(draft) = draft {
            self.note(draft, run, description.units.start, description.units.end, drafts);
        }
    }

    /// "the Ukrainian president, Volodymyr Zelensky" and "Zelensky, the Ukrainian president,"
    fn apposed(
        &self,
        description: &Description,
        named: &[Named],
        next: usize,
        drafts: &Drafts<'_>,
    ) -> Option<usize> {
        if description.plural {
            return None;
        }
        let is_comma = |at: usize| self.unit(at).is_some_and(|unit| unit.is(","));
        let start = description.units.start;
        if start >= 2 && is_comma(start - 1) {
            let before = self.recent.back().filter(|last| {
                // The last mention may stand inside the description: "…, The Times newspaper".
                let between = self.reading.units.get(last.unit..start - 1);
                drafts.drafts[last.draft].kind == description.kind
                    && between.is_some_and(|units| units.iter().all(super::units::Unit::is_capitalized))
            });
            if let Some(last) = before {
                return Some(last.draft);
            }
        }
        let after = self.unit(description.units.end + 1).filter(|_| is_comma(description.units.end))?;
        let near = named.iter().enumerate().skip(next).take(6);
        let mut at_start = near.filter(|(_, name)| name.span.start() == after.span.start());
        at_start.find(|(_, name)| name.kind == description.kind).map(|(n, _)| drafts.of_name[n])
    }

    /// The person whose roles bear out the nationality and office that a description names.
    fn person(&self, description: &Description, drafts: &[Draft]) -> Option<usize> {
        let words = &self.reading.units[description.phrase.clone()];
        let head = words.last()?;
        let mut countries: BTreeSet<Country> = BTreeSet::new();
        for at in description.phrase.clone() {
            for len in 1..=3.min(description.phrase.end - at) {
                countries.extend(self.lexicons.country(&self.reading.phrase(at..at + len)));
            }
        }
        countries.extend(self.country_after(description.units.end));
        let mut best: Option<(f32, usize)> = None;
        let mut seen = BTreeSet::new();
        for antecedent in self.recent.iter().rev() {
            let draft = &drafts[antecedent.draft];
            if draft.kind != EntityKind::Person || !seen.insert(antecedent.draft) {
                continue;
            }
            let recency = 0.1 * seen.len() as f32;
            if let Some(points) = bears_out(draft, &head.folded, words, &countries) {
                let points = points - recency;
                if best.is_none_or(|(most, _)| points > most) {
                    best = Some((points, antecedent.draft));
                }
            }
        }
        best.map(|(_, draft)| draft)
    }

    /// "the president of Ukraine"
    fn country_after(&self, end: usize) -> Option<Country> {
        self.unit(end).filter(|unit| unit.is("of"))?;
        (1..=3).rev().find_map(|len| {
            let range = end + 1..end + 1 + len;
            (range.end <= self.reading.units.len())
                .then(|| self.reading.phrase(range))
                .and_then(|phrase| self.lexicons.country(&phrase))
        })
    }

    /// "the ministry": the last organisation that has the word in its name; "the company": the last one, if it is near.
    fn organization(&self, description: &Description, run: usize, drafts: &Drafts<'_>) -> Option<usize> {
        let head = &self.reading.units[description.phrase.end - 1].folded;
        let organizations = || {
            self.recent
                .iter()
                .rev()
                .filter(|other| drafts.drafts[other.draft].kind == EntityKind::Organization)
        };
        let named_so = organizations().find(|other| {
            let near = &self.reading.units[other.unit..self.reading.units.len().min(other.unit + 6)];
            near.iter()
                .take_while(|unit| unit.is_capitalized() || unit.is("of") || unit.is("the"))
                .any(|unit| unit.is(head))
        });
        let bare = description.phrase.len() == 1;
        let company = matches!(
            head.as_str(),
            "company" | "firm" | "carrier" | "automaker" | "carmaker" | "airline" | "retailer"
        );
        let near = || {
            organizations().find(|other| run - other.run <= 1 && other.subject).filter(|_| bare && company)
        };
        named_so.filter(|_| bare).or_else(near).map(|other| other.draft)
    }

    fn refer(&mut self, pronoun: Pronoun, run: usize, later: Option<usize>, drafts: &mut Drafts<'_>) {
        let span = self.reading.units[pronoun.unit].span;
        let draft =
            if pronoun.plural { None } else { self.antecedent(pronoun, span, run, later, &drafts.drafts) };
        let kind = match draft {
            Some(draft) => drafts.drafts[draft].kind,
            None if pronoun.thing => EntityKind::Organization,
            None if pronoun.plural => EntityKind::Group,
            None => EntityKind::Person,
        };
        let mention = Mention { span, kind, form: MentionForm::Pronoun, title: None, entity: None };
        self.found.push(Resolved { mention, draft });
        if let Some(draft) = draft {
            self.note(draft, run, pronoun.unit, pronoun.unit + 1, drafts);
        }
    }

    fn antecedent(
        &self,
        pronoun: Pronoun,
        span: Span,
        run: usize,
        later: Option<usize>,
        drafts: &[Draft],
    ) -> Option<usize> {
        let quoted = is_quoted(span, self.quotes);
        let wanted = if pronoun.thing { EntityKind::Organization } else { EntityKind::Person };
        let before = pronoun.unit.checked_sub(1).and_then(|at| self.unit(at));
        let subordinate = before.is_some_and(|unit| unit.is_any(SUBORDINATORS));
        let says = self.says(pronoun.unit);
        let object = self.reading.units[pronoun.unit].is_any(&["him", "her"]) && !pronoun.possessive;
        let speaker = quoted.then(|| later.or_else(|| self.speaker(run))).flatten();
        let mut best: Option<(f32, usize)> = None;
        let mut seen = BTreeSet::new();
        for other in self.recent.iter().rev().take_while(|other| run - other.run <= MAX_SENTENCES) {
            let draft = &drafts[other.draft];
            if draft.kind != wanted || Some(other.draft) == speaker {
                continue;
            }
            let gender = match (draft.gender(), pronoun.gender) {
                (Gender::Unknown, _) | (_, Gender::Unknown) => -0.3,
                (a, b) if a == b => 0.0,
                _ => continue,
            };
            let nearer = seen.len();
            seen.insert(other.draft);
            let same_run = other.run == run;
            let mut points = 4.0 + gender - 1.5 * (run - other.run) as f32 - 0.4 * nearer as f32;
            points += match () {
                () if other.subject && same_run && object => -1.5,
                () if same_run && says == Some(other.unit) => 2.5,
                () if other.subject && same_run && subordinate => 0.2,
                () if other.subject => 1.2,
                () => 0.0,
            };
            points += if same_run && subordinate && nearer == 0 { 0.8 } else { 0.0 };
            points -= if other.quoted == quoted { 0.0 } else { 1.0 };
            points -= if other.possessive { 0.3 } else { 0.0 };
            if best.is_none_or(|(most, _)| points > most) {
                best = Some((points, other.draft));
            }
        }
        best.filter(|&(points, _)| points > 0.0).map(|(_, draft)| draft)
    }

    /// The mention before the verb of speech whose clause a pronoun opens: "Ruiz said (that) she".
    fn says(&self, pronoun: usize) -> Option<usize> {
        let is = |at: usize, words: &[&str]| self.unit(at).is_some_and(|unit| unit.is_any(words));
        let mut verb = pronoun.checked_sub(1)?;
        if is(verb, &["that"]) {
            verb = verb.checked_sub(1)?;
        }
        if !is(verb, SPEECH) {
            verb = (verb.saturating_sub(4)..verb).rev().find(|&at| is(at, SPEECH))?;
        }
        let before = self.recent.iter().rev().find(|other| other.unit < verb)?;
        (verb - before.unit <= 5).then_some(before.unit)
    }

    /// Who speaks the quotation that stands in this run, as far as a mention before it shows.
    fn speaker(&self, run: usize) -> Option<usize> {
        let mut here = self.recent.iter().rev().filter(|other| other.run == run && !other.quoted);
        here.find(|other| other.subject).map(|other| other.draft)
    }

    /// A person beside a verb of speech, outside quotation marks, between `unit` and the end of its run: “…,” said Ruiz.
    fn speaker_after(
        &self,
        unit: usize,
        end: usize,
        named: &[Named],
        next: usize,
        drafts: &Drafts<'_>,
    ) -> Option<usize> {
        let limit = self.reading.units[end - 1].span.end();
        let start = self.reading.units[unit].span.end();
        let later =
            named.iter().enumerate().skip(next).take_while(|(_, name)| name.span.end() <= limit).take(12);
        let says =
            |at: Option<usize>| at.and_then(|at| self.unit(at)).is_some_and(|unit| unit.is_any(SPEECH));
        let mut speakers = later.filter(|(_, name)| {
            let units = self.reading.units_in(name.span);
            name.kind == EntityKind::Person
                && name.span.start() >= start
                && !is_quoted(name.span, self.quotes)
                && (says(units.start.checked_sub(1)) || says(Some(units.end)))
        });
        speakers.next().map(|(n, _)| drafts.of_name[n])
    }
}

/// How well the roles of a person bear out a description; `None` if they do not, or speak against it.
fn bears_out(
    draft: &Draft,
    head: &str,
    words: &[super::units::Unit],
    countries: &BTreeSet<Country>,
) -> Option<f32> {
    let same_country = draft.countries.intersection(countries).next().is_some();
    if !countries.is_empty() && !draft.countries.is_empty() && !same_country {
        return None;
    }
    let strict = draft.offices.contains(head);
    let related = strict || related_offices(head).iter().any(|office| draft.offices.contains(*office));
    let mut points = 0.0;
    points += if same_country { 3.0 } else { 0.0 };
    points += if strict { 3.0 } else { 0.0 };
    points += if related && !strict { 2.0 } else { 0.0 };
    points += 0.5 * words.iter().filter(|word| draft.offices.contains(&word.folded)).count() as f32;
    let former = |word: &str| matches!(word, "former" | "ex");
    if words.iter().any(|word| former(&word.folded)) != draft.offices.iter().any(|office| former(office)) {
        points -= 0.5;
    }
    (related && (countries.is_empty() || same_country)).then_some(points)
}

/// Offices whose holder may be called `head`.
fn related_offices(head: &str) -> &'static [&'static str] {
    match head {
        "leader" => &[
            "president",
            "premier",
            "minister",
            "chancellor",
            "king",
            "leader",
            "chief",
            "chairman",
            "chairwoman",
            "dictator",
            "ruler",
            "emir",
            "prince",
            "governor",
            "secretary",
            "head",
        ],
        "official" => {
            &["secretary", "minister", "deputy", "commissioner", "director", "administrator", "chief"]
        }
        "politician" | "lawmaker" | "legislator" => &[
            "senator",
            "sen",
            "representative",
            "rep",
            "congressman",
            "congresswoman",
            "mp",
            "lawmaker",
            "delegate",
            "deputy",
            "assemblyman",
        ],
        "senator" => &["sen"],
        "congressman" | "congresswoman" | "representative" => &["rep", "representative"],
        "governor" => &["gov"],
        "general" => &["gen", "general"],
        "premier" => &["minister"],
        "minister" => &["premier"],
        "executive" | "chief" | "boss" => &["ceo", "chairman", "chief", "head", "founder"],
        "lawyer" | "attorney" => &["lawyer", "attorney", "solicitor", "counsel", "barrister"],
        "spokesperson" => &["spokesman", "spokeswoman"],
        "coach" | "manager" => &["coach", "manager"],
        "player" | "star" => {
            &["striker", "midfielder", "defender", "goalkeeper", "player", "forward", "captain"]
        }
        "author" | "writer" => &["author", "writer", "novelist", "journalist"],
        "officer" => &["sergeant", "sgt", "inspector", "officer", "detective", "constable", "captain", "lt"],
        "billionaire" | "mogul" | "tycoon" => {
            &["billionaire", "mogul", "tycoon", "magnate", "founder", "businessman"]
        }
        "prosecutor" => &["prosecutor", "attorney"],
        "nominee" => &["nominee", "candidate"],
        "candidate" => &["nominee", "candidate"],
        "defendant" | "accused" | "suspect" => &["defendant", "suspect", "accused"],
        _ => &[],
    }
}
