use super::*;

fn tensors() -> Vec<NamedTensor> {
    vec![
        NamedTensor {
            name: "stem.weight".into(),
            shape: vec![2, 1, 3],
            values: vec![1.0, -0.5, 0.25, 65_504.0, 0.0, 1e-3],
        },
        NamedTensor {
            name: "head.bias".into(),
            shape: vec![],
            values: vec![0.1],
        },
        NamedTensor {
            name: "none".into(),
            shape: vec![4, 0],
            values: vec![],
        },
    ]
}

/// A file with this body behind magic and version, and the right checksum.
fn file(body: &[u8]) -> Vec<u8> {
    let mut bytes = [&MAGIC[..], &FORMAT_VERSION.to_le_bytes(), body].concat();
    bytes.extend(crc32fast::hash(&bytes).to_le_bytes());
    bytes
}

fn sidecar(weights: &[u8]) -> Sidecar {
    Sidecar {
        format_version: FORMAT_VERSION,
        architecture: "compact".into(),
        config: serde_json::json!({"epochs": 8}),
        folded: true,
        mean: crate::image::MEAN,
        std: crate::image::STD,
        class_names: crate::class::CLASS_NAMES.map(String::from).to_vec(),
        temperature: Temperature {
            photo: 1.2,
            drawing: 0.9,
        },
        confidence: None,
        metrics: [("test_accuracy".to_owned(), 0.94)].into(),
        data_hash: "00".into(),
        validation: Some(ValidationSet::Random { images: 7, seed: 1 }),
        seed: u64::MAX,
        crc32: crc32(weights),
        parameters: 7,
    }
}

#[test]
fn reads_what_it_wrote_in_half_precision() {
    let read = decode(&encode(&tensors())).unwrap();
    for (read, written) in read.iter().zip(tensors()) {
        assert_eq!(
            (&read.name, &read.shape, read.values.len()),
            (&written.name, &written.shape, written.values.len())
        );
        for (read, written) in read.values.iter().zip(written.values) {
            assert!(
                (read - written).abs() <= written.abs() / 2048.0,
                "{read} {written}"
            );
        }
    }
    assert_eq!(read.len(), 3);
    assert_eq!(decode(&encode(&read)).unwrap(), read);
}

#[test]
fn the_layout_is_as_documented() {
    let tensor = NamedTensor {
        name: "ab".into(),
        shape: vec![1, 2],
        values: vec![1.0, -2.0],
    };
    let body = b"\x01\0\0\0\x02\0ab\x02\x01\0\0\0\x02\0\0\0\x01\x00\x3c\x00\xc0";
    assert_eq!(encode(&[tensor]), file(body));
}

#[test]
fn eight_bits_do_not_hide_nan() {
    let matrix = NamedTensor {
        name: "ab".into(),
        shape: vec![2, 1],
        values: vec![f32::NAN, 1.0],
    };
    assert!(!are_finite(std::slice::from_ref(&matrix)));
    let refused = decode(&encode_8bit(&[matrix]));
    assert!(matches!(refused, Err(WeightsError::NotFinite { .. })));
}

#[test]
fn eight_bits_are_as_near_as_they_can_be() {
    let matrix = NamedTensor {
        name: "ab".into(),
        shape: vec![2, 2],
        values: vec![1.27, 0.0, -0.504, 0.0],
    };
    let bytes = encode_8bit(&[matrix]);
    // 0.01 and 0 in half precision, then 127, 0, -50, 0.
    let body = b"\x01\0\0\0\x02\0ab\x02\x02\0\0\0\x02\0\0\0\x02\x1f\x21\0\0\x7f\0\xce\0";
    assert_eq!(bytes, file(body));
    let read = decode(&bytes).unwrap();
    for (value, expected) in read[0].values.iter().zip([1.27, 0.0, -0.504, 0.0]) {
        assert!(
            (value - expected).abs() <= 1.27 / 254.0,
            "{value} {expected}"
        );
    }
    assert_eq!(encode_8bit(&read), bytes);
}

#[test]
fn every_flipped_bit_is_noticed() {
    for bytes in [encode(&tensors()), encode_8bit(&tensors())] {
        notices_flipped_bits(bytes);
    }
}

fn notices_flipped_bits(mut bytes: Vec<u8>) {
    for index in 0..bytes.len() {
        for bit in 0..8 {
            bytes[index] ^= 1 << bit;
            assert!(decode(&bytes).is_err(), "bit {bit} of byte {index}");
            bytes[index] ^= 1 << bit;
        }
    }
}

#[test]
fn every_truncation_is_noticed() {
    for bytes in [encode(&tensors()), encode_8bit(&tensors())] {
        for length in 0..bytes.len() {
            assert!(decode(&bytes[..length]).is_err(), "{length} bytes");
        }
    }
}

#[test]
fn says_what_is_wrong() {
    let check = |bytes: &[u8], expected: WeightsError| assert_eq!(decode(bytes), Err(expected));
    check(b"WARD", WeightsError::Truncated { found: 4 });
    check(b"PK\x03\x04 a zip file", WeightsError::BadMagic);
    check(
        b"WARDROBE\x03\0\0\0crc?",
        WeightsError::UnknownVersion { found: 3 },
    );
    check(
        &file(b"\0\0\0\0\0"),
        WeightsError::TrailingBytes { found: 1 },
    );
    check(&file(b"\x01\0\0\0\x01\0\xff\0\x01"), WeightsError::BadName);
    // Type 3 is none, and type 2 is for matrices.
    for found in [2, 3] {
        check(
            &file(&[1, 0, 0, 0, 1, 0, b'a', 0, found]),
            WeightsError::UnknownValueType {
                name: "a".into(),
                found,
            },
        );
    }
    check(
        &file(b"\x01\0\0\0\x01\0a\0\x01\x00\x7c"),
        WeightsError::NotFinite { name: "a".into() },
    );
}

#[test]
fn lying_lengths_are_refused_without_allocating() {
    let huge_count = file(b"\xff\xff\xff\xff");
    let huge_name = file(b"\x01\0\0\0\xff\xffa");
    let huge_shape = file(b"\x01\0\0\0\x01\0a\x02\xff\xff\xff\xff\xff\xff\xff\x7f\x01");
    let overflowing_shape =
        file(b"\x01\0\0\0\x01\0a\x03\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01");
    for bytes in [huge_count, huge_name, huge_shape, overflowing_shape] {
        assert_eq!(
            decode(&bytes),
            Err(WeightsError::Truncated { found: bytes.len() })
        );
    }
}

#[test]
fn sidecar_survives_json() {
    let weights = encode(&tensors());
    let json = serde_json::to_string_pretty(&sidecar(&weights)).unwrap();
    let read = Sidecar::parse(&json).unwrap();
    assert_eq!(read, sidecar(&weights));
    assert_eq!(read.check(&weights), Ok(()));
}

#[test]
fn sidecar_refuses_what_does_not_fit() {
    let weights = encode(&tensors());
    let check = |change: fn(&mut Sidecar), expected: &str| {
        let mut sidecar = sidecar(&weights);
        change(&mut sidecar);
        let message = sidecar.check(&weights).unwrap_err().to_string();
        assert!(message.contains(expected), "{message}");
    };
    check(|sidecar| sidecar.format_version = 3, "version 3");
    check(|sidecar| sidecar.crc32 ^= 1, "checksum");
    check(|sidecar| sidecar.class_names.swap(0, 1), "class names");
    check(|sidecar| sidecar.mean = 0.5, "mean 0.5, but it is 0.286");
    check(|sidecar| sidecar.std = f32::NAN, "standard deviation");
    check(
        |sidecar| sidecar.temperature.drawing = 0.0,
        "temperature 0.0",
    );
    assert!(matches!(
        Sidecar::parse("{"),
        Err(WeightsError::BadSidecar { .. })
    ));
    assert!(matches!(
        Sidecar::parse(r#"{"format_version":1}"#),
        Err(WeightsError::BadSidecar { .. })
    ));
    let future = Sidecar::parse(r#"{"format_version":2}"#);
    assert_eq!(future, Err(WeightsError::UnknownVersion { found: 2 }));
}

#[test]
fn one_file_holds_weights_and_sidecar_and_every_damage_is_noticed() {
    let weights = encode(&tensors());
    let json = serde_json::to_string(&sidecar(&weights)).unwrap();
    let mut file = bundle(&weights, &json);
    assert_eq!(unbundle(&file), Ok(Some((&weights[..], json.as_str()))));
    assert_eq!(unbundle(&weights), Ok(None), "weights alone");
    assert_eq!(unbundle(b"PK\x03\x04"), Ok(None));
    let head = MAGIC.len() + 4;
    for length in head..file.len() {
        assert!(unbundle(&file[..length]).is_err(), "{length} bytes");
    }
    for index in head..file.len() {
        file[index] ^= 1;
        assert!(unbundle(&file).is_err(), "byte {index}");
        file[index] ^= 1;
    }
    let mut lying = bundle(&weights, &json);
    lying[head..head + 4].copy_from_slice(&u32::MAX.to_le_bytes());
    let end = lying.len() - CRC_BYTES;
    let crc = crc32(&lying);
    lying[end..].copy_from_slice(&crc.to_le_bytes());
    let found = lying.len();
    assert_eq!(unbundle(&lying), Err(WeightsError::Truncated { found }));
}

#[test]
fn a_validation_set_includes_fewer_images_of_the_same_seed() {
    let random = |images, seed| ValidationSet::Random { images, seed };
    assert!(random(9, 1).includes(random(9, 1)) && random(9, 1).includes(random(3, 1)));
    assert!(!random(9, 1).includes(random(10, 1)) && !random(9, 1).includes(random(3, 2)));
    let fold = ValidationSet::Fold { number: 0, of: 2 };
    assert!(!fold.includes(random(1, 1)) && !random(9, 1).includes(fold));
    assert!(!ValidationSet::Empty.includes(random(1, 1)));
    // What `includes` relies on.
    let held = |images| crate::published::held_out_indices(50, images, 3);
    assert!(held(5).iter().zip(held(20)).all(|(few, many)| many || !few));
}
