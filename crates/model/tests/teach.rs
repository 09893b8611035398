//! Teaching a small net: it learns, it can be taken up again, and only the chosen layers change.
#![cfg(feature = "train")]

use burn::tensor::read_sync;
use model::{
    image::Image,
    metrics::ConfusionMatrix,
    net::{Architecture, Model, Net, batch_tensor, cpu_device},
    teach::{
        Example, Labelled, Layers, Optimiser, Originals, Session, Settings, TeachError, measure,
        sidecar_after, sidecar_from_scratch,
    },
    weights::{self, NamedTensor},
};

fn net() -> Model {
    Architecture::Mlp.config().init(3, &cpu_device())
}

/// Ten pictures that are easy to tell apart: a bright row each.
fn examples() -> Vec<Example> {
    let example = |label: u8| {
        let mut image = Image::blank();
        image.0[usize::from(label) * 56 + 56..][..28].fill(255);
        Example {
            image,
            strokes: Vec::new(),
            label,
        }
    };
    (0..10).map(example).collect()
}

fn settings() -> Settings {
    Settings {
        layers: Layers::All,
        steps: 12,
        augment: false,
        learning_rate: 3e-3,
        ..Settings::default()
    }
}

fn begin(settings: Settings) -> Session {
    Session::new(
        &net(),
        settings,
        examples(),
        Originals::default(),
        &cpu_device(),
    )
    .expect("a net that can be taught")
}

fn run(session: &mut Session, steps: usize) {
    for _ in 0..steps {
        read_sync(session.step()).expect("a net that can be taught");
    }
}

fn tensors(model: &Model) -> Vec<NamedTensor> {
    read_sync(model.to_tensors()).expect("a net that can be taught")
}

#[test]
fn the_loss_falls_with_either_optimiser() {
    for (optimiser, learning_rate) in [(Optimiser::AdamW, 3e-3), (Optimiser::Sgd, 0.02)] {
        let mut session = begin(Settings {
            optimiser,
            learning_rate,
            ..settings()
        });
        run(&mut session, 12);
        assert!(session.is_done());
        let history = session.history();
        assert!(
            history[11].loss < 0.8 * history[0].loss,
            "{optimiser:?}: {history:?}"
        );
        assert!(
            history[11].right > history[0].right,
            "{optimiser:?}: {history:?}"
        );
    }
}

#[test]
fn a_session_taken_up_again_reaches_the_same_net() {
    let mut whole = begin(settings());
    run(&mut whole, 12);
    let mut first = begin(settings());
    run(&mut first, 5);
    let bytes = read_sync(first.to_bytes()).unwrap();
    let again = |bytes: &[u8]| begin(settings()).resumed(bytes);
    let mut second = again(&bytes).unwrap();
    run(&mut second, 7);
    assert_eq!(second.history(), whole.history());
    assert_eq!(tensors(&second.net()), tensors(&whole.net()));
    let damaged = again(&bytes[..bytes.len() / 2]).err();
    assert!(
        matches!(damaged, Some(TeachError::BadCheckpoint { .. })),
        "{damaged:?}"
    );
    let other = Settings {
        steps: 13,
        ..settings()
    };
    let other = begin(other).resumed(&bytes).err();
    assert!(
        matches!(other, Some(TeachError::BadCheckpoint { .. })),
        "{other:?}"
    );
}

#[test]
fn only_the_chosen_layers_change() {
    let mut session = begin(Settings {
        layers: Layers::Head,
        strength: 1.0,
        ..settings()
    });
    run(&mut session, 2);
    for (before, after) in tensors(&net()).iter().zip(tensors(&session.net())) {
        assert_eq!(
            *before != after,
            before.name.starts_with("head."),
            "{}",
            before.name
        );
    }
}

#[test]
fn strength_chooses_a_net_between_before_and_after() {
    let value = |strength| {
        let mut session = begin(Settings {
            strength,
            ..settings()
        });
        run(&mut session, 3);
        tensors(&session.net())[0].values[0]
    };
    let (before, half, after) = (tensors(&net())[0].values[0], value(0.5), value(1.0));
    assert!(
        (half - (before + after) / 2.0).abs() < 1e-6,
        "{before} {half} {after}"
    );
    assert_ne!(before, after);
}

#[test]
fn what_makes_no_sense_is_said() {
    let sentence = |settings, examples| {
        let session = Session::new(
            &net(),
            settings,
            examples,
            Originals::default(),
            &cpu_device(),
        );
        session.err().unwrap().to_string()
    };
    assert!(sentence(settings(), Vec::new()).contains("nothing to learn"));
    assert!(
        sentence(
            Settings {
                steps: 0,
                ..settings()
            },
            examples()
        )
        .contains("steps")
    );
    let broken = tensors(&net()).into_iter().map(|tensor| NamedTensor {
        values: vec![f32::NAN; tensor.values.len()],
        ..tensor
    });
    let broken = net().with_tensors(broken.collect()).unwrap();
    let mut session = Session::new(
        &broken,
        settings(),
        examples(),
        Originals::default(),
        &cpu_device(),
    )
    .unwrap();
    let error = read_sync(session.step()).unwrap_err().to_string();
    assert!(error.contains("smaller learning rate"), "{error}");
}

#[test]
fn weights_that_the_last_step_ruined_are_noticed() {
    let mut session = begin(settings());
    run(&mut session, 12);
    read_sync(session.check_finite(&session.net())).unwrap();
    for odd in [f32::NAN, f32::INFINITY, 7e4] {
        let mut ruined = tensors(&net());
        ruined[1].values[0] = odd;
        let ruined = net().with_tensors(ruined).unwrap();
        let error = read_sync(session.check_finite(&ruined)).unwrap_err();
        assert!(
            matches!(error, TeachError::Diverged { step: 12 }),
            "{error}"
        );
    }
}

#[test]
fn a_damaged_checkpoint_never_panics() {
    let mut session = begin(settings());
    run(&mut session, 2);
    let bytes = read_sync(session.to_bytes()).unwrap();
    // All lengths and numbers of moments are hit by some of these.
    for place in (0..bytes.len()).step_by(bytes.len() / 97) {
        for flip in [1, 0x80] {
            let mut damaged = bytes.clone();
            damaged[place] ^= flip;
            if let Ok(mut session) = begin(settings()).resumed(&damaged) {
                let _ = read_sync(session.step());
            }
        }
    }
    // The moments of another optimiser, whose settings are one byte away.
    let sgd = Settings {
        optimiser: Optimiser::Sgd,
        ..settings()
    };
    let of_sgd = read_sync(begin(sgd.clone()).to_bytes()).unwrap();
    let of_adam = read_sync(begin(settings()).to_bytes()).unwrap();
    let place = (0..of_sgd.len())
        .find(|&i| of_sgd[i] != of_adam[i])
        .unwrap();
    let mut mixed = bytes;
    mixed[place] = of_sgd[place];
    let refused = begin(sgd).resumed(&mixed).err();
    assert!(
        matches!(refused, Some(TeachError::BadCheckpoint { .. })),
        "{refused:?}"
    );
}

/// Photos that are easy to tell apart, three of each class.
fn photos() -> Labelled {
    let rows = examples().into_iter().cycle().take(30);
    rows.map(|example| (example.image, example.label)).collect()
}

fn begin_from_scratch(architecture: Architecture) -> Session {
    let settings = Settings {
        batch_size: 10,
        steps: 6,
        ..Settings::from_scratch(architecture)
    };
    Session::from_scratch(settings, photos(), &cpu_device()).expect("a net that can be trained")
}

#[test]
fn a_net_from_scratch_learns_goes_on_from_a_checkpoint_and_can_be_loaded() {
    for architecture in [Architecture::Mlp, Architecture::Compact] {
        let mut whole = begin_from_scratch(architecture);
        run(&mut whole, 6);
        let history = whole.history();
        assert!(
            history[5].loss < 0.8 * history[0].loss,
            "{architecture}: {history:?}"
        );
        let mut first = begin_from_scratch(architecture);
        run(&mut first, 2);
        let bytes = read_sync(first.to_bytes()).unwrap();
        let mut second = begin_from_scratch(architecture).resumed(&bytes).unwrap();
        run(&mut second, 4);
        let tensors = tensors(&whole.net());
        assert_eq!(self::tensors(&second.net()), tensors, "{architecture}");

        let weights = weights::encode(&tensors);
        let sidecar = sidecar_from_scratch(&tensors, &weights, whole.settings()).unwrap();
        let loaded = Net::from_weights(&weights, &sidecar, &cpu_device()).unwrap();
        let logits = loaded.logits_blocking(&photos().images()[..10]).unwrap();
        let direct = whole
            .net()
            .forward(batch_tensor(&photos().images()[..10], &cpu_device()));
        let direct: Vec<f32> = direct.0.into_data().iter::<f32>().collect();
        for (a, b) in logits.as_flattened().iter().zip(&direct) {
            assert!((a - b).abs() < 0.02, "{architecture}: {a} {b}");
        }
    }
}

/// What the logits of a model from its files say, image by image.
fn confusion(net: &Net, images: &Labelled) -> ConfusionMatrix {
    let logits = net.logits_blocking(images.images()).expect("logits");
    let mut confusion = ConfusionMatrix::new();
    for (row, &label) in logits.iter().zip(images.labels()) {
        let best = (0..10).max_by(|&a, &b| row[a].total_cmp(&row[b]));
        confusion.add(usize::from(label), best.expect("ten logits"));
    }
    confusion
}

#[test]
fn every_architecture_is_measured_fine_tuned_and_from_scratch_in_training_and_from_its_files() {
    let photos = photos();
    for architecture in Architecture::ALL {
        let mut scratch = begin_from_scratch(architecture);
        run(&mut scratch, 2);
        let tensors = tensors(&scratch.net());
        let weights = weights::encode(&tensors);
        let sidecar = sidecar_from_scratch(&tensors, &weights, scratch.settings()).unwrap();
        let pretrained = scratch.net();
        let mut tuned = Session::new(
            &pretrained,
            settings(),
            examples(),
            Originals::default(),
            &cpu_device(),
        )
        .unwrap();
        run(&mut tuned, 2);
        for session in [scratch, tuned] {
            let weights = weights::encode(&self::tensors(&session.net()));
            let sidecar = sidecar_after(&sidecar, &weights, session.settings());
            let net = Net::from_weights(&weights, &sidecar, &cpu_device()).unwrap();
            let expected = confusion(&net, &photos);
            let measured = read_sync(measure(net.model(), &photos, &cpu_device())).unwrap();
            assert_eq!(measured.counts(), expected.counts(), "{architecture}");
            let in_training = session.net().prepared();
            let measured = read_sync(measure(&in_training, &photos, &cpu_device())).unwrap();
            assert_eq!(measured.total(), photos.len() as u64, "{architecture}");
        }
    }
}
