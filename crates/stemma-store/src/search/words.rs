//! Words as the index has them, but for their endings: in lower case, without accents, what is no letter or digit divides.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Calls `each` with every word of `text`, in order.
pub(crate) fn each_word(text: &str, mut each: impl FnMut(&str)) {
    let mut folded = String::new();
    for word in text.split(|c: char| !is_inside(c)).filter(|word| !word.is_empty()) {
        folded.clear();
        if word.is_ascii() {
            folded.push_str(word);
            folded.make_ascii_lowercase();
        } else {
            folded.extend(word.nfd().filter(|&c| !is_combining_mark(c)).flat_map(char::to_lowercase));
        }
        if !folded.is_empty() {
            each(&folded);
        }
    }
}

/// The words of `text`, in order.
pub(crate) fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    each_word(text, |word| words.push(word.to_owned()));
    words
}

fn is_inside(c: char) -> bool {
    c.is_alphanumeric() || (!c.is_ascii() && is_combining_mark(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_folded() {
        assert_eq!(
            words("“Žukauskienė’s” CO-operation, 2,140 e\u{301}t\u{e9}s… Ünë"),
            ["zukauskiene", "s", "co", "operation", "2", "140", "etes", "une"]
        );
        assert_eq!(words(" — \u{301}"), [""; 0]);
    }
}
