"""The API description is valid, and the server conforms to it."""

import subprocess
import sys
from pathlib import Path

import pytest
from openapi_spec_validator import OpenAPIV30SpecValidator, validate

SCHEMATHESIS = Path(sys.executable).with_name("schemathesis")

# A limit above the maximum is accepted, as the standard requires. A well-formed but unknown value (a district, a
# reference system, an invalid filter) is refused, although its schema can only require text. Allow lists the methods
# that this caller may use, which are fewer than in the description.
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
