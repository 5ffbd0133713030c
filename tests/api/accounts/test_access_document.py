"""The page that says who may do what."""

from pathlib import Path

from api.accounts.access_document import access_document
from api.accounts.access_table import load_access_table

DOCUMENT = Path(__file__).parents[3] / "docs" / "access.md"


def test_the_page_is_what_the_table_says():
    assert DOCUMENT.read_text(encoding="utf-8") == access_document(), (
        "write it anew: python -m api.accounts.access_document > docs/access.md"
    )


def test_it_names_every_endpoint_and_page():
    table = load_access_table()
    written = access_document()
    for endpoint in table.endpoints | table.sign_in | set(table.pages):
        assert f"`{endpoint}`" in written
    assert "<!--" not in written
