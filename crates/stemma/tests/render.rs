//! What a person sees of a comparison made by hand.

mod common;

use stemma::render::{self, TextOptions};

#[test]
fn text() {
    let (story, comparison) = common::fixture();
    insta::assert_snapshot!(render::text(&story, &comparison, &TextOptions::default()));
}

#[test]
fn markdown() {
    let (story, comparison) = common::fixture();
    insta::assert_snapshot!(render::markdown(&story, &comparison, false));
}
