//! JSON Schemas of what the program prints, generated from the types. They stand in `schema/` of the repository.

use schemars::{Schema, generate::SchemaSettings};

/// Schema of `stemma compare --json`, one object.
pub fn compare_schema() -> Schema {
    SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<super::Comparison>()
}

/// Schema of one line of `stemma annotate --json`.
pub fn annotate_schema() -> Schema {
    SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<super::AnnotatedReport>()
}

/// Schema of `stemma explain --json`, one object.
pub fn explain_schema() -> Schema {
    SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<super::Explanation>()
}

/// Schema of one line of `stemma versions --json`.
pub fn versions_schema() -> Schema {
    SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<super::Versions>()
}

/// Schema of one line of `stemma duplicates --json`.
pub fn duplicates_schema() -> Schema {
    SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<super::DuplicatePair>()
}

/// Schema of one line of `stemma stories --json`.
pub fn stories_schema() -> Schema {
    SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<super::Story>()
}

/// Schema of one line of `stemma stories --watch --json`.
pub fn arrivals_schema() -> Schema {
    SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<super::Arrival>()
}
