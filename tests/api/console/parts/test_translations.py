import re
from pathlib import Path

import pytest

import api.console
from api.accounts.role import KeyScope, Role
from api.console.board.shown_kinds import ShownKinds
from api.console.parts.translations import Language, Texts, TranslationError, load_translations
from api.contract.confirmations import ConfirmationStatus
from api.contract.events import EventStatus, LocationSource
from models.catalogue.issue_catalogue import Unwatched
from models.catalogue.issue_type import Severity
from models.coverage.coverage import CameraSetup, CoverageStatus
from models.rules.rule import OutsideKnowledge
from models.words import ConfirmedBy
from streams.camera_health.camera_fault import CameraFault

SOURCES = Path(api.console.__file__).parent
KEY_IN_CODE = re.compile(
    r'"((?:figure|events|map|cameras|event|coverage|sign_in|desk|screen)\.(?!css|js|html)[a-z_]+)"'
)
# Of the pages of modules: text("desk.queue"), word("case.state", …).
KEY_IN_MODULE = re.compile(r'\btext\("([a-z_.]+)"')
MODULE_FOLDERS = ("parts", "desk")
GROUPS_OF_MODULES = ("api.", "frame.", "keys.", "time.", "theme.", "desk.")
KEY_IN_SCRIPT = re.compile(r'page\.text\((?:[a-z]+ \? )?"([a-z_]+)"(?: : "([a-z_]+)")?')


def test_both_languages_have_the_same_keys_and_places_for_values():
    chinese, english = (load_translations()[language] for language in Language)

    assert set(chinese) == set(english)
    for key, text in chinese.items():
        assert text.strip()
        assert set(re.findall(r"{\w+}", text)) == set(re.findall(r"{\w+}", english[key])), key


def test_every_key_the_code_names_exists():
    known = load_translations()[Language.CHINESE]
    code = "".join(
        path.read_text() for ending in ("*.py", "*.html") for path in SOURCES.rglob(ending)
    )
    scripts = "".join(path.read_text() for path in SOURCES.glob("static/*.js"))

    in_code = set(KEY_IN_CODE.findall(code))
    in_scripts = {
        f"browser.{key}" for pair in KEY_IN_SCRIPT.findall(scripts) for key in pair if key
    }

    assert len(in_code) > 30
    assert len(in_scripts) > 8
    assert in_code | in_scripts <= set(known)


def test_every_key_the_modules_name_exists_and_none_of_theirs_is_unused():
    known = load_translations()[Language.CHINESE]
    modules = "".join(
        path.read_text()
        for folder in MODULE_FOLDERS
        for path in SOURCES.glob(f"static/{folder}/*.js")
    )
    python = "".join(path.read_text() for path in SOURCES.rglob("*.py"))

    theirs = {key for key in known if key.startswith(GROUPS_OF_MODULES)}
    used = {
        key
        for key in theirs
        if f'"{key}"' in modules + python or f"`{key.rpartition('.')[0]}.${{" in modules
    }

    assert set(KEY_IN_MODULE.findall(modules)) <= set(known)
    assert theirs == used


def test_every_word_of_the_contract_has_a_translation():
    known = load_translations()[Language.ENGLISH]
    for group, words in (
        ("status", EventStatus),
        ("location", LocationSource),
        ("severity", Severity),
        ("shown", ShownKinds),
        ("fault", CameraFault),
        ("coverage_status", CoverageStatus),
        ("knowledge", OutsideKnowledge),
        ("setup", CameraSetup),
        ("confirmer", ConfirmedBy),
        ("confirmation", ConfirmationStatus),
        ("role", Role),
        ("scope", KeyScope),
        ("unwatched", set(Unwatched) - {Unwatched.NEEDS_KNOWLEDGE}),
    ):
        assert {f"{group}.{word}" for word in words} <= set(known)


def test_values_are_filled_in():
    assert Texts(Language.ENGLISH).text("event.looks_value", n=4) == "4 looks"
    assert Texts(Language.CHINESE).text("event.looks_value", n=4) == "4 次"


@pytest.mark.parametrize(
    ("key", "values"), [("no.such_key", {}), ("event.looks_value", {"wrong": 1})]
)
def test_a_missing_key_or_value_is_named(key, values):
    with pytest.raises(TranslationError, match=key):
        Texts(Language.ENGLISH).text(key, **values)


@pytest.mark.parametrize(
    ("code", "language"),
    [
        ("en", Language.ENGLISH),
        ("zh", Language.CHINESE),
        ("xx", Language.CHINESE),
        (None, Language.CHINESE),
    ],
)
def test_an_unknown_language_is_chinese(code, language):
    assert Language.of(code) is language
