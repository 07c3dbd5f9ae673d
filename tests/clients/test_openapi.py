"""The description of the API is valid, and the server does what it says."""

import subprocess
import sys
from pathlib import Path

import pytest
from openapi_spec_validator import OpenAPIV30SpecValidator, validate

SCHEMATHESIS = Path(sys.executable).with_name("schemathesis")

# A limit beyond the maximum is answered, as the standard wants. What is well formed and unknown (a district, a reference
# system, a filter that says nothing) is refused, though the schema of its parameter can only say that it is text.
# Allow names what this caller may do here, which is less than the description lists.
LEFT_OUT = ",".join(["negative_data_rejection", "positive_data_acceptance", "allow_header_conformance"])


@pytest.fixture(scope="module")
def server(serve):
    return serve()


def test_the_description_is_valid(server):
    validate(server.json("/api"), cls=OpenAPIV30SpecValidator)


@pytest.mark.parametrize("bearer", [False, True])
def test_every_answer_is_one_that_is_described(server, bearer, tmp_path):
    authorized = ["--header", f"Authorization: Bearer {server.token}"] if bearer else []
    arguments = ["--checks", "all", "--exclude-checks", LEFT_OUT, "--max-examples", "20", "--seed", "20230919"]
    endless = ["--exclude-path", "/events"]
    run = subprocess.run(
        [SCHEMATHESIS, "run", f"{server.url}/api", *arguments, *authorized, "--generation-database", "none", *endless],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert run.returncode == 0, run.stdout[-6000:] + run.stderr[-2000:]
