//! Words that say how a word of time beside them is to be read. The list is data.

use rustc_hash::FxHashSet;
use std::sync::LazyLock;

use crate::words::entries;

/// What a word is good for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum Class {
    /// A weekday after it is part of a name: "Black Friday".
    NameBefore,
    /// A weekday before it is part of a name: "Sunday Times".
    NameAfter,
    /// A month after it is a month, even if it could be a verb or a name.
    MonthLead,
    /// Four digits after it are a year.
    YearLead,
    /// Four digits after it can be a year that stands before a noun: "the 2022 elections".
    YearNoun,
    /// Marks and words that may touch a year.
    YearOpen,
    /// A number after it is no year.
    YearLabel,
    /// Four digits before it count something.
    YearCounted,
    /// The clause speaks of what is to come.
    Future,
    /// Ends in "ed" and is no verb in the past.
    NoParticiple,
    /// The clause speaks of what was: irregular verbs.
    Past,
}

static CLASSES: LazyLock<FxHashSet<(Class, &'static str)>> = LazyLock::new(|| {
    let mut classes = FxHashSet::default();
    for line in entries(include_str!("../../data/time-context.txt")) {
        let (name, words) = line.split_once(' ').expect("the built-in list names a class and its words");
        let class = match name {
            "name-before" => Class::NameBefore,
            "name-after" => Class::NameAfter,
            "month-lead" => Class::MonthLead,
            "year-lead" => Class::YearLead,
            "year-noun" => Class::YearNoun,
            "year-open" => Class::YearOpen,
            "year-label" => Class::YearLabel,
            "year-counted" => Class::YearCounted,
            "future" => Class::Future,
            "no-participle" => Class::NoParticiple,
            "past" => Class::Past,
            _ => unreachable!("the built-in list names known classes"),
        };
        classes.extend(words.split_whitespace().map(|word| (class, word)));
    }
    classes
});

/// True if `word`, in lower case, is of `class`.
pub(super) fn is(class: Class, word: &str) -> bool {
    CLASSES.contains(&(class, word))
}
