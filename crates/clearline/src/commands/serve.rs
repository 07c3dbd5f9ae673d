//! `clearline serve`

use std::{net::TcpListener, path::Path, process::ExitCode};

use demining::{
    Action, Expect, Role, Write,
    demonstration::{self, Plan},
};
use jiff::Timestamp;
use server::{App, Config, PublicUrl, Tls};
use service::{Opened, Service};
use store::{Bearer, Reader, Store, StoreError, Upload, Writes};

use crate::failure::Failure;
use crate::{args::Serve, configuration, reference::Reference, say};

/// The seed of the demonstration: the same records on every machine.
const DEMONSTRATION_SEED: u64 = 2023;

pub fn run(args: &Serve) -> Result<ExitCode, Failure> {
    let path = &args.store.store;
    // Bind the port first: a server that cannot listen leaves the store alone, and no token is created
    // unseen.
    let listener =
        TcpListener::bind(args.listen).map_err(|e| format!("cannot listen on {}: {e}", args.listen))?;
    listener.set_nonblocking(true)?;
    require_folder(path)?;
    let mut config = config(args)?;
    // Every open map holds a connection, and the usual limit is a thousand files.
    match rlimit::increase_nofile_limit(u64::MAX) {
        Ok(n_files) => config.bounds = config.bounds.within(n_files),
        Err(error) => tracing::warn!(%error, "raising the limit of open files failed"),
    }
    let tls = config.tls.clone();
    let is_new = !path.exists();
    let mut opened = Opened::open(path, config.policy.clone()).map_err(|e| at(path, &e))?;
    give_reference(&mut opened.store)?;
    if args.demo && opened.store.reader()?.revision()?.0 == 0 {
        demonstrate(&mut opened.store)?;
    }
    let (service, writer) = Service::start(opened)?;
    let app = App::new(service, config);
    let runtime = tokio::runtime::Runtime::new()?;
    // Before announcing that the server runs: a program that waits for the announcement may send a signal at
    // once.
    let stop = {
        let _within = runtime.enter();
        asked_to_stop()
    };
    if let Some(tls) = &tls {
        let _within = runtime.enter();
        renew_when_told(tls.clone())?;
    }
    let scheme = if tls.is_some() { "https" } else { "http" };
    tell(format_args!("Clearline is listening on {scheme}://{}", listener.local_addr()?));
    if is_new {
        tell(format_args!("Created a new store, {}", path.display()));
    }
    if Reader::open(path)?.tokens()?.is_empty() {
        let bearer = Bearer {
            name: "first administrator".to_owned(),
            role: Role::Admin,
            operator: None,
            regions: None,
        };
        let (_, token) = store::create_token(path, &bearer, None, Timestamp::now())?;
        tell(format_args!("Token of the first administrator, shown only now: {token}"));
    }
    let served = runtime
        .block_on(async { server::run(tokio::net::TcpListener::from_std(listener)?, app, stop).await });
    // Ends the tasks that hold a handle to the writer, which then finishes its queue and closes the file.
    drop(runtime);
    writer.join().map_err(|_| "the writer thread failed")?;
    served?;
    tracing::info!("stopped; everything acknowledged is in the store");
    Ok(ExitCode::SUCCESS)
}

/// Combines the configuration file and the command line.
fn config(args: &Serve) -> Result<Config, Failure> {
    let mut config = args.config.as_deref().map(configuration::read).transpose()?.unwrap_or_default();
    if let Some(public) = args.public {
        config.policy.public = public.into();
    }
    config.policy.is_sound()?;
    if let (Some(certificate), Some(key)) = (&args.tls_certificate, &args.tls_key) {
        config.tls = Some(Tls::load(certificate, key)?);
    }
    if args.basemap.is_some() || args.terrain.is_some() {
        config.base_map = config.base_map.replaced(args.basemap.as_deref(), args.terrain.as_deref())?;
    }
    let public_url = args
        .public_url
        .as_deref()
        .map(|given| PublicUrl::parse(given).map_err(|reason| format!("--public-url {given:?}: {reason}")));
    Ok(Config { public_url: public_url.transpose()?, cache_bytes: args.cache_mib << 20, ..config })
}

/// Prints a line. The server continues if that fails.
fn tell(line: std::fmt::Arguments<'_>) {
    if let Err(error) = say::line(line) {
        tracing::warn!(%error, "printing the start-up messages failed");
    }
}

/// Opens a store, and loads the first data set into a new one.
///
/// # Errors
/// When the store cannot be opened.
pub fn open(path: &Path) -> Result<Store, Failure> {
    let is_new = !path.exists();
    let mut store = Store::open(path).map_err(|e| at(path, &e))?;
    give_reference(&mut store)?;
    if is_new {
        say::note(format_args!("Created a new store, {}", path.display()));
    }
    Ok(store)
}

/// Refuses a store in a missing folder. A misspelt path would create an empty store, which looks as if all
/// records were lost.
///
/// # Errors
/// When the folder does not exist.
pub fn require_folder(path: &Path) -> Result<(), Failure> {
    match path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        Some(folder) if !folder.is_dir() => {
            let (store, folder) = (path.display(), folder.display());
            Err(format!("{store}: the folder {folder} does not exist; to create a new store there, create the folder first").into())
        }
        _ => Ok(()),
    }
}

/// Adds the path, because some of these errors omit it.
fn at(path: &Path, error: &StoreError) -> String {
    format!("{}: {error}", path.display())
}

fn give_reference(store: &mut Store) -> Result<(), Failure> {
    if store.reader()?.regions()?.is_empty() {
        let reference = Reference::built_in()?;
        store.replace_reference(
            &reference.regions,
            &reference.places,
            &reference.figures,
            Timestamp::now(),
        )?;
    }
    Ok(())
}

fn demonstrate(store: &mut Store) -> Result<(), Failure> {
    let regions = Reference::built_in()?.regions;
    let detections: Vec<_> =
        demonstration::generate(&regions, Plan::Published, DEMONSTRATION_SEED)?.collect();
    let accidents = demonstration::accidents(&regions, DEMONSTRATION_SEED)?;
    let (n_detections, n_accidents) = (detections.len(), accidents.len());
    tracing::info!(n_detections, n_accidents, "loading the demonstration into the empty store");
    let uploads = [writes(detections).into(), writes(accidents).into()]
        .map(|writes: Writes| Upload::new(demonstration::OPERATOR, writes));
    store.commit(uploads.into(), Timestamp::now())?;
    Ok(())
}

/// Returns writes that create these records.
fn writes<T>(records: Vec<T>) -> Vec<Write<T>> {
    let create = |(record, row)| Write {
        row,
        action: Action::Put(Box::new(record)),
        expect: Expect::Same,
        reason: None,
    };
    records.into_iter().zip(1..).map(create).collect()
}

/// Reloads the certificate on each SIGHUP, from this call on.
#[cfg(unix)]
fn renew_when_told(tls: Tls) -> Result<(), Failure> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut told = signal(SignalKind::hangup())?;
    tokio::spawn(async move {
        while told.recv().await.is_some() {
            match tls.reload() {
                Ok(()) => tracing::info!("reloaded the certificate"),
                Err(error) => {
                    tracing::error!(%error, "reloading the certificate failed; keeping the previous one");
                }
            }
        }
    });
    Ok(())
}

#[cfg(not(unix))]
#[allow(clippy::unnecessary_wraps)]
fn renew_when_told(_: Tls) -> Result<(), Failure> {
    Ok(())
}

/// Completes on Ctrl-C or SIGTERM, from this call on.
fn asked_to_stop() -> impl Future<Output = ()> + Send {
    #[cfg(unix)]
    let heard = {
        use tokio::signal::unix::{SignalKind, signal};
        let [interrupt, terminate] = [SignalKind::interrupt(), SignalKind::terminate()].map(signal);
        async {
            tokio::select! {
                () = hear(interrupt) => {}
                () = hear(terminate) => {}
            }
        }
    };
    #[cfg(not(unix))]
    let heard = async {
        let _ = tokio::signal::ctrl_c().await;
    };
    async {
        heard.await;
        tracing::info!("stopping: finishing the requests in progress, accepting no new ones");
    }
}

#[cfg(unix)]
async fn hear(signal: std::io::Result<tokio::signal::unix::Signal>) {
    match signal {
        Ok(mut signal) => {
            signal.recv().await;
        }
        Err(error) => {
            tracing::warn!(%error, "listening for a stop signal failed");
            std::future::pending::<()>().await;
        }
    }
}
