use std::fs::OpenOptions;

use super::*;

fn photo() -> (PhotoId, Vec<u8>) {
    let mut bytes = io::Cursor::new(Vec::new());
    image::DynamicImage::new_rgb8(40, 30).write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    let bytes = bytes.into_inner();
    (PhotoId(Sha256::digest(&bytes).into()), bytes)
}

#[test]
fn a_photo_comes_in_parts_that_begin_where_the_last_one_ended() {
    let folder = tempfile::tempdir().unwrap();
    let photos = Photos::beside(&folder.path().join("a.gpkg"));
    let (id, bytes) = photo();
    let total = bytes.len() as u64;
    assert_eq!(photos.standing(id).unwrap(), Standing::Missing);
    assert_eq!(photos.append(id, 0, total, &bytes[..10]).unwrap(), Standing::Part(10));
    for wrong in [0, 9, 11] {
        assert!(matches!(photos.append(id, wrong, total, &bytes[..1]), Err(PhotoError::Offset(10))));
    }
    assert!(matches!(photos.append(id, 10, total, &[0; 500]), Err(PhotoError::TooLarge)));
    assert_eq!(photos.view(id, false).unwrap(), None);
    // Continue in another process.
    let photos = Photos::beside(&folder.path().join("a.gpkg"));
    assert_eq!(photos.append(id, 10, total, &bytes[10..]).unwrap(), Standing::Whole(total));
    assert_eq!(photos.append(id, 0, total, &bytes).unwrap(), Standing::Whole(total));
    assert!(photos.view(id, true).unwrap().is_some());
    assert_eq!(photos.facts(id).unwrap().width, 40);
    assert_eq!(fs::read(photos.path(id, "")).unwrap(), bytes);
}

/// A photo with three acknowledged parts, and all its bytes.
fn in_parts(photos: &Photos) -> (PhotoId, Vec<u8>) {
    let (id, bytes) = photo();
    for part in [0..10, 10..30, 30..40] {
        let from = part.start as u64;
        photos.append(id, from, bytes.len() as u64, &bytes[part]).unwrap();
    }
    (id, bytes)
}

#[test]
fn what_a_power_cut_leaves_behind_the_acknowledged_bytes_counts_for_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let photos = Photos::beside(&folder.path().join("a.gpkg"));
    let (id, bytes) = in_parts(&photos);
    let mut part = OpenOptions::new().append(true).open(photos.path(id, ".part")).unwrap();
    part.write_all(&[0; 8192]).unwrap();
    assert_eq!(photos.standing(id).unwrap(), Standing::Part(40));
    let total = bytes.len() as u64;
    assert!(matches!(photos.append(id, 40 + 8192, total, b"x"), Err(PhotoError::Offset(40))));
    assert_eq!(photos.append(id, 40, total, &bytes[40..]).unwrap(), Standing::Whole(total));
    assert_eq!(fs::read(photos.path(id, "")).unwrap(), bytes);
    assert!(!photos.path(id, ".acknowledged").exists());
    // A first part that was never acknowledged.
    fs::remove_file(photos.path(id, "")).unwrap();
    fs::write(photos.path(id, ".part"), &bytes[..20]).unwrap();
    assert_eq!(photos.standing(id).unwrap(), Standing::Missing);
    assert_eq!(photos.append(id, 0, total, &bytes).unwrap(), Standing::Whole(total));
}

#[test]
fn damage_to_what_was_acknowledged_is_never_its_senders_fault() {
    let total = photo().1.len() as u64;
    for (at, sound) in [(0, 0), (12, 10), (35, 30)] {
        let folder = tempfile::tempdir().unwrap();
        let photos = Photos::beside(&folder.path().join("a.gpkg"));
        let (id, bytes) = in_parts(&photos);
        let mut kept = fs::read(photos.path(id, ".part")).unwrap();
        kept[at] ^= 1;
        fs::write(photos.path(id, ".part"), &kept).unwrap();
        let told = photos.append(id, 40, total, &bytes[40..]).unwrap_err();
        assert!(matches!(told, PhotoError::Offset(from) if from == sound), "{at}: {told}");
        let rest = &bytes[usize::try_from(sound).unwrap()..];
        assert_eq!(photos.append(id, sound, total, rest).unwrap(), Standing::Whole(total));
    }
    let folder = tempfile::tempdir().unwrap();
    let photos = Photos::beside(&folder.path().join("a.gpkg"));
    let (id, bytes) = in_parts(&photos);
    // Truncate within the second part.
    let part = OpenOptions::new().write(true).open(photos.path(id, ".part")).unwrap();
    part.set_len(20).unwrap();
    assert_eq!(photos.standing(id).unwrap(), Standing::Part(10));
    assert_eq!(photos.keep(&bytes).unwrap(), id);
}

#[test]
fn a_whole_photo_that_was_cut_is_not_taken_for_one_and_comes_again() {
    let folder = tempfile::tempdir().unwrap();
    let photos = Photos::beside(&folder.path().join("a.gpkg"));
    let (id, bytes) = photo();
    photos.keep(&bytes).unwrap();
    let whole = OpenOptions::new().write(true).open(photos.path(id, "")).unwrap();
    whole.set_len(0).unwrap();
    assert_eq!(photos.confirmed(id).unwrap(), Standing::Missing);
    assert!(photos.path(id, ".damaged").exists());
    photos.keep(&bytes).unwrap();
    assert_eq!(photos.confirmed(id).unwrap(), Standing::Whole(bytes.len() as u64));
}

#[test]
fn a_photo_that_came_as_a_whole_is_kept_whatever_others_sent_under_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let photos = Photos::beside(&folder.path().join("a.gpkg"));
    let (id, bytes) = photo();
    photos.append(id, 0, bytes.len() as u64, b"something else").unwrap();
    assert_eq!(photos.keep(&bytes).unwrap(), id);
    assert_eq!(fs::read(photos.path(id, "")).unwrap(), bytes);
}

#[test]
fn bytes_of_another_photo_and_what_is_no_photo_are_refused_and_gone() {
    let folder = tempfile::tempdir().unwrap();
    let photos = Photos::beside(&folder.path().join("a.gpkg"));
    let (id, bytes) = photo();
    assert_eq!(PhotoId::of(&bytes), id);
    assert!(matches!(photos.append(id, 0, 3, b"abc"), Err(PhotoError::Refused(_))));
    assert_eq!(photos.standing(id).unwrap(), Standing::Missing);
    let text = PhotoId(Sha256::digest(b"no photo").into());
    assert!(matches!(photos.append(text, 0, 8, b"no photo"), Err(PhotoError::Refused(_))));
    assert!(matches!(photos.append(text, 0, MOST_BYTES + 1, b"n"), Err(PhotoError::TooLarge)));
}

#[test]
fn a_name_is_a_hash_and_nothing_else() {
    let (id, _) = photo();
    assert!(id.to_string().parse::<PhotoId>().is_ok());
    for bad in ["", "..", "../../etc/passwd", &"A".repeat(64), &"a".repeat(63)] {
        assert!(bad.parse::<PhotoId>().is_err(), "{bad}");
    }
}
