//! `clearline check`

use std::process::ExitCode;

use serde_json::json;
use store::Checked;

use crate::failure::Failure;
use crate::{args::Check, say};

pub fn run(args: &Check) -> Result<ExitCode, Failure> {
    let checked = store::check(&args.store.store, args.head)?;
    if args.json {
        say::line(as_json(&checked))?;
    } else {
        tell(&checked)?;
    }
    Ok(if checked.is_whole() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn tell(checked: &Checked) -> Result<(), String> {
    let Checked {
        head,
        n_changes,
        n_redacted,
        n_records,
        findings,
        n_findings,
        without_operator,
        n_without_operator,
    } = checked;
    for finding in findings {
        say::line(finding)?;
    }
    let n_untold = n_findings - findings.len() as u64;
    if n_untold > 0 {
        say::line(format_args!("and {n_untold} more"))?;
    }
    if checked.is_whole() {
        let [changes, revisions, records, texts] = [
            (*n_changes, "change"),
            (head.revision.0, "revision"),
            (*n_records, "record"),
            (*n_redacted, "text"),
        ]
        .map(|(n, noun)| say::counted(n, noun));
        say::line(format_args!("intact: {changes} in {revisions}, {records}"))?;
        if *n_redacted > 0 {
            say::line(format_args!("{texts} redacted; the log contains the digest of each"))?;
        }
        say::line(format_args!("head: {head}"))?;
    } else {
        say::line(format_args!("damaged: {}", say::counted(*n_findings, "finding")))?;
    }
    if *n_without_operator > 0 {
        say::line(format_args!(
            "{} without an operator, from before the log stored operators:",
            say::counted(*n_without_operator, "record")
        ))?;
        for id in without_operator {
            say::line(format_args!("  {id}"))?;
        }
        let n_untold = n_without_operator - without_operator.len() as u64;
        if n_untold > 0 {
            say::line(format_args!("  and {n_untold} more"))?;
        }
    }
    Ok(())
}

fn as_json(checked: &Checked) -> serde_json::Value {
    let findings: Vec<_> = checked
        .findings
        .iter()
        .map(|f| json!({ "revision": f.revision.map(|r| r.0), "number": f.number, "what": f.what }))
        .collect();
    json!({
        "whole": checked.is_whole(),
        "head": checked.is_whole().then(|| checked.head.to_string()),
        "n_changes": checked.n_changes,
        "n_redacted": checked.n_redacted,
        "n_records": checked.n_records,
        "n_findings": checked.n_findings,
        "findings": findings,
        "n_without_operator": checked.n_without_operator,
        "without_operator": checked.without_operator.iter().map(ToString::to_string).collect::<Vec<_>>(),
    })
}
