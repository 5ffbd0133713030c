from pathlib import Path

import pytest

from models.cards.model_card import ModelClass
from models.intake.prompts import PromptsError, read_prompts


def test_classes_come_in_the_order_of_the_file(tmp_path: Path):
    path = tmp_path / "prompts.yaml"
    path.write_text(
        "shopping_trolley: [abandoned shopping trolley, ' supermarket cart ']\nmattress: 床垫\n"
    )
    assert read_prompts(path) == (
        ModelClass(
            name="shopping_trolley",
            visual_class="shopping_trolley",
            prompts=("abandoned shopping trolley", "supermarket cart"),
        ),
        ModelClass(name="mattress", visual_class="mattress", prompts=("床垫",)),
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "the file: Input should be a valid dictionary, got None"),
        ("[a, b]", "the file: Input should be a valid dictionary"),
        ("{}", "at least 1 item"),
        ("Shopping trolley: [cart]", "Shopping trolley: String should match pattern"),
        ("mattress: []", "mattress: Value should have at least 1 item"),
        ("mattress: ['  ']", r"mattress\.0: String should have at least 1 character"),
        ("mattress: 7", "mattress: Input should be a valid tuple, got 7"),
        ("mattress: [1]", r"mattress\.0: Input should be a valid string, got 1"),
        ("a: [b", "cannot be read: while parsing"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, content: str, message: str):
    path = tmp_path / "prompts.yaml"
    path.write_text(content)
    with pytest.raises(PromptsError, match=rf"prompts\.yaml.*{message}"):
        read_prompts(path)


def test_a_file_that_is_not_there(tmp_path: Path):
    with pytest.raises(PromptsError, match=r"absent\.yaml cannot be read: .*No such file"):
        read_prompts(tmp_path / "absent.yaml")
