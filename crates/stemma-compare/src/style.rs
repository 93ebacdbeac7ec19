//! Differences of style between two wordings that say exactly the same: contractions, spelling, titles, numbers in words.

/// True if `a` and `b` differ in style alone.
pub(crate) fn same_but_for_style(a: &str, b: &str) -> bool {
    let (a, b) = (plain(a), plain(b));
    a == b || a.concat() == b.concat()
}

fn plain(text: &str) -> Vec<String> {
    let text = text.to_lowercase().replace(['’', 'ʼ', '`', '´'], "'");
    text.split(|c: char| !c.is_alphanumeric() && !matches!(c, '\'' | '%' | '$' | '£' | '€'))
        .filter(|word| !word.is_empty())
        .flat_map(|word| expand(word).split(' ').map(spelling).collect::<Vec<_>>())
        .filter(|word| !word.is_empty())
        .fold(Vec::new(), join_number)
}

/// Adds `word` to `words`; "twenty" and "5" become "25".
fn join_number(mut words: Vec<String>, word: String) -> Vec<String> {
    let digit = word.len() == 1 && word.chars().all(|c| c.is_ascii_digit() && c != '0');
    match words.last_mut() {
        Some(tens)
            if digit && tens.len() == 2 && tens.ends_with('0') && tens.starts_with(|c: char| c > '1') =>
        {
            tens.replace_range(1.., &word);
        }
        _ => words.push(word),
    }
    words
}

/// Contractions, titles and numbers in their long form.
fn expand(word: &str) -> String {
    let whole = match word {
        "sen" | "sens" => "senator",
        "rep" | "reps" => "representative",
        "gov" => "governor",
        "gen" => "general",
        "mr" | "mrs" | "ms" | "dr" => "",
        "u" | "s" => word,
        "percent" | "%" => "per cent",
        "ok" | "o.k" => "okay",
        "gonna" => "going to",
        "wanna" => "want to",
        "gotta" => "got to",
        "can't" | "cannot" => "can not",
        "won't" => "will not",
        "shan't" => "shall not",
        "let's" => "let us",
        "'em" => "them",
        _ => "",
    };
    if !whole.is_empty() || matches!(word, "mr" | "mrs" | "ms" | "dr") {
        return whole.to_owned();
    }
    if let Some(n) = NUMBERS.iter().position(|number| *number == word) {
        return n.to_string();
    }
    if let Some(n) = TENS.iter().position(|number| *number == word) {
        return (10 * (n + 2)).to_string();
    }
    for (ending, long) in [
        ("n't", " not"),
        ("'ll", " will"),
        ("'re", " are"),
        ("'ve", " have"),
        ("'m", " am"),
        ("'d", " would"),
        ("'s", " is"),
    ] {
        if let Some(head) = word.strip_suffix(ending).filter(|head| !head.is_empty()) {
            return format!("{head}{long}");
        }
    }
    word.to_owned()
}

/// One spelling for British and American English.
fn spelling(word: &str) -> String {
    let mut word = word
        .replace("isation", "ization")
        .replace("ise", "ize")
        .replace("ising", "izing")
        .replace("yse", "yze");
    for (british, american) in [
        ("ae", "e"),
        ("our", "or"),
        ("ogue", "og"),
        ("ence", "ense"),
        ("tre", "ter"),
        ("mme", "m"),
        ("ll", "l"),
    ] {
        if word.len() > british.len() + 2 {
            word = word.replace(british, american);
        }
    }
    word
}

/// Small numbers, by value.
const NUMBERS: [&str; 13] = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
];

/// Twenty to ninety.
const TENS: [&str; 8] = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

#[cfg(test)]
mod tests {
    use super::same_but_for_style;

    #[test]
    fn style_is_told_from_substance() {
        for (a, b) in [
            ("we're", "we are"),
            ("Sen. Ortiz", "Senator Ortiz"),
            ("ten percent", "10 per cent"),
            ("the colour", "the color"),
            ("organise", "organize"),
            ("cannot", "can't"),
            ("so called", "so-called"),
            ("twenty-five minutes", "25 minutes"),
            ("thirty", "30"),
            ("paediatric", "pediatric"),
        ] {
            assert!(same_but_for_style(a, b), "{a} / {b}");
        }
        for (a, b) in [
            ("will", "would"),
            ("twenty-five", "26"),
            ("his message", "his visit"),
            ("twelve", "13"),
            ("", "not"),
        ] {
            assert!(!same_but_for_style(a, b), "{a} / {b}");
        }
    }
}
