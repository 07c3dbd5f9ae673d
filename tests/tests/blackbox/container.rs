//! Runs the commands of the Dockerfile and the compose file directly, without a Docker engine.

use std::{
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Command, Stdio},
};

use serde_json::Value;

use crate::program::binary;

fn file(name: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..").join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// Returns the words of an instruction in JSON form, such as `ENTRYPOINT ["clearline"]`; the last one counts.
fn words(dockerfile: &str, instruction: &str) -> Vec<String> {
    let line = dockerfile.lines().rfind(|line| line.trim_start().starts_with(instruction)).unwrap();
    let json = &line[line.find('[').unwrap()..];
    let words: Vec<Value> = serde_json::from_str(json).unwrap();
    words.iter().map(|word| word.as_str().unwrap().to_owned()).collect()
}

/// Returns the value that the Dockerfile sets for a variable.
fn variable<'a>(dockerfile: &'a str, name: &str) -> &'a str {
    let at = dockerfile.find(&format!("{name}=")).unwrap() + name.len() + 1;
    dockerfile[at..].split_whitespace().next().unwrap()
}

#[test]
fn the_image_is_built_by_the_commands_of_the_makefile() {
    let (dockerfile, makefile) = (file("Dockerfile"), file("Makefile"));
    let command = "cargo build --release --locked -p clearline";
    assert!(dockerfile.contains(command) && makefile.contains(command), "{command}");
    assert!(dockerfile.contains("npm ci") && dockerfile.contains("npm run build"));
    let user: u32 = dockerfile.lines().find_map(|l| l.strip_prefix("USER ")).unwrap().parse().unwrap();
    assert_ne!(user, 0, "the program does not run as root");
}

#[test]
fn the_start_command_serves_and_the_health_check_tells_it() {
    let dockerfile = file("Dockerfile");
    let mut start = words(&dockerfile, "ENTRYPOINT");
    start.extend(words(&dockerfile, "CMD [\"serve"));
    assert_eq!(start[0], "clearline");
    let health = words(&dockerfile, "CMD [\"clearline");
    assert!(file("docker-compose.yml").contains(r#"["CMD", "clearline", "healthcheck"]"#));
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join(variable(&dockerfile, "CLEARLINE_STORE").rsplit('/').next().unwrap());
    assert!(
        variable(&dockerfile, "CLEARLINE_LISTEN").starts_with("0.0.0.0:"),
        "reachable from outside the container"
    );

    let mut server = Command::new(binary())
        .args(&start[1..])
        .env("CLEARLINE_STORE", &store)
        .env("CLEARLINE_LISTEN", "127.0.0.1:0")
        // The default in the compose file.
        .env("CLEARLINE_DEMO", "false")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let (mut line, mut stdout) = (String::new(), BufReader::new(server.stdout.take().unwrap()));
    stdout.read_line(&mut line).unwrap();
    let listen = line.trim().rsplit("//").next().unwrap().to_owned();
    let check =
        || Command::new(binary()).args(&health[1..]).env("CLEARLINE_LISTEN", &listen).status().unwrap();
    let healthy = check();
    server.kill().unwrap();
    server.wait().unwrap();
    assert!(healthy.success());
    assert!(!check().success(), "a server that is gone is not healthy");
    assert!(store.exists());
}
