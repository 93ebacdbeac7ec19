//! Events, and how reports tell them.

use super::words::{Random, name, word};

/// Kinds of events; those of one kind share words.
const KINDS: u64 = 300;
/// Words of one kind.
const KIND_WORDS: u64 = 100;
/// Words that any report uses.
const COMMON_WORDS: u64 = 6000;
/// Words that set events apart.
const RARE_WORDS: u64 = 60_000;
/// Towns.
const TOWNS: u64 = 2500;

/// Where each vocabulary begins among all words.
const COMMON_FROM: u64 = 0;
const KINDS_FROM: u64 = 10_000;
const TOWNS_FROM: u64 = 42_000;
const PEOPLE_FROM: u64 = 45_000;
const RARE_FROM: u64 = 100_000;

/// Frames of sentences by language. `P` is a person, `T` the town, `O` the organization, `N` a figure, `D` a weekday; `a` to
/// `d` are words of the fact, `x` to `z` words that any report uses.
const FRAMES: [&[&str]; 4] = [
    &[
        "The a in T has b the c after x of y on D .",
        "P said on D that the a would b N x and d the y .",
        "According to O , N c were x in T , and the a was d .",
        "“We will b the a and x the c , ” P told reporters in T .",
        "The x a , which O had d for N y , remains z , officials said .",
        "On D the c of T was x by the b , and N y a had to z .",
        "P , who leads O , called the a d and said it x the y of T .",
        "It was the first b in the x a of T since N y , a c said .",
    ],
    &[
        "Das a in T hat am D die x c nach y b .",
        "P sagte am D , die a werde N x und die y d b .",
        "Nach Angaben von O wurden N c in T x , die a war d .",
        "„ Wir werden das a b und die c x “ , sagte P in T .",
        "Am D wurde der c von T durch x b , und N y a mussten z .",
        "P , Chef von O , nannte das a d und den y von T x .",
    ],
    &[
        "Le a de T a b la c après x de y D .",
        "P a déclaré D que la a allait b N x et d les y .",
        "Selon O , N c ont été x à T , et la a était d .",
        "« Nous allons b le a et x la c » , a dit P à T .",
        "Le x a , que O avait d pour N y , reste z .",
    ],
    &[
        "El a de T ha b la c tras x de y el D .",
        "P dijo el D que la a iba a b N x y d los y .",
        "Según O , N c fueron x en T , y la a estaba d .",
        "« Vamos a b el a y x la c » , dijo P en T .",
        "El x a , que O había d por N y , sigue z .",
    ],
];

const DAYS: [[&str; 5]; 4] = [
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"],
    ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag"],
    ["lundi", "mardi", "mercredi", "jeudi", "vendredi"],
    ["lunes", "martes", "miércoles", "jueves", "viernes"],
];

/// What a report says of an event.
pub(super) struct Told {
    pub(super) title: String,
    pub(super) sentences: Vec<String>,
}

/// One thing that reports of an event tell.
struct Fact {
    words: [u64; 4],
    figure: u64,
    person: usize,
}

/// An event: everything that its reports have in common.
pub(super) struct Event {
    language: usize,
    town: String,
    organization: String,
    people: Vec<String>,
    weekday: usize,
    facts: Vec<Fact>,
    seed: u64,
}

impl Event {
    /// The event of a number; one that follows up another has the place and the people of that one.
    pub(super) fn of(seed: u64, follows: u64) -> Self {
        let mut random = Random::new(seed);
        let mut who = Random::new(if follows == 0 { seed ^ 0x5EED } else { follows ^ 0x5EED });
        let language = [0, 0, 0, 0, 1, 2, 3][who.below(7) as usize];
        let town = name(TOWNS_FROM + who.rank(TOWNS));
        let organization = format!(
            "{} {}",
            name(PEOPLE_FROM + who.below(8000)),
            who.pick(&["Union", "Council", "Group", "Agency"])
        );
        let people = (0..3)
            .map(|_| {
                format!(
                    "{} {}",
                    name(PEOPLE_FROM + 10_000 + who.rank(400)),
                    name(PEOPLE_FROM + 20_000 + who.below(9000))
                )
            })
            .collect();
        let kind = random.below(KINDS);
        let rare: Vec<u64> = (0..14).map(|_| RARE_FROM + random.below(RARE_WORDS)).collect();
        let language_shift = language as u64 * 200_000;
        let facts = (0..12)
            .map(|_| Fact {
                words: [0, 1, 2, 3].map(|_| {
                    let number = if random.chance(0.4) {
                        KINDS_FROM + kind * KIND_WORDS + random.rank(KIND_WORDS)
                    } else {
                        rare[random.below(14) as usize]
                    };
                    number + language_shift
                }),
                figure: 2 + random.rank(4000),
                person: random.below(3) as usize,
            })
            .collect();
        Self { language, town, organization, people, weekday: random.below(5) as usize, facts, seed }
    }

    /// Report `number` of the event: in its own words, or after one of two agencies.
    pub(super) fn tell(&self, number: u32, random: &mut Random) -> Told {
        let copies = number > 1 && random.chance(0.35);
        let mut writer =
            if copies { Random::new(self.seed ^ (0xA6E7 + random.below(2))) } else { random.clone() };
        let n_sentences = 6 + writer.below(14) as usize;
        let mut sentences: Vec<String> = (0..n_sentences)
            .map(|n| {
                // What matters comes first, in every report.
                let fact = if n < 2 { n } else { writer.rank(12) as usize };
                self.sentence(&self.facts[fact.min(11)], &mut writer)
            })
            .collect();
        if copies {
            match random.below(3) {
                0 => sentences.truncate(n_sentences - 2),
                1 => sentences.push(self.sentence(&self.facts[11], random)),
                _ => {}
            }
        }
        let lead = &self.facts[0];
        let mut title: Vec<String> = vec![self.town.clone(), word(lead.words[0]), word(lead.words[1])];
        title.push(if random.chance(0.5) { lead.figure.to_string() } else { word(self.facts[1].words[0]) });
        title.push(word(self.common(random)));
        Told { title: title.join(" "), sentences }
    }

    fn common(&self, random: &mut Random) -> u64 {
        COMMON_FROM + random.rank(COMMON_WORDS) + self.language as u64 * 200_000
    }

    fn sentence(&self, fact: &Fact, random: &mut Random) -> String {
        let mut sentence = String::new();
        for slot in random.pick(FRAMES[self.language]).split(' ') {
            if !sentence.is_empty() && !matches!(slot, "." | ",") {
                sentence.push(' ');
            }
            match slot {
                "P" => sentence += &self.people[fact.person],
                "T" => sentence += &self.town,
                "O" => sentence += &self.organization,
                "N" => sentence += &fact.figure.to_string(),
                "D" => sentence += DAYS[self.language][self.weekday],
                "a" | "b" | "c" | "d" => {
                    // A writer has words of their own for some things.
                    let at = usize::from(slot.as_bytes()[0] - b'a');
                    let number = if random.chance(0.4) { self.common(random) } else { fact.words[at] };
                    sentence += &word(number);
                }
                "x" | "y" | "z" => sentence += &word(self.common(random)),
                _ => sentence += slot,
            }
        }
        sentence
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_of_an_event_share_what_matters() {
        let event = Event::of(11, 0);
        let told = |number| event.tell(number, &mut Random::new(number.into()));
        let (one, other) = (told(0), told(1));
        assert_ne!(one.sentences, other.sentences);
        assert!(one.title.starts_with(&event.town) && other.title.starts_with(&event.town));
        let later = Event::of(12, 11);
        assert_eq!((&later.town, &later.people), (&event.town, &event.people));
    }
}
