# What one does here: `just` lists it. Needs https://just.systems.

# Where the gold data lies; see docs/method.md.
data := "../shared/data"

_list:
    @just --list --unsorted

# Run all checks, as CI does: format, clippy, documentation, dependencies, tests
check:
    .ci/run

# Run the tests of one crate: `just test stemma-annotate times`
test crate *filter:
    cargo test -p {{crate}} {{filter}}

# Take over changed snapshots, inline and in files, after reading them (needs cargo-insta)
accept *arguments:
    @command -v cargo-insta >/dev/null || { echo "cargo-insta is not installed: cargo install --locked cargo-insta"; exit 2; }
    cargo insta test --review --workspace {{arguments}}

# Measure against gold data, all tasks or one; the outcome of every item goes to eval/
eval task="all":
    #!/usr/bin/env bash
    set -euo pipefail
    tasks="{{task}}"
    if [[ "$tasks" == all ]]; then
        tasks="comparison newsroom pairs entities attributions times parts passages duplicates stories extraction"
    fi
    cargo build --release --locked --quiet -p stemma-app
    mkdir -p eval
    for task in $tasks; do
        target/release/stemma eval "$task" --data {{data}} --items "eval/$task.csv"
    done

# Run the benchmarks, all or those whose name holds `filter`
bench *filter:
    cargo bench --locked -p stemma-annotate -p stemma-group -p stemma-compare -p stemma -- {{filter}}

# Compare the reports of an example story, or others: `just compare a.txt b.txt`
compare *files="examples/summit":
    cargo run --release --locked --quiet -p stemma-app -- compare {{files}}
