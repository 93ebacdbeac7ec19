//! One tag a unit: outside of names, or beginning or inside a name of a class.

use std::ops::Range;

use stemma_core::EntityKind;

use super::lexicon::Traits;
use super::units::Reading;

/// A name as units and kind.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Named {
    pub(super) units: Range<usize>,
    pub(super) kind: EntityKind,
}

/// Classes of names that are learned; products and events are one class, told apart by their words.
pub(super) const CLASSES: usize = 6;

/// Number of tags: outside, and begin and inside for each class.
pub(super) const TAGS: usize = 1 + 2 * CLASSES;

/// A tag: 0 is outside, `1 + 2c` begins a name of class `c`, `2 + 2c` goes on with one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub(super) struct Tag(pub(super) u8);

impl Tag {
    pub(super) const OUTSIDE: Self = Self(0);

    /// All tags.
    pub(super) fn all() -> impl Iterator<Item = Self> {
        (0..TAGS as u8).map(Self)
    }

    /// First unit of a name.
    pub(super) fn begin(class: usize) -> Self {
        Self(1 + 2 * class as u8)
    }

    /// Later unit of a name.
    pub(super) fn inside(class: usize) -> Self {
        Self(2 + 2 * class as u8)
    }

    /// The class of the name, if the unit is in one.
    pub(super) fn class(self) -> Option<usize> {
        self.0.checked_sub(1).map(|n| usize::from(n / 2))
    }

    fn begins(self) -> bool {
        self.0 % 2 == 1
    }

    /// True if `self` may come right after `before`.
    pub(super) fn may_follow(self, before: Self) -> bool {
        self == Self::OUTSIDE || self.begins() || self.class() == before.class()
    }
}

/// The class of a kind.
fn class_of(kind: EntityKind) -> usize {
    match kind {
        EntityKind::Person => 0,
        EntityKind::Organization => 1,
        EntityKind::Place => 2,
        EntityKind::Facility => 3,
        EntityKind::Group => 4,
        EntityKind::Product | EntityKind::Event => 5,
    }
}

/// The kind of a name of `class` at `units`.
fn kind_of(class: usize, reading: &Reading, units: Range<usize>) -> EntityKind {
    match class {
        0 => EntityKind::Person,
        1 => EntityKind::Organization,
        2 => EntityKind::Place,
        3 => EntityKind::Facility,
        4 => EntityKind::Group,
        _ => {
            let words = reading.units[units].iter();
            let event =
                words.into_iter().any(|unit| unit.traits.any(Traits::EVENT_HEAD | Traits::EVENT_FIRST));
            if event { EntityKind::Event } else { EntityKind::Product }
        }
    }
}

/// Tags of `n` units with these names, which do not overlap.
pub(super) fn tags_of(n: usize, names: &[Named]) -> Vec<Tag> {
    let mut tags = vec![Tag::OUTSIDE; n];
    for name in names {
        let class = class_of(name.kind);
        for at in name.units.clone() {
            tags[at] = if at == name.units.start { Tag::begin(class) } else { Tag::inside(class) };
        }
    }
    tags
}

/// Names that `tags` mark, in text order.
pub(super) fn names_of(tags: &[Tag], reading: &Reading) -> Vec<Named> {
    let mut names: Vec<(Range<usize>, usize)> = Vec::new();
    for (at, tag) in tags.iter().enumerate() {
        match (tag.class(), names.last_mut()) {
            (Some(class), Some((units, last))) if !tag.begins() && *last == class && units.end == at => {
                units.end = at + 1;
            }
            (Some(class), _) => names.push((at..at + 1, class)),
            (None, _) => {}
        }
    }
    let named = names.into_iter();
    named.map(|(units, class)| Named { kind: kind_of(class, reading, units.clone()), units }).collect()
}

/// Units of the names that `tags` mark, in text order, whatever their classes.
pub(super) fn ranges_of(tags: &[Tag]) -> Vec<Range<usize>> {
    let mut names: Vec<Range<usize>> = Vec::new();
    for (at, tag) in tags.iter().enumerate() {
        match names.last_mut() {
            Some(units) if *tag != Tag::OUTSIDE && !tag.begins() && units.end == at => units.end = at + 1,
            _ if *tag != Tag::OUTSIDE => names.push(at..at + 1),
            _ => {}
        }
    }
    names
}
