//! What one report is known by, whatever its text: its address, the id that its feed gives it, its outlet and headline.
//!
//! In: a report. Out: up to three [`Mark`]s, 64 bits each. Two reports that share one are versions of one report if their texts
//! have enough in common. Addresses are brought to one form first ([`canonical_address`]).

use sha2::{Digest, Sha256};
use stemma_core::Report;
use unicode_normalization::UnicodeNormalization;

use super::decision::Identity;

/// Parameters of an address that say where the reader came from and not what is read.
const TRACKING: [&str; 30] = [
    "amp",
    "campaign_id",
    "cid",
    "cmp",
    "cmpid",
    "dclid",
    "emc",
    "fbclid",
    "feature",
    "ftag",
    "gclid",
    "icid",
    "igshid",
    "int_cmp",
    "mc_cid",
    "mc_eid",
    "mkt_tok",
    "mod",
    "ncid",
    "ns_campaign",
    "ocid",
    "output",
    "partner",
    "ref",
    "smid",
    "smtyp",
    "soc_src",
    "src",
    "taid",
    "xtor",
];

/// Shortest headline that tells a report from others of its outlet, in words: "Weather" and "Morning briefing" come every day.
const LEAST_HEADLINE: usize = 4;

/// One thing that a report is known by, as a hash.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Mark {
    pub(super) identity: Identity,
    pub(super) hash: u64,
}

/// What `report` is known by: address, id, headline, as far as it has them.
pub(super) fn marks(report: &Report) -> Vec<Mark> {
    let outlet = outlet_of(report);
    let address = report.url().map(|url| hash(&["address", &canonical_address(url)]));
    let guid = report.extra().get("guid").and_then(|guid| guid.as_str()).or(report.given_id());
    // Two outlets may number their reports alike.
    let guid = guid.map(|guid| hash(&["guid", outlet.as_deref().unwrap_or(""), guid.trim()]));
    let headline = report.title().map(plain_words).filter(|words| words.split(' ').count() >= LEAST_HEADLINE);
    let headline = outlet.zip(headline).map(|(outlet, words)| hash(&["headline", &outlet, &words]));
    let mark = |identity, hash: Option<u64>| hash.map(|hash| Mark { identity, hash });
    let all =
        [mark(Identity::Address, address), mark(Identity::Guid, guid), mark(Identity::Headline, headline)];
    all.into_iter().flatten().collect()
}

/// The hashes of what `report` is known by.
pub(crate) fn marks_of(report: &Report) -> Vec<u64> {
    marks(report).iter().map(|mark| mark.hash).collect()
}

/// Who published `report`, as a hash.
pub(crate) fn outlet_hash(report: &Report) -> Option<u64> {
    outlet_of(report).map(|outlet| hash(&["outlet", &outlet]))
}

/// Who published it, for comparing: the outlet in lower case, else the host of the address.
pub(super) fn outlet_of(report: &Report) -> Option<String> {
    let named = report.outlet().map(|outlet| outlet.trim().to_lowercase());
    let host = || Some(canonical_address(report.url()?).split('/').next()?.to_owned());
    named.or_else(host).map(|name| name.strip_prefix("www.").map(str::to_owned).unwrap_or(name))
}

/// The words of `text` by which it is the same but for case, white space, punctuation, quotation marks and Unicode form, with one
/// space between them.
pub(super) fn plain_words(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut push = |c: char| {
        if c.is_alphanumeric() || is_sign(c) || unicode_normalization::char::is_combining_mark(c) {
            plain.extend(c.to_lowercase());
        } else if !matches!(c, '\'' | '’' | '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}')
            && !plain.is_empty()
            && !plain.ends_with(' ')
        {
            plain.push(' ');
        }
    };
    if text.is_ascii() {
        text.chars().for_each(&mut push)
    } else {
        text.nfkc().for_each(&mut push)
    }
    plain.truncate(plain.trim_end().len());
    plain
}

/// Signs that carry meaning of their own.
fn is_sign(c: char) -> bool {
    matches!(c, '%' | '‰' | '$' | '£' | '¥' | '°' | '\u{20a0}'..='\u{20cf}')
}

/// An address in the form in which two that lead to one page are the same: without scheme, `www.`, `m.` and `amp.`, port,
/// fragment, tracking parameters, the ending `/amp` and a closing slash; the host in lower case, parameters in order.
pub fn canonical_address(address: &str) -> String {
    let address = address.trim();
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let rest = rest.split('#').next().unwrap_or(rest);
    let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (host, path) = place.split_once('/').unwrap_or((place, ""));
    let host = host.rsplit('@').next().unwrap_or(host).to_lowercase();
    let host = host.split(':').next().unwrap_or(&host);
    let bare = ["www.", "m.", "mobile.", "amp.", "edition."].iter().find_map(|sub| host.strip_prefix(sub));
    // "m.uk" is a host of its own.
    let host = bare.filter(|bare| bare.contains('.')).unwrap_or(host);
    let mut path = path.trim_end_matches('/');
    let last = path.rsplit('/').next().unwrap_or(path);
    if matches!(last, "amp" | "index.html" | "index.htm" | "index.php") {
        path = path[..path.len() - last.len()].trim_end_matches('/');
    }
    let mut canonical = if path.is_empty() { host.to_owned() } else { format!("{host}/{path}") };
    let mut kept: Vec<&str> = query.split('&').filter(|parameter| !is_tracking(parameter)).collect();
    kept.sort_unstable();
    for (n, parameter) in kept.into_iter().enumerate() {
        canonical.push(if n == 0 { '?' } else { '&' });
        canonical += parameter;
    }
    canonical
}

fn is_tracking(parameter: &str) -> bool {
    let name = parameter.split('=').next().unwrap_or(parameter).to_ascii_lowercase();
    name.is_empty()
        || name.starts_with("utm_")
        || name.starts_with("at_")
        || TRACKING.binary_search(&name.as_str()).is_ok()
}

/// 64 bits of SHA-256 over the parts: two texts of a million collide once in 10^7 windows.
pub(super) fn hash(parts: &[&str]) -> u64 {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part.as_bytes());
    }
    hash.finalize()[..8].iter().fold(0, |bits, &byte| bits << 8 | u64::from(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_lead_to_one_page_are_the_same() {
        assert!(TRACKING.is_sorted());
        for (a, b) in [
            ("https://www.post.example/a/bridge/", "http://post.example/a/bridge?utm_source=x&fbclid=1#top"),
            ("https://m.post.example/a?id=7&page=2&ref=rss", "post.example/a/amp?page=2&id=7"),
            ("https://Post.example:443/index.html", "post.example"),
        ] {
            assert_eq!(canonical_address(a), canonical_address(b));
        }
        for (a, b) in [
            ("post.example/a?id=7", "post.example/a?id=8"),
            ("post.example/a", "post.example/A"),
            ("m.uk/a", "uk/a"),
            ("", "post.example"),
        ] {
            assert_ne!(canonical_address(a), canonical_address(b));
        }
    }

    #[test]
    fn normalised_text_keeps_words_alone() {
        assert_eq!(plain_words("  “It’s  ﬁne,”\u{a0}she\nsaid — TWICE. "), "its fine she said twice");
        assert_eq!(plain_words("'It's fine' she said: twice"), "its fine she said twice");
        assert_eq!(plain_words("Cafe\u{301}"), plain_words("Café"));
        assert_ne!(plain_words("12 died"), plain_words("1 2 died"));
        assert_ne!(plain_words("$5, 3%"), plain_words("€5, 3"));
        assert_eq!(plain_words("—"), "");
    }

    #[test]
    fn short_headlines_and_ids_of_other_outlets_are_no_identity() {
        let report = |outlet: &str, title: &str, id: Option<&str>| {
            let draft = stemma_core::ReportDraft {
                outlet: Some(outlet.into()),
                title: Some(title.into()),
                given_id: id.map(str::to_owned),
                ..Default::default()
            };
            marks(&Report::new(draft, stemma_core::Origin::whole("-")))
        };
        assert!(report("Post", "Morning briefing", None).is_empty());
        assert_eq!(
            report("Post", "Bridge at Lom falls", None),
            report("post ", "Bridge at Lom falls!", None)
        );
        assert_ne!(report("Post", "Bridge at Lom falls", None), report("Sun", "Bridge at Lom falls", None));
        assert_ne!(report("Post", "", Some("7")), report("Sun", "", Some("7")));
    }
}
