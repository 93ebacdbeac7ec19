//! Word lists for names, and what they say about a word: its [`Traits`].
//!
//! The long generated lists are one automaton that is made when the program is built and read in place (the `fst` crate).
//! The short lists that people write are read into one map. Keys are folded: lower case, without accents.

use std::ops::BitOr;

use fst::Map;
use rustc_hash::FxHashMap;

use crate::words::entries;

/// What the lists say about a word or phrase, as a set of bits.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(super) struct Traits(u64);

impl Traits {
    pub(super) const NONE: Self = Self(0);
    /// Nearly always a woman's given name.
    pub(super) const GIVEN_FEMININE: Self = Self(1);
    /// Nearly always a man's given name.
    pub(super) const GIVEN_MASCULINE: Self = Self(1 << 1);
    /// A given name of both.
    pub(super) const GIVEN_BOTH: Self = Self(1 << 2);
    pub(super) const GIVEN: Self =
        Self(Self::GIVEN_FEMININE.0 | Self::GIVEN_MASCULINE.0 | Self::GIVEN_BOTH.0);
    pub(super) const FAMILY: Self = Self(1 << 3);
    /// A town of half a million people or more, or a capital.
    pub(super) const METROPOLIS: Self = Self(1 << 4);
    /// A town of 100,000 people or more.
    pub(super) const CITY: Self = Self(1 << 5);
    pub(super) const TOWN: Self = Self(1 << 6);
    pub(super) const COUNTRY: Self = Self(1 << 7);
    /// "French", "Saudi"
    pub(super) const NATIONALITY: Self = Self(1 << 8);
    /// "Poles", "Ukrainians"
    pub(super) const PEOPLE: Self = Self(1 << 9);
    /// Religions, parties' adherents, peoples without a country.
    pub(super) const GROUP: Self = Self(1 << 10);
    /// An organisation known by name.
    pub(super) const ORGANIZATION: Self = Self(1 << 11);
    /// A region, sea or river known by name.
    pub(super) const PLACE: Self = Self(1 << 12);
    pub(super) const ORGANIZATION_HEAD: Self = Self(1 << 13);
    pub(super) const ORGANIZATION_FIRST: Self = Self(1 << 14);
    pub(super) const FACILITY_HEAD: Self = Self(1 << 15);
    pub(super) const PLACE_HEAD: Self = Self(1 << 16);
    pub(super) const PLACE_FIRST: Self = Self(1 << 17);
    pub(super) const EVENT_HEAD: Self = Self(1 << 18);
    pub(super) const EVENT_FIRST: Self = Self(1 << 19);
    pub(super) const PRODUCT_HEAD: Self = Self(1 << 20);
    /// Days and months.
    pub(super) const CALENDAR: Self = Self(1 << 21);
    /// Written with a capital, but no name of the kinds that we look for.
    pub(super) const OTHER: Self = Self(1 << 22);
    pub(super) const HONORIFIC_MASCULINE: Self = Self(1 << 23);
    pub(super) const HONORIFIC_FEMININE: Self = Self(1 << 24);
    pub(super) const HONORIFIC_BOTH: Self = Self(1 << 25);
    pub(super) const HONORIFIC: Self =
        Self(Self::HONORIFIC_MASCULINE.0 | Self::HONORIFIC_FEMININE.0 | Self::HONORIFIC_BOTH.0);
    pub(super) const RANK: Self = Self(1 << 26);
    pub(super) const OFFICE: Self = Self(1 << 27);
    /// May stand inside a title before the office: "deputy", "former", "foreign".
    pub(super) const MODIFIER: Self = Self(1 << 28);
    /// Stands after a name: "Jr.", "III".
    pub(super) const POST: Self = Self(1 << 29);
    /// An English word that is usually written in lower case.
    pub(super) const COMMON: Self = Self(1 << 30);
    /// A building or work known by name.
    pub(super) const FACILITY: Self = Self(1 << 31);
    /// "President", "Sen.", "Mrs": anything that can head a title.
    pub(super) const TITLE: Self = Self(Self::HONORIFIC.0 | Self::RANK.0 | Self::OFFICE.0);
    pub(super) const ANY_TOWN: Self = Self(Self::METROPOLIS.0 | Self::CITY.0 | Self::TOWN.0);
    /// "French", "Poles", "Catholic": words for people of one kind.
    pub(super) const ANY_GROUP: Self = Self(Self::NATIONALITY.0 | Self::PEOPLE.0 | Self::GROUP.0);
    /// Words that tell the kind of a name in which they stand.
    pub(super) const ANY_HEAD: Self = Self(
        Self::ORGANIZATION_HEAD.0
            | Self::ORGANIZATION_FIRST.0
            | Self::FACILITY_HEAD.0
            | Self::PLACE_HEAD.0
            | Self::EVENT_HEAD.0
            | Self::PRODUCT_HEAD.0,
    );

    /// The set without the bits of `other`.
    pub(super) fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Numbers of the bits that are set.
    pub(super) fn numbers(self) -> impl Iterator<Item = u8> {
        let bits = self.0;
        (0..40).filter(move |n| bits >> n & 1 == 1)
    }

    /// True if any bit of `other` is set.
    pub(super) fn any(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

impl BitOr for Traits {
    type Output = Self;
    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// A country in its table: the same number for the country, its adjectives, its people and its capital.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) struct Country(u16);

/// The automaton of the long lists. Its values, as `build.rs` writes them: size of a town in bits 0 and 1, gender of a given name in
/// bits 2 and 3, then family name and common word.
const LONG_LISTS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/names.fst"));
const FAMILY: u64 = 1 << 4;
const COMMON: u64 = 1 << 5;

/// All lists for names.
#[derive(Debug)]
pub(super) struct Lexicons {
    /// The long lists as one automaton, made by `build.rs`: a folded name or word to what the lists say of it.
    long: Map<&'static [u8]>,
    /// Hand-written lists: folded word or phrase to traits.
    listed: FxHashMap<String, Traits>,
    /// Country, adjective, people, capital to the country.
    countries: FxHashMap<String, Country>,
    /// Other names of one organisation, folded, to the one under which it is known.
    also: FxHashMap<String, String>,
    /// Longest listed phrase, in words.
    longest: usize,
}

impl Lexicons {
    /// Reads the lists.
    pub(super) fn load() -> Self {
        let mut lexicons = Self {
            long: Map::new(LONG_LISTS).expect("build.rs writes a sound automaton"),
            listed: FxHashMap::default(),
            countries: FxHashMap::default(),
            also: FxHashMap::default(),
            longest: 5,
        };
        lexicons.read_countries(include_str!("../../data/names-countries.txt"));
        lexicons.read_organizations(include_str!("../../data/names-organizations.txt"));
        for place in entries(include_str!("../../data/names-places.txt")) {
            lexicons.add(place, Traits::PLACE);
        }
        for facility in entries(include_str!("../../data/names-facilities.txt")) {
            lexicons.add(facility, Traits::FACILITY);
        }
        for word in entries(include_str!("../../data/names-groups.txt")).flat_map(str::split_whitespace) {
            lexicons.add(word, Traits::GROUP);
        }
        lexicons.read_classes(include_str!("../../data/names-given-more.txt"));
        lexicons.read_classes(include_str!("../../data/names-words.txt"));
        lexicons.read_classes(include_str!("../../data/names-titles.txt"));
        lexicons
    }

    fn add(&mut self, phrase: &str, traits: Traits) {
        let entry = self.listed.entry(fold(phrase)).or_default();
        *entry = *entry | traits;
    }

    /// Rows of `names | adjectives | people | capitals`, several forms divided by commas.
    fn read_countries(&mut self, list: &'static str) {
        let columns = [Traits::COUNTRY, Traits::NATIONALITY, Traits::PEOPLE, Traits::METROPOLIS];
        for (row, line) in entries(list).enumerate() {
            let country = Country(u16::try_from(row).expect("there are fewer than 65,536 countries"));
            for (field, traits) in line.split('|').zip(columns) {
                for form in field.split(", ").map(str::trim).filter(|form| !form.is_empty()) {
                    self.add(form, traits);
                    self.countries.entry(fold(form)).or_insert(country);
                }
            }
        }
    }

    /// Rows of `name` or `name = other, names`.
    fn read_organizations(&mut self, list: &'static str) {
        for line in entries(list) {
            let (name, others) = line.split_once('=').unwrap_or((line, ""));
            let name = name.trim();
            self.add(name, Traits::ORGANIZATION);
            for other in others.split(',').map(str::trim).filter(|other| !other.is_empty()) {
                self.add(other, Traits::ORGANIZATION);
                self.also.insert(fold(other), fold(name));
            }
        }
    }

    /// Rows of `class: words`.
    fn read_classes(&mut self, list: &'static str) {
        for line in entries(list) {
            let (class, words) = line.split_once(':').unwrap_or(("", line));
            let traits = class_traits(class);
            debug_assert!(traits != Traits::NONE, "unknown class {class:?} in a list of names");
            for word in words.split_whitespace() {
                self.add(word, traits);
            }
        }
    }

    /// What the lists say about a folded word or phrase.
    pub(super) fn traits(&self, folded: &str) -> Traits {
        let mut traits = self.listed.get(folded).copied().unwrap_or_default();
        let Some(said) = self.long.get(folded) else { return traits };
        let town = [Traits::default(), Traits::METROPOLIS, Traits::CITY, Traits::TOWN];
        let given = [Traits::default(), Traits::GIVEN_FEMININE, Traits::GIVEN_MASCULINE, Traits::GIVEN_BOTH];
        traits = traits | town[said as usize & 3] | given[said as usize >> 2 & 3];
        if said & FAMILY != 0 {
            traits = traits | Traits::FAMILY;
        }
        if said & COMMON != 0 {
            traits = traits | Traits::COMMON;
        }
        traits
    }

    /// The country that a folded country, adjective, people or capital belongs to.
    pub(super) fn country(&self, folded: &str) -> Option<Country> {
        self.countries.get(folded).copied()
    }

    /// The folded name under which a listed organisation is known.
    pub(super) fn known_as<'a>(&'a self, folded: &'a str) -> &'a str {
        self.also.get(folded).map_or(folded, String::as_str)
    }

    /// Longest phrase that is worth looking up, in words.
    pub(super) fn longest(&self) -> usize {
        self.longest
    }
}

fn class_traits(class: &str) -> Traits {
    match class.trim() {
        "given-m" => Traits::GIVEN_MASCULINE,
        "given-f" => Traits::GIVEN_FEMININE,
        "organization-head" => Traits::ORGANIZATION_HEAD,
        "organization-first" => Traits::ORGANIZATION_FIRST,
        "facility-head" => Traits::FACILITY_HEAD,
        "place-head" => Traits::PLACE_HEAD,
        "place-first" => Traits::PLACE_FIRST,
        "event-head" => Traits::EVENT_HEAD,
        "event-first" => Traits::EVENT_FIRST,
        "product-head" => Traits::PRODUCT_HEAD,
        "calendar" => Traits::CALENDAR,
        "other" => Traits::OTHER,
        "honorific-m" => Traits::HONORIFIC_MASCULINE,
        "honorific-f" => Traits::HONORIFIC_FEMININE,
        "honorific" => Traits::HONORIFIC_BOTH,
        "rank" => Traits::RANK,
        "office" => Traits::OFFICE,
        "modifier" => Traits::MODIFIER,
        "post" => Traits::POST,
        _ => Traits::NONE,
    }
}

/// Lower case, without accents, apostrophes as `'`, white space as one blank: the key of the lists.
pub(super) fn fold(name: &str) -> String {
    if name.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'`') {
        return name.to_ascii_lowercase();
    }
    let mut folded = String::with_capacity(name.len());
    for c in name.chars() {
        match c {
            '’' | '‘' | 'ʼ' | 'ʻ' | '`' | '´' => folded.push('\''),
            '\u{2010}' | '\u{2011}' => folded.push('-'),
            '\u{300}'..='\u{36f}' | '\u{ad}' => {}
            c if c.is_ascii() => folded.push(c.to_ascii_lowercase()),
            c if c.is_whitespace() => folded.push(' '),
            c => c.to_lowercase().for_each(|lower| match plain(lower) {
                Some(letters) => folded.push_str(letters),
                None => folded.push(lower),
            }),
        }
    }
    if folded.contains("  ") || folded.contains(['\n', '\t', '\r']) {
        folded = folded.split_whitespace().collect::<Vec<_>>().join(" ");
    }
    folded
}

/// A Latin letter without its accent.
fn plain(c: char) -> Option<&'static str> {
    Some(match c {
        'à'..='å'
        | 'ā'
        | 'ă'
        | 'ą'
        | 'ǎ'
        | 'ạ'
        | 'ả'
        | 'ấ'
        | 'ầ'
        | 'ẩ'
        | 'ẫ'
        | 'ậ'
        | 'ắ'
        | 'ằ'
        | 'ẳ'
        | 'ẵ'
        | 'ặ' => "a",
        'æ' => "ae",
        'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => "c",
        'ď' | 'đ' | 'ð' | 'ḍ' => "d",
        'è'..='ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' | 'ẹ' | 'ẻ' | 'ẽ' | 'ế' | 'ề' | 'ể' | 'ễ' | 'ệ' | 'ə' => {
            "e"
        }
        'ĝ' | 'ğ' | 'ġ' | 'ģ' | 'ǧ' => "g",
        'ĥ' | 'ħ' | 'ḥ' | 'ḫ' => "h",
        'ì'..='ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' | 'ı' | 'ị' | 'ỉ' | 'ǐ' => "i",
        'ĵ' => "j",
        'ķ' | 'ḳ' => "k",
        'ĺ' | 'ļ' | 'ľ' | 'ŀ' | 'ł' => "l",
        'ñ' | 'ń' | 'ņ' | 'ň' | 'ŋ' | 'ṇ' => "n",
        'ò'..='ö'
        | 'ø'
        | 'ō'
        | 'ŏ'
        | 'ő'
        | 'ơ'
        | 'ǒ'
        | 'ọ'
        | 'ỏ'
        | 'ố'
        | 'ồ'
        | 'ổ'
        | 'ỗ'
        | 'ộ'
        | 'ớ'
        | 'ờ'
        | 'ở'
        | 'ỡ'
        | 'ợ' => "o",
        'œ' => "oe",
        'ŕ' | 'ŗ' | 'ř' | 'ṛ' => "r",
        'ß' => "ss",
        'ś' | 'ŝ' | 'ş' | 'š' | 'ș' | 'ṣ' => "s",
        'ţ' | 'ť' | 'ŧ' | 'ț' | 'ṭ' => "t",
        'þ' => "th",
        'ù'..='ü'
        | 'ũ'
        | 'ū'
        | 'ŭ'
        | 'ů'
        | 'ű'
        | 'ų'
        | 'ư'
        | 'ǔ'
        | 'ụ'
        | 'ủ'
        | 'ứ'
        | 'ừ'
        | 'ử'
        | 'ữ'
        | 'ự' => "u",
        'ŵ' => "w",
        'ý' | 'ÿ' | 'ŷ' | 'ỳ' | 'ỵ' | 'ỷ' | 'ỹ' => "y",
        'ź' | 'ż' | 'ž' | 'ẓ' => "z",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_automaton_holds_what_the_long_lists_say() {
        let lexicons = Lexicons::load();
        let lists = [
            (include_str!("../../data/names-given.txt"), Traits::GIVEN),
            (include_str!("../../data/names-family.txt"), Traits::FAMILY),
            (include_str!("../../data/names-cities.txt"), Traits::METROPOLIS | Traits::CITY | Traits::TOWN),
            (include_str!("../../data/names-common-words.txt"), Traits::COMMON),
        ];
        for (list, traits) in lists {
            let keys = list.lines().map(|line| line.split('\t').next().unwrap());
            assert!(keys.step_by(97).all(|key| lexicons.traits(key).any(traits)));
        }
        assert_eq!(lexicons.long.get("zzzzzz"), None);
        assert_eq!(lexicons.long.get(""), None);
    }

    #[test]
    fn keys_have_neither_accents_nor_capitals() {
        assert_eq!(fold("Besiktaş  JK’s\nŁódź"), "besiktas jk's lodz");
        assert_eq!(fold("Киев"), "киев");
    }

    #[test]
    fn a_country_ties_its_adjective_people_and_capital() {
        let lexicons = Lexicons::load();
        assert!(lexicons.country("ukraine").is_some());
        for form in ["ukrainian", "ukrainians", "kyiv"] {
            assert_eq!(lexicons.country(form), lexicons.country("ukraine"));
        }
        assert!(lexicons.traits("ukrainian").any(Traits::NATIONALITY));
        assert!(lexicons.traits("lagos").any(Traits::METROPOLIS));
        assert_eq!(lexicons.known_as("afp"), "agence france-presse");
    }
}
