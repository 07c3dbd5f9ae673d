#![no_main]

libfuzzer_sys::fuzz_target!(|submission: &[u8]| {
    let _ = exchange::read_submission(submission);
    let _ = exchange::read_kobo(submission);
});
