//! Reports made up for tests and measurements: short, different from each other, and the same for the same number.
//!
//! About 100 words each: a headline, an outlet, a day, two quotations, figures, names of persons and places.

/// SplitMix64 (Steele, Lea, Flood 2014): numbers that look random, the same for the same seed.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `n`.
    pub(crate) fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }

    pub(crate) fn of<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.below(list.len() as u64) as usize]
    }
}

const GIVEN: [&str; 24] = [
    "Ana", "Jorge", "Inês", "Tomas", "Ida", "Karl", "Mira", "Oskar", "Leila", "Pavel", "Ruth", "Samir",
    "Vera", "Igor", "Nadia", "Henrik", "Clara", "Dmitri", "Elena", "Felix", "Greta", "Hugo", "Irina",
    "Jonas",
];
const FAMILY: [&str; 24] = [
    "Ruiz",
    "Holm",
    "Duarte",
    "Novak",
    "Berg",
    "Lindqvist",
    "Okafor",
    "Petrov",
    "Schmidt",
    "Haddad",
    "Moreau",
    "Kowalski",
    "Tanaka",
    "Silva",
    "Reyes",
    "Varga",
    "Costa",
    "Jansen",
    "Fischer",
    "Ivanova",
    "Keller",
    "Olsen",
    "Popescu",
    "Weber",
];
const FIRST_SYLLABLE: [&str; 20] = [
    "Skar", "Brev", "Hal", "Lom", "Petr", "Alm", "Orl", "Tolv", "Grim", "Var", "Sund", "Kest", "Mor", "Eld",
    "Fal", "Nor", "Quen", "Rast", "Ulm", "Wend",
];
const LAST_SYLLABLE: [&str; 12] =
    ["vik", "den", "ara", "ila", "by", "heim", "ford", "mouth", "gard", "stad", "ton", "holm"];
const OFFICE: [&str; 10] = [
    "Mayor",
    "Governor",
    "Minister",
    "Police chief",
    "Judge",
    "Commissioner",
    "Senator",
    "Spokeswoman",
    "Director",
    "Professor",
];
const OUTLET: [&str; 12] = [
    "Post",
    "Courier",
    "Gazette",
    "Herald",
    "Tribune",
    "Observer",
    "Chronicle",
    "Dispatch",
    "Mercury",
    "Standard",
    "Echo",
    "Star",
];
const WHAT: [&str; 16] = [
    "bridge",
    "harbor",
    "school",
    "hospital",
    "dam",
    "railway",
    "market",
    "library",
    "factory",
    "airport",
    "mine",
    "stadium",
    "power station",
    "ferry",
    "tunnel",
    "archive",
];
const HAPPENED: [&str; 12] = [
    "was closed after a fire",
    "reopened after months of repair",
    "was flooded overnight",
    "lost its license",
    "was sold to a rival",
    "failed an inspection",
    "was struck by lightning",
    "ran out of fuel",
    "was occupied by workers",
    "won a national prize",
    "was shaken by an explosion",
    "will be torn down",
];
const SAID: [&str; 6] = ["said", "told reporters", "announced", "warned", "admitted", "insisted"];
const WILL: [&str; 8] =
    ["rebuild", "pay for", "investigate", "close", "protect", "inspect", "sell", "defend"];
const PEOPLE: [&str; 8] =
    ["workers", "residents", "passengers", "teachers", "soldiers", "children", "fishermen", "doctors"];
const DID: [&str; 8] = [
    "were brought to safety",
    "left the town",
    "lost their homes",
    "went on strike",
    "were treated for smoke",
    "waited in the cold",
    "signed a petition",
    "received money",
];
const DAY: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// The report of a number, as one line of JSON without its end.
pub(crate) fn line(number: u64) -> String {
    let mut random = Random::new(number.wrapping_mul(0xD134_2543_DE82_EF95) ^ 0x5eed);
    let r = &mut random;
    let town = format!("{}{}", r.of(&FIRST_SYLLABLE), r.of(&LAST_SYLLABLE));
    let other = format!("{}{}", r.of(&FIRST_SYLLABLE), r.of(&LAST_SYLLABLE));
    let (given, family) = (r.of(&GIVEN), r.of(&FAMILY));
    let (second_given, second_family) = (r.of(&GIVEN), r.of(&FAMILY));
    let (what, happened) = (r.of(&WHAT), r.of(&HAPPENED));
    let (people, did) = (r.of(&PEOPLE), r.of(&DID));
    let (n, cost, share) = (2 + r.below(900), 1 + r.below(400), 1 + r.below(99));
    let day = r.of(&DAY);
    let first = format!(
        "The {what} of {town} {happened} on {day}, {} {given} {family} {}.",
        r.of(&OFFICE),
        r.of(&SAID)
    );
    let second = format!(
        "“We will {} the {what} and everyone who depends on it,” {family} said. “It cost us {cost} million dollars, and nobody \
         asked the people of {other}.”",
        r.of(&WILL)
    );
    let third = format!(
        "About {n} {people} {did}, according to {second_given} {second_family}, who leads the council of {other}. \
         {second_family} {} that {share} percent of the money had not arrived by {}.",
        r.of(&SAID),
        r.of(&DAY)
    );
    let fourth = format!(
        "The {} {} is reported {} kilometers away from case {number}.",
        r.of(&WHAT),
        r.of(&HAPPENED),
        n + 3
    );
    let text = [first, second, third, fourth].join("\n\n");
    serde_json::json!({
        "id": format!("invented-{number}"),
        "outlet": format!("{town} {}", r.of(&OUTLET)),
        "url": format!("https://{}.example/{number}", town.to_lowercase()),
        "title": format!("{town}: {what} {happened}"),
        "published": format!("2026-03-{:02}T{:02}:{:02}:00Z", 1 + r.below(28), r.below(24), r.below(60)),
        "language": "en",
        "text": text,
    })
    .to_string()
}
