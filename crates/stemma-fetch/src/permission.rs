//! Asks sites for their `robots.txt`, and remembers what it said for a day.
//!
//! As RFC 9309 has it: a file that is not there (any status of 4xx) allows all; a server that fails (5xx, and 429) allows
//! nothing for the time being, unless an older copy is at hand.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::clock::later;
use crate::robots::Robots;

/// For how long a `robots.txt` is believed.
const FRESH: Duration = Duration::from_hours(24);

/// After which a server that could not give its `robots.txt` is asked again, if it names no time.
const BUSY: Duration = Duration::from_mins(10);

/// What a site has said, and until when that holds.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub(crate) struct Word {
    until: Timestamp,
    said: Said,
}

#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Said {
    Rules(Robots),
    /// The server failed with this status.
    Busy(u16),
}

/// What a site permits.
#[derive(Debug)]
pub(crate) enum Permission {
    Rules(Robots),
    Busy { status: u16, not_before: Timestamp },
}

/// What sites have said, by scheme, host and port.
#[derive(Default)]
pub(crate) struct Permissions(Mutex<BTreeMap<String, Word>>);

impl Permissions {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Word>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is known of `site` and still holds.
    pub(crate) fn of(&self, site: &str, now: Timestamp) -> Option<Permission> {
        self.lock().get(site).filter(|word| word.until > now).map(Word::permission)
    }

    /// Takes in an answer for the `robots.txt` of `site`: its status, the body of one of 2xx, and when to ask again.
    pub(crate) fn take_in(
        &self,
        site: &str,
        robots: Result<Robots, u16>,
        retry_at: Option<Timestamp>,
        now: Timestamp,
    ) -> Permission {
        let mut words = self.lock();
        let fails = |status: &u16| *status == 429 || *status >= 500;
        let word = match robots {
            Ok(robots) => Word { until: later(now, FRESH), said: Said::Rules(robots) },
            Err(status) if fails(&status) => {
                let until = retry_at.unwrap_or_else(|| later(now, BUSY)).min(later(now, FRESH));
                let older = words.get(site).filter(|word| matches!(word.said, Said::Rules(_)));
                Word { until, said: older.map_or(Said::Busy(status), |word| word.said.clone()) }
            }
            Err(_) => Word { until: later(now, FRESH), said: Said::Rules(Robots::default()) },
        };
        let permission = word.permission();
        words.insert(site.to_owned(), word);
        permission
    }

    /// What holds at `now`.
    pub(crate) fn words(&self, now: Timestamp) -> BTreeMap<String, Word> {
        let mut words = self.lock().clone();
        words.retain(|_, word| word.until > now);
        words
    }

    pub(crate) fn restore(&self, words: BTreeMap<String, Word>) {
        self.lock().extend(words);
    }
}

impl Word {
    fn permission(&self) -> Permission {
        match &self.said {
            Said::Rules(robots) => Permission::Rules(robots.clone()),
            Said::Busy(status) => Permission::Busy { status: *status, not_before: self.until },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SITE: &str = "https://example.org";

    fn view(permission: Option<Permission>) -> String {
        match permission {
            None => "unknown".to_owned(),
            Some(Permission::Busy { status, not_before }) => format!("busy ({status}) until {not_before:.0}"),
            Some(Permission::Rules(robots)) if robots == Robots::default() => "all".to_owned(),
            Some(Permission::Rules(_)) => "rules".to_owned(),
        }
    }

    fn rules() -> Robots {
        Robots::parse(b"User-agent: *\nDisallow: /a", "Stemma")
    }

    #[test]
    fn statuses() {
        let now: Timestamp = "2026-03-02T10:00:00Z".parse().unwrap();
        let after =
            |robots, retry_at| view(Some(Permissions::default().take_in(SITE, robots, retry_at, now)));
        assert_eq!(after(Ok(rules()), None), "rules");
        assert_eq!(after(Err(404), None), "all");
        assert_eq!(after(Err(403), None), "all");
        assert_eq!(after(Err(503), None), "busy (503) until 2026-03-02T10:10:00Z");
        assert_eq!(after(Err(429), Some(later(now, FRESH / 24))), "busy (429) until 2026-03-02T11:00:00Z");
        assert_eq!(after(Err(503), Some(Timestamp::MAX)), "busy (503) until 2026-03-03T10:00:00Z");
    }

    #[test]
    fn a_day_is_remembered_and_an_old_copy_outlives_a_failure() {
        let now: Timestamp = "2026-03-02T10:00:00Z".parse().unwrap();
        let permissions = Permissions::default();
        assert_eq!(view(permissions.of(SITE, now)), "unknown");
        permissions.take_in(SITE, Ok(rules()), None, now);
        assert_eq!(view(permissions.of(SITE, later(now, FRESH / 2))), "rules");
        let next = later(now, FRESH);
        assert_eq!(view(permissions.of(SITE, next)), "unknown");
        assert_eq!(view(Some(permissions.take_in(SITE, Err(500), None, next))), "rules");
        assert_eq!(view(permissions.of(SITE, next)), "rules");
    }
}
