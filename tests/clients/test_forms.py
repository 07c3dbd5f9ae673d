"""The forms for ODK Collect are what pyxform makes of their XLSForms, and ask for what a record has."""

import pathlib
import sys

import pytest

FORMS = pathlib.Path(__file__).resolve().parents[2] / "data" / "forms"
sys.path.insert(0, str(FORMS))
import forms  # noqa: E402
from openpyxl import load_workbook  # noqa: E402

NAMES = ["detection", "neutralisation"]


@pytest.mark.parametrize("name", NAMES)
def test_the_xform_is_what_pyxform_makes_of_the_xlsform(name):
    text, warnings = forms.xform(FORMS / f"{name}.xlsx")
    assert text == (FORMS / f"{name}.xml").read_text(encoding="utf-8")
    assert warnings == []


@pytest.mark.parametrize("name", NAMES)
def test_the_xlsform_is_what_the_script_makes(name):
    def cells(book):
        return {page.title: [[cell.value or None for cell in row] for row in page] for page in book}

    made = forms.workbook(getattr(forms, name.upper()))
    assert cells(load_workbook(FORMS / f"{name}.xlsx")) == cells(made)


@pytest.mark.parametrize("name", NAMES)
def test_every_label_stands_in_every_language(name):
    for page in load_workbook(FORMS / f"{name}.xlsx"):
        header = [cell.value for cell in page[1]]
        for row in page.iter_rows(min_row=2, values_only=True):
            for label in {column.split("::")[0] for column in header if "::" in column}:
                texts = [text for column, text in zip(header, row) if column.startswith(f"{label}::")]
                assert len(texts) == 3 and len({text is None for text in texts}) == 1, row
