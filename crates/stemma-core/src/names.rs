//! Mentions of persons, organisations and places in a text, and the entities that they stand for.

use serde::{Deserialize, Serialize};

use crate::Span;
use crate::layer::layer_id;

layer_id!(/** Index into [`crate::Layers::mentions`]. */ MentionId);
layer_id!(/** Index into [`crate::Layers::entities`]. */ EntityId);

/// What an entity is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EntityKind {
    /// A human being, by name or by description.
    Person,
    /// A company, agency, government body, party, club, outlet.
    Organization,
    /// A country, region, town, river, mountain.
    Place,
    /// A building, airport, bridge, road.
    Facility,
    /// A nationality, religion or political group: "Ukrainians", "Catholic", "Republican".
    Group,
    /// A thing with a name: a vehicle, a platform, a work.
    Product,
    /// A named event: "World Cup", "Hurricane Ida".
    Event,
}

impl EntityKind {
    /// The name used in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            EntityKind::Person => "person",
            EntityKind::Organization => "organization",
            EntityKind::Place => "place",
            EntityKind::Facility => "facility",
            EntityKind::Group => "group",
            EntityKind::Product => "product",
            EntityKind::Event => "event",
        }
    }
}

/// How a mention refers.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MentionForm {
    /// A proper name: "Volodymyr Zelensky", "Zelensky", "Kremlin".
    Named,
    /// A description: "the Ukrainian leader", "his country", "the two leaders".
    Described,
    /// A pronoun: "he", "they", "their".
    Pronoun,
}

/// A word or phrase that refers to a person, organisation or place.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Mention {
    /// The name, description or pronoun, without titles before a name ("Zelensky" in "President Zelensky").
    pub span: Span,
    /// What is referred to.
    pub kind: EntityKind,
    /// How it is referred to.
    pub form: MentionForm,
    /// Title, office or nationality right before a name ("Russian President"), right after it, or the noun
    /// phrase of a description.
    pub title: Option<Span>,
    /// What it refers to; `None` for a pronoun or description that could not be resolved.
    pub entity: Option<EntityId>,
}

/// Grammatical evidence for a person: pronouns, titles, given names.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Gender {
    /// "she", "Mrs", a given name that is nearly always a woman's.
    Feminine,
    /// "he", "Mr", a given name that is nearly always a man's.
    Masculine,
    /// Nothing points one way.
    #[default]
    Unknown,
}

/// What several mentions in one document refer to.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Entity {
    /// What it is.
    pub kind: EntityKind,
    /// The fullest name in the text, a slice of it.
    pub name: String,
    /// Every different form of the name, in order of first appearance; slices of the text.
    pub names: Vec<String>,
    /// Evidence on gender, for persons.
    pub gender: Gender,
    /// Offices, titles and nationalities that the text gives ("Russian President", "Ukrainian counterpart").
    pub roles: Vec<Span>,
}
