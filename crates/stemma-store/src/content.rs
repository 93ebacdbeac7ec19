//! Names for content: hashes, and which versions of the stages made something.

use std::fmt;
use std::fmt::Write as _;
use std::str::FromStr;

use sha2::{Digest, Sha256};
use stemma_core::{Document, Layers, Producer};

/// SHA-256 of some bytes. Prints as 64 hex digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContentHash([u8; 32]);

impl ContentHash {
    /// The hash of `bytes`.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }
}

impl fmt::Display for ContentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for ContentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl FromStr for ContentHash {
    type Err = String;
    fn from_str(hex: &str) -> Result<Self, String> {
        let wrong = || format!("{hex:?} is not a hash of 64 hex digits");
        if hex.len() != 64 || !hex.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(wrong());
        }
        let mut hash = [0; 32];
        for (n, byte) in hash.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&hex[2 * n..2 * n + 2], 16).map_err(|_| wrong())?;
        }
        Ok(Self(hash))
    }
}

/// The stages that made `layers`, always in the same order.
pub(crate) fn made_by(layers: &Layers) -> [&Producer; 11] {
    [
        &layers.tokens.made_by,
        &layers.segments.made_by,
        &layers.sentences.made_by,
        &layers.quotes.made_by,
        &layers.times.made_by,
        &layers.figures.made_by,
        &layers.mentions.made_by,
        &layers.entities.made_by,
        &layers.attributions.made_by,
        &layers.statements.made_by,
        &layers.credits.made_by,
    ]
}

/// The stages that made `layers`, with their versions: `"tokens 1, segments 2, …"`.
///
/// An annotator's own are those of the layers that it makes of an empty report.
pub fn producers(layers: &Layers) -> String {
    let names: Vec<String> =
        made_by(layers).iter().map(|stage| format!("{} {}", stage.name, stage.version)).collect();
    names.join(", ")
}

/// The key of the comparison of `documents`: the reports in order, those of their metadata that bear on what is found, and the
/// versions of all stages. `version` names the comparer and its version.
pub fn comparison_key(documents: &[Document], version: &str) -> ContentHash {
    let mut parts = format!("{version}\n");
    for document in documents {
        let report = document.report();
        let metadata = (report.title(), report.byline(), report.published(), report.language());
        let metadata = serde_json::to_string(&metadata).expect("texts and a date are JSON");
        writeln!(parts, "{} {} {metadata}", report.id(), producers(document.layers()))
            .expect("writing to a string cannot fail");
    }
    ContentHash::of(parts.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_print_and_parse() {
        let hash = ContentHash::of(b"abc");
        assert_eq!(hash.to_string(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(hash.to_string().parse(), Ok(hash));
        assert!("é".repeat(32).parse::<ContentHash>().is_err());
    }
}
