//! What is served, and to whom.

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;

use crate::log::Log;

/// Fewest characters of a token.
pub(crate) const LEAST_TOKEN: usize = 16;

/// What is served, and to whom.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The store. Made if it is not there.
    pub store: PathBuf,
    /// Address to listen on. One that other machines can reach needs a token.
    pub listen: SocketAddr,
    /// What those who ask must know, if anything.
    pub token: Option<Token>,
    /// Requests that change something which one client may send a second, and twenty times as many at once.
    pub writes_per_second: u16,
    /// Where a line for each request goes, if anywhere.
    pub log: Option<Log>,
    /// Whether the feeds of the watch list are asked.
    pub watch: bool,
    /// How often.
    pub polling: stemma_fetch::Polling,
    /// What of a feed is fetched.
    pub harvest: stemma_desk::HarvestOptions,
    /// How addresses are fetched, and how far they may reach.
    pub fetching: stemma_fetch::Settings,
}

/// A secret of at least 16 characters. Never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// `None` if `text` is too short, or holds anything but letters, digits and `-._~`, which every header can carry.
    pub fn new(text: &str) -> Option<Self> {
        let plain = |c: char| c.is_ascii_alphanumeric() || "-._~".contains(c);
        (text.len() >= LEAST_TOKEN && text.chars().all(plain)).then(|| Self(text.to_owned()))
    }

    /// Whether `given` is this token. Takes as long for a nearly right one as for a wrong one.
    pub(crate) fn is(&self, given: &str) -> bool {
        let (own, given) = (self.0.as_bytes(), given.as_bytes());
        own.len() == given.len() && own.iter().zip(given).fold(0, |differs, (x, y)| differs | (x ^ y)) == 0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_long_plain_and_never_printed() {
        assert_eq!(Token::new("short"), None);
        assert_eq!(Token::new("sixteen letters!"), None);
        let token = Token::new("sixteen-letters-").unwrap();
        assert!(
            token.is("sixteen-letters-") && !token.is("sixteen-letters") && !token.is("sixteen-letters_")
        );
        assert_eq!(format!("{token:?}"), "Token(…)");
    }
}
