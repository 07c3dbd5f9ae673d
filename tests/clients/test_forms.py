"""The forms for ODK Collect equal pyxform's output for their XLSForms, and ODK Validate accepts them."""

import pathlib
import re
import shutil
import sys

import pytest

FORMS = pathlib.Path(__file__).resolve().parents[2] / "data" / "forms"
sys.path.insert(0, str(FORMS))
import forms  # noqa: E402
from openpyxl import load_workbook  # noqa: E402
from pyxform.validators.odk_validate import check_xform  # noqa: E402

NAMES = list(forms.FORMS)


@pytest.mark.parametrize("name", NAMES)
def test_the_xform_is_what_pyxform_makes_of_the_xlsform(name):
    text, warnings = forms.xform(FORMS / f"{name}.xlsx")
    assert text == (FORMS / f"{name}.xml").read_text(encoding="utf-8")
    assert warnings == []


@pytest.mark.skipif(shutil.which("java") is None, reason="ODK Validate needs Java")
@pytest.mark.parametrize("name", NAMES)
def test_odk_validate_takes_the_form(name):
    assert check_xform(str(FORMS / f"{name}.xml")) == []


@pytest.mark.parametrize("name", NAMES)
def test_what_was_sent_may_be_corrected(name):
    assert '<submission odk:client-editable="true"/>' in (FORMS / f"{name}.xml").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["detection", "accident"])
def test_every_position_has_bounds_and_keeps_the_accuracy_of_an_external_receiver(name):
    text = (FORMS / f"{name}.xml").read_text(encoding="utf-8")
    points = re.findall(r'<bind [^>]*type="geopoint"[^>]*>', text)
    assert len(points) == 3
    for bind in points:
        assert 'odk:allow-mock-accuracy="true"' in bind
        assert "selected-at(., 1)) &lt;= 50.7" in bind and "jr:constraintMsg" in bind


@pytest.mark.parametrize("name", NAMES)
def test_the_xlsform_is_what_the_script_makes(name):
    def cells(book):
        return {page.title: [[cell.value or None for cell in row] for row in page] for page in book}

    made = forms.workbook(forms.FORMS[name])
    assert cells(load_workbook(FORMS / f"{name}.xlsx")) == cells(made)


@pytest.mark.parametrize("name", NAMES)
def test_every_label_stands_in_every_language(name):
    for page in load_workbook(FORMS / f"{name}.xlsx"):
        header = [cell.value for cell in page[1]]
        for row in page.iter_rows(min_row=2, values_only=True):
            for label in {column.split("::")[0] for column in header if "::" in column}:
                texts = [text for column, text in zip(header, row) if column.startswith(f"{label}::")]
                assert len(texts) == 3 and len({text is None for text in texts}) == 1, row
