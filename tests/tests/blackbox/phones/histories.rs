//! Histories in any order compared with the same in order.

use std::{sync::RwLock, thread};

use rand::{Rng, SeedableRng, seq::SliceRandom};
use rand_chacha::ChaCha8Rng;
use serde_json::json;

use super::{
    phone::Phone,
    plan::{Door, Plan, RECORDS, as_file, as_form, plans, state},
};
use crate::program::Server;

const HISTORIES: u64 = 40;

#[test]
fn what_is_sent_in_any_order_and_again_ends_as_if_it_was_sent_in_order_and_once() {
    let [orderly, other] = [(), ()].map(|()| Server::start());
    let [one, two] = [&orderly, &other].map(|server| RwLock::new(server.base.clone()));
    let (tidy, phone) = (Phone::new(&orderly, &one), Phone::new(&other, &two));
    let rng = &mut ChaCha8Rng::seed_from_u64(11);
    for history in 0..HISTORIES {
        let plans = plans(rng, history * RECORDS);
        for plan in &plans {
            // In order, once, and without choices.
            match plan.door {
                Door::File => {
                    if plan.has_photo {
                        tidy.photo(plan.n);
                    }
                    tidy.file(&as_file(plan), None, false);
                }
                Door::Form => assert_eq!(tidy.form(&as_form(plan), &plan.files(), true), 201),
            }
            if plan.is_dealt_with {
                plan.deal_with(&tidy);
            }
        }
        // Three teams at once, each with some of the records, and with some that others have sent or will
        // send.
        thread::scope(|scope| {
            for team in 0..3 {
                let (phone, plans) = (&phone, &plans);
                let mut rng = ChaCha8Rng::seed_from_u64(history * 3 + team);
                scope.spawn(move || {
                    let mut plans: Vec<&Plan> = plans.iter().collect();
                    plans.shuffle(&mut rng);
                    for plan in plans {
                        let is_own = plan.n % 3 == team;
                        if is_own || rng.random() {
                            plan.find(phone, &mut rng);
                        }
                        if is_own && plan.is_dealt_with {
                            for _ in 0..rng.random_range(1..4) {
                                plan.deal_with(phone);
                            }
                        }
                        if rng.random_range(0..3) == 0 {
                            plan.find(phone, &mut rng);
                        }
                    }
                });
            }
        });
    }
    let (expected, seen) = (state(&orderly), state(&other));
    assert_eq!(expected.len() as u64, HISTORIES * RECORDS);
    for (id, record) in &expected {
        assert_eq!(seen.get(id), Some(record));
    }
    assert_eq!(seen.len(), expected.len());
    assert_eq!(other.json("/held")["records"], json!([]), "nothing was against anything");
}
