//! `GET /summary/accidents`: counts of accidents and of the people they killed and injured.

use std::{collections::HashSet, sync::Arc};

use atlas::{Month, PublicFilter, Scope, View};
use axum::{
    extract::State,
    http::{HeaderMap, Uri},
};
use demining::{AccidentDetails, Precision};
use jiff::civil::Date;
use serde_json::{Value, json};
use service::Service;

use crate::{
    access::AskedBy,
    api::summary::{self, kept, take_csv},
    http::{
        cached_response::CachedResponse,
        params::Params,
        problem::{Answer, Problem},
        site::Site,
    },
    wire::{
        accidents::{self, PUBLIC_GROUPS, Table, VICTIM_GROUPS},
        filter,
        records::{self, Listed},
    },
};

/// The groups without `by`.
const DEFAULT_GROUP: &str = "region";

/// `GET /summary/accidents?by=...`
///
/// Readers who see records may use every filter and group. The public gets counts by district and month, of
/// which some are withheld, and can filter by these only, so that no two answers differ by a withheld number.
pub async fn counts(
    State(service): State<Arc<Service>>,
    State(site): State<Arc<Site>>,
    AskedBy(caller): AskedBy,
    uri: Uri,
    headers: HeaderMap,
) -> Answer {
    kept(&service, &site, &caller, &uri, &headers, |view, mut params| {
        let by = params.list("by", |word| Ok(word.to_owned()))?;
        let mut by = by.unwrap_or_else(|| vec![DEFAULT_GROUP.to_owned()]);
        let mut named = HashSet::new();
        by.retain(|word| named.insert(word.clone()));
        let is_csv = take_csv(&mut params)?;
        let sees_records = view.scope() == Scope::Full || service.policy.precision() == Precision::Exact;
        let (table, victims) = if sees_records {
            of_records(view, &by, params)?
        } else {
            (Table::of_public(&by, view.public_accidents(&public_filter(&by, params, view)?)), None)
        };
        if is_csv {
            return Ok(summary::table(table.csv(), view));
        }
        let mut body = table.json();
        body["revision"] = json!(view.revision().0);
        body["demonstration"] = json!(view.accidents().has_made_up());
        body["min_cell_count"] = json!(service.policy.precision().min_accident_count());
        if let Some(victims) = victims {
            body["victims"] = victims;
        }
        CachedResponse::json(&body, view.revision())
    })
    .await
}

/// Counts the filtered records, and their victims if `victims_by` asks for them.
fn of_records<'a>(view: &View, by: &'a [String], mut params: Params) -> Answer<(Table<'a>, Option<Value>)> {
    let groups = by
        .iter()
        .map(|word| accidents::group(word).map_err(|reason| Problem::parameter("by", word, &reason)));
    let groups = groups.collect::<Answer<Vec<_>>>()?;
    let victims_by = params.list("victims_by", |word| {
        let known = VICTIM_GROUPS.into_iter().find(|group| *group == word);
        known.ok_or_else(|| format!("{word:?} is not one of {}", VICTIM_GROUPS.join(", ")))
    })?;
    let filter = records::take_as_of::<AccidentDetails>(&mut params, view)?;
    params.finish(&format!("by, f, victims_by, as_of, {}", AccidentDetails::FILTERS))?;
    let victims = victims_by.map(|by| {
        accidents::victims(&by, &view.accidents().victims(&filter, accidents::victim_grouping(&by)))
    });
    Ok((Table::of(by, view.accidents().summary(&filter, &groups)), victims))
}

/// Reads the filters of the public: regions, and whole months.
fn public_filter(by: &[String], mut params: Params, view: &View) -> Answer<PublicFilter> {
    if let Some(word) = by.iter().find(|word| !PUBLIC_GROUPS.contains(&word.as_str())) {
        let reason = format!("is not public; use {}", PUBLIC_GROUPS.join(" and "));
        return Err(Problem::parameter("by", word, &reason));
    }
    let regions = filter::regions(&mut params, view.reference())?;
    let dates = params.parse("datetime", |text| {
        let dates = filter::interval(text)?;
        let begins_month = dates.from.is_none_or(|day| day.day() == 1);
        let ends_month = dates.to.is_none_or(|day| day == day.last_of_month());
        let reason = "must be whole months, such as 2023-08-01/2023-09-30: the public sees counts by month";
        if begins_month && ends_month { Ok(dates) } else { Err(reason.to_owned()) }
    })?;
    params.finish("by, f, region, datetime; sign in to use other filters")?;
    let month = |day: Option<Date>| day.map(Month::from);
    let (from, to) = dates.map_or((None, None), |dates| (month(dates.from), month(dates.to)));
    Ok(PublicFilter { regions, from, to })
}
