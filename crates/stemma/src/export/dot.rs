//! Lineage in the DOT language of Graphviz.
//!
//! One directed graph with a cluster for each story; witnesses share a color scheme's number, texts that are not among the
//! reports are dashed. All ids and values are quoted strings, in which `\` and `"` are escaped, so that no report can bring
//! markup: Graphviz reads neither HTML nor its own escapes (`\N`) in them.

use std::fmt::Write as _;

use super::Subject;
use super::lineage::{Line, Node, graph};

/// Characters of a label's line; longer words are cut.
const LABEL_CHARS: usize = 80;

/// Colors of Brewer's `set312`; more witnesses than colors begin anew.
const N_COLORS: usize = 12;

/// The lineage of all stories as one graph.
pub fn dot(subjects: &[Subject]) -> String {
    let (nodes, lines) = graph(subjects);
    let mut out = String::from(
        "digraph lineage {\n  rankdir=\"LR\";\n  node [shape=\"box\", style=\"filled\", colorscheme=\"set312\"];\n",
    );
    for (n, subject) in subjects.iter().enumerate() {
        let label = subject.label.as_deref().unwrap_or_default();
        push(&mut out, format_args!("  subgraph \"cluster_{n}\" {{\n    label={};\n", quoted(label)));
        let of_subject = |other: &Subject| std::ptr::eq(other, subject);
        nodes.iter().filter(|node| of_subject(node.subject)).for_each(|node| write_node(&mut out, node));
        out += "  }\n";
    }
    lines.iter().for_each(|line| write_edge(&mut out, line));
    out + "}\n"
}

fn write_node(out: &mut String, node: &Node<'_>) {
    let id = quoted(&node.id);
    match node.report {
        Some(report) => {
            let date = report.published.as_deref().map(|date| format!("\n{date}")).unwrap_or_default();
            let label = quoted(&format!("{} {}{date}", node.letter, short(&node.name)));
            let color = node.witness.map_or(1, |n| (n - 1) % N_COLORS + 1);
            let url = report.url.as_deref().filter(|url| super::is_web_address(url));
            let url = url.map(|url| format!(", URL={}", quoted(url))).unwrap_or_default();
            push(out, format_args!("    {id} [label={label}, fillcolor=\"{color}\"{url}];\n"));
        }
        None => {
            let label = quoted(&format!("{}\n(not among the reports)", short(&node.name)));
            push(out, format_args!("    {id} [label={label}, style=\"dashed\"];\n"));
        }
    }
}

fn write_edge(out: &mut String, line: &Line<'_>) {
    let edge = line.edge;
    let (from, to, tooltip) = (quoted(&line.from), quoted(&line.to), quoted(&edge.reason));
    let credited = if edge.credited { "credited" } else { "not credited" };
    let partly = if edge.partly { ", partly" } else { "" };
    let label = quoted(&format!("{}\n{credited}{partly}\n{}", edge.kind.as_str(), edge.score));
    let style = if edge.credited { "solid" } else { "bold" };
    push(out, format_args!("  {from} -> {to} [label={label}, style=\"{style}\", tooltip={tooltip}];\n"));
}

fn short(text: &str) -> String {
    match text.char_indices().nth(LABEL_CHARS) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

fn push(out: &mut String, text: std::fmt::Arguments<'_>) {
    out.write_fmt(text).expect("writing to a string cannot fail");
}

/// A quoted string. Line breaks become `\n`, which centers; other control characters U+FFFD.
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out += "\\\"",
            '\\' => out += "\\\\",
            '\n' => out += "\\n",
            '\r' => {}
            '\t' => out.push(' '),
            // Graphviz resolves entities of HTML in every label.
            '&' => out += "&amp;",
            c if c.is_control() => out.push(char::REPLACEMENT_CHARACTER),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::super::testing;
    use super::*;

    /// Tokens of DOT: quoted strings without their marks, plain words, signs.
    fn tokens(dot: &str) -> Vec<String> {
        let (mut tokens, mut chars) = (Vec::new(), dot.chars().peekable());
        while let Some(c) = chars.next() {
            match c {
                '"' => {
                    let mut token = String::from("\"");
                    loop {
                        match chars.next().expect("a string is closed") {
                            '"' => break,
                            '\\' => token.extend(['\\', chars.next().expect("an escape is whole")]),
                            '\n' | '\0' => panic!("a string runs over a line"),
                            c => token.push(c),
                        }
                    }
                    tokens.push(token);
                }
                '-' => {
                    assert_eq!(chars.next(), Some('>'));
                    tokens.push("->".to_owned());
                }
                '{' | '}' | '[' | ']' | '=' | ';' | ',' => tokens.push(c.to_string()),
                c if c.is_whitespace() => {}
                c => {
                    assert!(c.is_ascii_alphabetic(), "{c:?} outside of a string");
                    let mut word = c.to_string();
                    while let Some(c) = chars.next_if(char::is_ascii_alphanumeric) {
                        word.push(c);
                    }
                    tokens.push(word);
                }
            }
        }
        tokens
    }

    fn is_id(token: &str) -> bool {
        token.starts_with('"') || token.chars().all(|c| c.is_ascii_alphanumeric())
    }

    /// Reads statements up to the closing brace; gives what is left.
    fn statements<'a>(
        mut rest: &'a [String],
        edges: &mut Vec<[String; 2]>,
        nodes: &mut Vec<String>,
    ) -> &'a [String] {
        loop {
            match rest {
                [end, after @ ..] if end == "}" => return after,
                [sub, id, open, inner @ ..] if sub == "subgraph" && open == "{" => {
                    assert!(is_id(id));
                    rest = statements(inner, edges, nodes);
                }
                [key, sign, value, end, after @ ..] if sign == "=" && end == ";" => {
                    assert!(is_id(key) && is_id(value));
                    rest = after;
                }
                [from, arrow, to, after @ ..] if arrow == "->" => {
                    edges.push([from.clone(), to.clone()]);
                    rest = attributes(after);
                }
                [node, after @ ..] => {
                    assert!(is_id(node), "{node}");
                    nodes.push(node.clone());
                    rest = attributes(after);
                }
                [] => panic!("a brace is not closed"),
            }
        }
    }

    fn attributes(rest: &[String]) -> &[String] {
        assert_eq!(rest[0], "[");
        let end = rest.iter().position(|token| token == "]").expect("a bracket is closed");
        for attribute in rest[1..end].split(|token| token == ",") {
            assert!(
                matches!(attribute, [key, sign, value] if is_id(key) && sign == "=" && is_id(value)),
                "{attribute:?}"
            );
        }
        assert_eq!(rest[end + 1], ";");
        &rest[end + 2..]
    }

    #[test]
    fn a_story_as_a_graph() {
        insta::assert_snapshot!(dot(&[testing::example("summit")]));
    }

    #[test]
    fn what_is_put_out_keeps_to_the_grammar() {
        let text = dot(&[testing::hostile(), testing::example("results")]);
        let tokens = tokens(&text);
        assert_eq!(tokens[..3], ["digraph", "lineage", "{"]);
        let (mut edges, mut nodes) = (Vec::new(), Vec::new());
        assert_eq!(statements(&tokens[3..], &mut edges, &mut nodes), [""; 0]);
        assert!(!edges.is_empty());
        assert!(edges.iter().flatten().all(|end| nodes.contains(end)));
        assert_eq!(text.matches("calc").count(), 1, "{text}");
    }

    #[test]
    fn strings_cannot_end_early() {
        assert_eq!(quoted("a\"b\\\nc\u{1b}\r\n\\N <b>&lt;"), r#""a\"b\\\nc�\n\\N <b>&amp;lt;""#);
    }
}
