//! Entities across the story: the same person, organisation or place in several reports.
//!
//! In: the entities of each document, which already join a surname to its full name. Out: one [`StoryEntity`] for each
//! bearer, and for each document which of its entities stands for whom. Two entities of one document are never joined: the
//! document told them apart. Names are compared in Latin letters without accents, and persons by surname and given name, so
//! that "Volodymyr Zelensky" meets "Zelenskyy" and "Mr. Clinton" does not meet "Hillary Clinton".

use std::collections::BTreeMap;

use stemma_core::{
    Document, Entity, EntityId, EntityKind, Gender, LayerId as _, MentionForm, NameForm, ReportIndex, Story,
    StoryEntity,
};

/// Who is who across a story.
#[derive(Debug, Default)]
pub(crate) struct Cast {
    /// In order of how many reports name them, then of how often, then of name.
    pub(crate) entities: Vec<StoryEntity>,
    /// For each document, for each of its entities, the index into `entities`.
    pub(crate) of: Vec<Vec<usize>>,
}

impl Cast {
    /// The story's entity for `entity` of the document at `report`.
    pub(crate) fn entity(&self, report: usize, entity: EntityId) -> usize {
        self.of[report][entity.index()]
    }
}

/// Joins the entities of the documents of `story`.
pub(crate) fn join_entities(story: &Story) -> Cast {
    let mut bearers: Vec<Bearer> = Vec::new();
    let mut of: Vec<Vec<usize>> =
        story.documents().iter().map(|d| vec![0; d.layers().entities.len()]).collect();
    let mut order: Vec<(ReportIndex, EntityId, &Entity)> = Vec::new();
    for (report, document) in story.iter() {
        order.extend(document.layers().entities.iter().map(|(id, entity)| (report, id, entity)));
    }
    // Fuller names first: a surname then finds the full name that it belongs to, whichever report has it. The order is by
    // content alone, so that the result does not depend on the order of the reports.
    order.sort_by(|a, b| {
        let key = |e: &Entity| (std::cmp::Reverse(e.name.split_whitespace().count()), e.name.clone());
        (key(a.2), story.document(a.0).report().id(), a.1).cmp(&(
            key(b.2),
            story.document(b.0).report().id(),
            b.1,
        ))
    });
    for (report, id, entity) in order {
        let name = Name::of(entity);
        let best = bearers
            .iter()
            .enumerate()
            .filter(|(_, bearer)| bearer.is_open_to(report, &name))
            .map(|(n, bearer)| (bearer.likeness(&name), n))
            .filter(|&(likeness, _)| likeness > 0)
            .max_by_key(|&(likeness, n)| (likeness, std::cmp::Reverse(n)));
        let ambiguous = |likeness: u32| bearers.iter().filter(|b| b.likeness(&name) == likeness).count() > 1;
        match best {
            Some((likeness, n)) if likeness >= Bearer::CERTAIN || !ambiguous(likeness) => {
                bearers[n].members.push((report, id));
                bearers[n].names.push(name);
            }
            _ => bearers.push(Bearer { kind: entity.kind, names: vec![name], members: vec![(report, id)] }),
        }
    }
    let mut cast: Vec<StoryEntity> = Vec::new();
    let mut members: Vec<Vec<(ReportIndex, EntityId)>> = Vec::new();
    for bearer in &mut bearers {
        bearer.members.sort_unstable();
        cast.push(describe(story, bearer));
        members.push(bearer.members.clone());
    }
    let mut ranks: Vec<usize> = (0..cast.len()).collect();
    let mentions = |e: &StoryEntity| e.names.iter().flat_map(|(_, _, f)| f).map(|f| f.count).sum::<usize>();
    ranks.sort_by_key(|&n| {
        (std::cmp::Reverse((cast[n].names.len(), mentions(&cast[n]))), cast[n].name.clone(), n)
    });
    for (new, &old) in ranks.iter().enumerate() {
        for &(report, id) in &members[old] {
            of[report.index()][id.index()] = new;
        }
    }
    Cast { entities: ranks.into_iter().map(|n| cast[n].clone()).collect(), of }
}

fn describe(story: &Story, bearer: &Bearer) -> StoryEntity {
    let name = |&(report, id): &(ReportIndex, EntityId)| &story.document(report).layers().entities[id].name;
    let longest = bearer.members.iter().map(name).max_by_key(|name| (name.chars().count(), name.as_str()));
    let mut names: Vec<(ReportIndex, EntityId, Vec<NameForm>)> = Vec::new();
    for &(report, id) in &bearer.members {
        let forms = forms(story.document(report), id);
        match names.last_mut() {
            Some((last, _, known)) if *last == report => join_forms(known, forms),
            _ => names.push((report, id, forms)),
        }
    }
    StoryEntity { kind: bearer.kind, name: longest.cloned().unwrap_or_default(), names }
}

/// How `document` calls its entity `id`: every form of the name with the title right before it, in order of first place.
fn forms(document: &Document, id: EntityId) -> Vec<NameForm> {
    let mut forms: Vec<NameForm> = Vec::new();
    let mut index: BTreeMap<&str, usize> = BTreeMap::new();
    for mention in document.layers().mentions.items() {
        if mention.entity != Some(id) || mention.form != MentionForm::Named {
            continue;
        }
        let before = mention.title.filter(|title| {
            title.end() <= mention.span.start()
                && document.slice(stemma_core::Span::new(title.end(), mention.span.start())).trim().is_empty()
        });
        let span = before.map_or(mention.span, |title| title.cover(mention.span));
        let text = document.slice(span);
        if let Some(&n) = index.get(text) {
            forms[n].count += 1;
        } else {
            index.insert(text, forms.len());
            forms.push(NameForm { text: text.to_owned(), first: span, count: 1 });
        }
    }
    forms
}

/// Adds `more` forms of one report to those known.
fn join_forms(known: &mut Vec<NameForm>, more: Vec<NameForm>) {
    for form in more {
        match known.iter_mut().find(|other| other.text == form.text) {
            Some(other) => {
                other.count += form.count;
                other.first = other.first.min(form.first);
            }
            None => known.push(form),
        }
    }
    known.sort_by_key(|form| form.first);
}

struct Bearer {
    kind: EntityKind,
    names: Vec<Name>,
    members: Vec<(ReportIndex, EntityId)>,
}

impl Bearer {
    /// The same full name, or an acronym and its long form.
    const CERTAIN: u32 = 3;

    /// Two entities of one report are two bearers, but for things of one name that the report takes now for a place and now
    /// for an organisation ("the White House").
    fn is_open_to(&self, report: ReportIndex, name: &Name) -> bool {
        let same_thing =
            self.kind != EntityKind::Person && self.names.iter().any(|own| own.words == name.words);
        same_thing || self.members.iter().all(|&(other, _)| other != report)
    }

    fn likeness(&self, name: &Name) -> u32 {
        self.names
            .iter()
            .map(|own| own.likeness(name))
            .min_by_key(|&l| if l == 0 { 0 } else { 10 - l })
            .unwrap_or(0)
    }
}

/// A name taken apart.
struct Name {
    kind: EntityKind,
    gender: Gender,
    /// Latin letters, lower case, no accents, without "the", "Jr.", single initials.
    words: Vec<String>,
    /// The [`sound`] of each of `words`, and of all of them without spaces.
    sounds: Vec<String>,
    sound: String,
    /// The shorter forms of the name, joined and without punctuation ("who", "russia").
    forms: Vec<String>,
}

impl Name {
    fn of(entity: &Entity) -> Self {
        let latin = |word: &str| {
            any_ascii::any_ascii(word)
                .to_lowercase()
                .chars()
                .filter(|c| c.is_alphanumeric())
                .collect::<String>()
        };
        let words: Vec<String> = entity
            .name
            .split(|c: char| c.is_whitespace() || c == '-')
            .map(latin)
            .filter(|w| !matches!(w.as_str(), "" | "the" | "jr" | "sr" | "ii" | "iii" | "of" | "and" | "for"))
            .collect();
        let forms = entity.names.iter().map(|name| latin(name)).filter(|name| name.len() > 1).collect();
        let sounds = words.iter().map(|word| sound(word)).collect();
        let sound = sound(&words.concat());
        Self { kind: entity.kind, gender: entity.gender, words, sounds, sound, forms }
    }

    /// 0: another bearer; 1: may be the same; 2: likely; 3 and more: certain.
    fn likeness(&self, other: &Name) -> u32 {
        if self.words.is_empty() || other.words.is_empty() {
            return 0;
        }
        if self.words == other.words {
            return if compatible(self.kind, other.kind) { 5 } else { 0 };
        }
        match (self.kind, other.kind) {
            (EntityKind::Person, EntityKind::Person) => self.person_likeness(other),
            (EntityKind::Person, _) | (_, EntityKind::Person) => 0,
            (a, b) if compatible(a, b) => self.other_likeness(other),
            _ => 0,
        }
    }

    fn person_likeness(&self, other: &Name) -> u32 {
        if matches!(
            (self.gender, other.gender),
            (Gender::Feminine, Gender::Masculine) | (Gender::Masculine, Gender::Feminine)
        ) {
            return 0;
        }
        let last = |name: &Name| name.words.len().saturating_sub(1);
        let (a, b) = (last(self), last(other));
        let surname = match self.words[a] == other.words[b] {
            true => 2,
            false => u32::from(alike(&self.sounds[a], &other.sounds[b])),
        };
        if surname == 0 {
            return 0;
        }
        if a == 0 || b == 0 {
            return surname;
        }
        let (x, y) = (&self.sounds[0], &other.sounds[0]);
        if alike(x, y) || same_slavic_name(x, y) {
            surname + 2
        } else if same_given_name(&self.words[0], &other.words[0]) {
            surname + 1
        } else {
            0
        }
    }

    fn other_likeness(&self, other: &Name) -> u32 {
        let acronym = |long: &Name, short: &Name| {
            short.words.len() == 1
                && long.words.len() >= 2
                && long.words.iter().filter_map(|w| w.chars().next()).collect::<String>() == short.words[0]
        };
        let common_form = self.forms.iter().any(|form| other.forms.contains(form));
        if acronym(self, other) || acronym(other, self) || common_form {
            return 3;
        }
        let (long, short) = if self.words.len() >= other.words.len() { (self, other) } else { (other, self) };
        let starts = long.words.starts_with(&short.words);
        let rest = &long.words[short.words.len().min(long.words.len())..];
        let trims = [
            "news",
            "inc",
            "asa",
            "ag",
            "se",
            "sa",
            "spa",
            "nv",
            "bv",
            "ab",
            "oy",
            "gmbh",
            "llc",
            "llp",
            "limited",
            "holding",
            "holdings",
            "corp",
            "corporation",
            "company",
            "co",
            "ltd",
            "group",
            "plc",
            "party",
            "newspaper",
            "agency",
        ];
        if starts && rest.iter().all(|word| trims.contains(&word.as_str())) {
            return 3;
        }
        u32::from(alike(&self.sound, &other.sound)) * 2
    }
}

fn compatible(a: EntityKind, b: EntityKind) -> bool {
    use EntityKind::{Facility, Organization, Place, Product};
    let things = |kind| matches!(kind, Organization | Facility | Product | Place);
    a == b || (things(a) && things(b))
}

/// "Bob" and "Robert", an initial and the name that it begins, one given name the start of the other.
pub(crate) fn same_given_name(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if long.starts_with(short) {
        return true;
    }
    crate::terms::words(include_str!("../data/nicknames.txt")).any(|line| {
        let names: Vec<&str> = line.split_whitespace().collect();
        names.contains(&a) && names.contains(&b)
    })
}

/// The sounds of "Olga" and "Olha": Russian writes `g` where Ukrainian and Belarusian write `h`.
fn same_slavic_name(a: &str, b: &str) -> bool {
    let plain = |c: char| if c == 'h' { 'g' } else { c };
    a.chars().map(plain).eq(b.chars().map(plain))
}

/// True for two spellings of one sound: transliterations, or one letter that differs in a long name.
pub(crate) fn sounds_alike(a: &str, b: &str) -> bool {
    alike(&sound(a), &sound(b))
}

/// True for two sounds that are one, but for a letter in a long one.
fn alike(x: &str, y: &str) -> bool {
    x == y || (x.len().min(y.len()) >= 5 && x.chars().next() == y.chars().next() && within_one_edit(x, y))
}

/// A key that spellings of one name share, whatever system it was transliterated by: doubled letters once, `y j` as `i`,
/// `ae oe aa` as one vowel, `ph` as `f`, `tch` as `ch`, `kh` as `h`, `ck q c` as `k`, `w` as `v`, endings `-iy -yy -ii -ij` as `-i`.
pub(crate) fn sound(name: &str) -> String {
    let mut key = name.to_lowercase();
    for (from, to) in [
        ("ae", "a"),
        ("oe", "o"),
        ("aa", "a"),
        ("ph", "f"),
        ("tch", "ch"),
        ("tsch", "ch"),
        ("kh", "h"),
        ("ck", "k"),
        ("q", "k"),
        ("w", "v"),
        ("x", "ks"),
        ("ou", "u"),
        ("oo", "u"),
        ("ee", "i"),
    ] {
        key = key.replace(from, to);
    }
    let mut out = String::new();
    for c in key.chars() {
        let c = match c {
            'y' | 'j' => 'i',
            'c' => 'k',
            'z' => 's',
            other => other,
        };
        if !out.ends_with(c) {
            out.push(c);
        }
    }
    out
}

/// True if one letter put in, left out or changed makes one word of the other.
pub(crate) fn within_one_edit(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let (short, long) = if a.len() <= b.len() { (&a, &b) } else { (&b, &a) };
    if long.len() - short.len() > 1 {
        return false;
    }
    let same_head = short.iter().zip(long.iter()).take_while(|(x, y)| x == y).count();
    let skip = usize::from(long.len() == short.len());
    short[(same_head + skip).min(short.len())..] == long[(same_head + 1).min(long.len())..]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(kind: EntityKind, name: &str) -> Name {
        Name::of(&Entity {
            kind,
            name: name.to_owned(),
            names: vec![name.to_owned()],
            gender: Gender::Unknown,
            roles: Vec::new(),
        })
    }

    #[test]
    fn persons_meet_by_surname_unless_given_names_differ() {
        let alike = |a, b| name(EntityKind::Person, a).likeness(&name(EntityKind::Person, b));
        assert!(alike("Volodymyr Zelensky", "Zelenskyy") > 0);
        assert!(alike("Volodymyr Zelensky", "Volodymyr Zelenskyy") >= Bearer::CERTAIN);
        assert!(alike("Robert Wallace", "Bob Wallace") >= Bearer::CERTAIN);
        assert!(alike("Robert S. Wallace III", "Robert Wallace") >= Bearer::CERTAIN);
        assert_eq!(alike("Anna Berg", "Karl Berg"), 0);
        assert_eq!(alike("Anna Berg", "Anna Burgos"), 0);
        assert!(alike("Łukasz Żak", "Lukasz Zak") >= Bearer::CERTAIN);
        assert!(alike("Bjørn Øie", "Bjoern Oeie") >= Bearer::CERTAIN);
        assert!(alike("Olga Kravtchenko", "Olha Kravchenko") >= Bearer::CERTAIN);
        assert_eq!(alike("Anna Hall", "Anna Gall"), 0);
    }

    #[test]
    fn organizations_meet_by_acronym_and_trimmed_name() {
        let alike = |a, b| name(EntityKind::Organization, a).likeness(&name(EntityKind::Organization, b));
        assert!(alike("World Health Organization", "WHO") >= Bearer::CERTAIN);
        assert!(alike("Lakeside News", "Lakeside") >= Bearer::CERTAIN);
        assert_eq!(alike("Lakeside Bank", "Lakeside"), 0);
    }

    #[test]
    fn one_edit_is_one_edit() {
        assert!(within_one_edit("berger", "burger") && within_one_edit("berger", "bergr"));
        assert!(within_one_edit("berger", "bergers"));
        assert!(!within_one_edit("berger", "burgr"));
    }
}
