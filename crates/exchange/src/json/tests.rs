//! Tests the reader with invalid texts, and against another reader.

use proptest::prelude::*;

use super::{Cursor, Fault, Json, compact};

fn read(text: &str) -> Result<Json<'_>, Fault> {
    let mut cursor = Cursor::new(text);
    let value = cursor.value()?;
    cursor.finish()?;
    Ok(value)
}

fn check(text: &str, reason: &str) {
    let fault = read(text).unwrap_err();
    assert_eq!(format!("{} {:?} {}", fault.field, fault.value, fault.reason), reason, "{text}");
}

#[test]
fn what_is_no_json_is_refused_with_its_place() {
    check("NaN", r#" "NaN" is not JSON: a value was expected at byte 1"#);
    check("", r#" "" is not JSON: it ends where a value was expected"#);
    check("01", r#" "01" is not JSON: a number was expected at byte 1"#);
    check("[1,]", r#" "]" is not JSON: a value was expected at byte 4"#);
    check("{\"a\":1", r#" "" is not JSON: it ends where a comma or } was expected"#);
    check("{a:1}", r#" "a:1}" is not JSON: a key in double quotes was expected at byte 2"#);
    check(r#"{"a":"\x"}"#, r#"a "\\x\"}" is not JSON: an escape sequence was expected at byte 7"#);
    check(r#"{"a":"\ud800x"}"#, r#"a "\\ud800" is half of a surrogate pair"#);
    check("1 2", r#" "2" is not JSON: the end was expected at byte 3"#);
}

#[test]
fn what_other_readers_let_pass_is_refused() {
    check(r#"{"a":1,"b":{"c":1,"\u0063":2}}"#, r#"c "" occurs twice"#);
    check(r#"{"a":[1e999]}"#, r#"a "1e999" is not a finite number"#);
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    check(&deep, r#" "" is nested deeper than 32 levels"#);
}

#[test]
fn numbers_stay_as_written_and_strings_are_unescaped() {
    assert_eq!(read(" -1.50E+2 "), Ok(Json::Number("-1.50E+2")));
    assert_eq!(
        read(r#""K\u0259lb\u0259c\u0259r \ud83d\ude00\n\/""#),
        Ok(Json::Text("Kəlbəcər 😀\n/".into()))
    );
}

#[test]
fn compacting_leaves_the_inside_of_strings_alone() {
    assert_eq!(
        compact("{ \"a b\" : [ 1 ,\n \" x \\\" y \" ] , \"c\\\\\" : null }"),
        "{\"a b\":[1,\" x \\\" y \"],\"c\\\\\":null}"
    );
}

proptest! {
    #[test]
    fn it_agrees_with_serde_json_on_what_is_json(
        text in r#"[\[\]{}",:0-9eE.+\-truefalsn\\u \n]{0,12}|\{"[ab]":(1|"x\\n"|[\[{]|null|-0\.5e3)[,}\] ]{0,3}"#
    ) {
        let ours = read(&text).is_ok();
        let theirs = serde_json::from_str::<serde_json::Value>(&text).is_ok();
        prop_assert_eq!(ours, theirs, "{}", text);
    }

    #[test]
    fn any_string_comes_back(text in any::<String>()) {
        let json = serde_json::to_string(&text).unwrap();
        prop_assert_eq!(read(&json), Ok(Json::Text(text.into())));
    }
}
