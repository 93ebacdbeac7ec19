use std::path::Path;
fn main() {
    for p in std::env::args().skip(1) {
        let e = stemma_eval::times::evaluate(Path::new(&p)).unwrap();
        print!("{}", e.to_text());
    }
}
