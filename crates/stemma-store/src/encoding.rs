//! How bytes and layers are packed.
//!
//! Every packed value stands beside the name of its encoding, so that another one can come later: `plain`, `zstd` (with a
//! checksum), `json`, `json-zstd`, and `layers-1` for layers: postcard, then zstd. Chosen on 191 reports of 3,510 bytes: JSON of
//! their layers has 60 kB and packs to 7.7 kB in 0.65 ms, `layers-1` has 5.4 kB in 0.12 ms and is read five times as fast.

use stemma_core::Layers;

use crate::StoreError;

/// Level of zstd: layers and lines hardly get smaller above it (5.4 kB and 5.3 kB, 2.04 kB and 2.02 kB).
const LEVEL: i32 = 1;

/// Most bytes that a packed value may have when it is unpacked; what says that it is larger is damaged.
const MAX_UNPACKED_BYTES: u64 = 2 << 30;

/// The name of the present encoding of layers. It gets another number when a type in [`Layers`] changes its shape: what was
/// kept under the old one is then made anew. A test keeps an eye on that.
pub(crate) const LAYERS: &str = "layers-1";

/// A value with the name of its encoding.
pub(crate) struct Packed {
    pub(crate) encoding: &'static str,
    pub(crate) bytes: Vec<u8>,
}

fn pack(bytes: &[u8]) -> Vec<u8> {
    let mut packer = zstd::bulk::Compressor::new(LEVEL).expect("the level is one that zstd has");
    packer.include_checksum(true).expect("zstd can write checksums");
    packer.compress(bytes).expect("the buffer is as large as zstd asks for")
}

fn unpack(what: &dyn Fn() -> String, bytes: &[u8]) -> Result<Vec<u8>, StoreError> {
    let damaged = |problem: String| StoreError::damaged(what(), problem);
    let n_bytes = zstd::zstd_safe::get_frame_content_size(bytes).ok().flatten();
    let n_bytes = n_bytes.filter(|&n_bytes| n_bytes <= MAX_UNPACKED_BYTES);
    let n_bytes = n_bytes.ok_or_else(|| damaged("it does not begin as packed bytes do".to_owned()))?;
    // The frame says how long it is; a wrong number must not ask for memory that the bytes cannot fill.
    let capacity = usize::try_from(n_bytes).map_err(|error| damaged(error.to_string()))?;
    let mut reader = zstd::stream::read::Decoder::new(bytes).map_err(|error| damaged(error.to_string()))?;
    let mut unpacked = Vec::with_capacity(capacity.min(bytes.len().saturating_mul(64)));
    std::io::Read::read_to_end(&mut reader, &mut unpacked).map_err(|error| damaged(error.to_string()))?;
    Ok(unpacked)
}

/// `bytes`, packed where that makes them smaller.
pub(crate) fn pack_bytes(bytes: &[u8]) -> Packed {
    let packed = pack(bytes);
    match packed.len() < bytes.len() {
        true => Packed { encoding: "zstd", bytes: packed },
        false => Packed { encoding: "plain", bytes: bytes.to_vec() },
    }
}

/// The bytes that [`pack_bytes`] and [`pack_json`] have packed.
pub(crate) fn unpack_bytes(
    what: &dyn Fn() -> String,
    encoding: &str,
    bytes: Vec<u8>,
) -> Result<Vec<u8>, StoreError> {
    match encoding {
        "plain" | "json" => Ok(bytes),
        "zstd" | "json-zstd" => unpack(what, &bytes),
        other => Err(StoreError::damaged(what(), format!("its encoding {other:?} is not known"))),
    }
}

/// `value` as JSON, packed.
pub(crate) fn pack_json(value: &impl serde::Serialize) -> Packed {
    Packed { encoding: "json-zstd", bytes: pack(json(value).as_bytes()) }
}

/// `value` as JSON.
pub(crate) fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).expect("the types of stemma-core have string keys and finite numbers")
}

pub(crate) fn from_json<T: serde::de::DeserializeOwned>(
    what: &dyn Fn() -> String,
    bytes: &[u8],
) -> Result<T, StoreError> {
    serde_json::from_slice(bytes).map_err(|error| StoreError::damaged(what(), error))
}

/// Layers in the present encoding.
pub(crate) fn pack_layers(layers: &Layers) -> Packed {
    let bytes = postcard::to_stdvec(layers).expect("layers are lists, numbers and texts");
    Packed { encoding: LAYERS, bytes: pack(&bytes) }
}

/// The layers that [`pack_layers`] has packed, or those of an earlier schema. `None`: in an encoding of another version.
pub(crate) fn unpack_layers(
    what: &dyn Fn() -> String,
    encoding: &str,
    bytes: &[u8],
) -> Result<Option<Layers>, StoreError> {
    match encoding {
        LAYERS => {
            let bytes = unpack(what, bytes)?;
            postcard::from_bytes(&bytes).map(Some).map_err(|error| StoreError::damaged(what(), error))
        }
        "json" => from_json(what, bytes).map(Some),
        _ => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn what() -> String {
        "a value".to_owned()
    }

    #[test]
    fn bytes_come_back() {
        for bytes in [Vec::new(), b"short".to_vec(), b"long ".repeat(10_000), vec![7; 3_000_000]] {
            let packed = pack_bytes(&bytes);
            assert!(packed.bytes.len() <= bytes.len());
            assert_eq!(unpack_bytes(&what, packed.encoding, packed.bytes).unwrap(), bytes);
        }
    }

    /// The encoding `layers-1` as it was when it was released. If this fails, a type in [`Layers`] has changed its shape: then
    /// [`LAYERS`] needs another number, so that what is stored is made anew and not misread, and this test other files.
    #[test]
    fn the_encoding_of_layers_is_what_its_name_says() {
        let [hex, json] =
            ["hex", "json"].map(|end| format!("{}/tests/schemas/{LAYERS}.{end}", env!("CARGO_MANIFEST_DIR")));
        if std::env::var_os("STEMMA_WRITE_LAYERS").is_some() {
            let text = "SKARVIK, 4 March 2026 (Reuters) - “Some 40 people were hurt,” Mayor Ana Ruiz, 51, told the Post on Tuesday. \
                        Tomas Berg denied that the bridge of Skarvik, which cost €3.5m, may not be safe. “It is.\n\nHe left.";
            let report = stemma_core::Report::of_text(text);
            let document = stemma_annotate::Annotator::load().annotate(std::sync::Arc::new(report));
            let bytes = postcard::to_stdvec(document.layers()).unwrap();
            let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            std::fs::write(&hex, digits + "\n").unwrap();
            std::fs::write(&json, super::json(document.layers()) + "\n").unwrap();
        }
        let digits = std::fs::read_to_string(&hex).unwrap();
        let digits = digits.trim();
        let bytes: Vec<u8> = (0..digits.len() / 2)
            .map(|n| u8::from_str_radix(&digits[2 * n..2 * n + 2], 16).unwrap())
            .collect();
        let layers = unpack_layers(&what, LAYERS, &pack(&bytes)).unwrap().unwrap();
        let told: Layers = from_json(&what, &std::fs::read(&json).unwrap()).unwrap();
        assert_eq!(layers, told);
        assert!(layers.attributions.len() >= 2 && !layers.figures.is_empty() && !layers.credits.is_empty());
        let packed = unpack(&what, &pack_layers(&layers).bytes).unwrap();
        assert_eq!(packed, bytes);
    }

    #[test]
    fn damage_is_told_and_takes_no_memory() {
        let packed = pack_bytes(&b"long ".repeat(1000)).bytes;
        for n in 0..packed.len() {
            let mut damaged = packed.clone();
            damaged[n] ^= 0x55;
            assert!(unpack_bytes(&what, "zstd", damaged).is_err(), "byte {n}");
            assert!(unpack_bytes(&what, "zstd", packed[..n].to_vec()).is_err(), "{n} bytes");
        }
        assert!(unpack_bytes(&what, "rot13", packed).is_err());
    }
}
