"""In the head of each page: who is signed in, and the way out."""

from api.accounts.known_actors import LOGIN_PATH
from api.console.parts.elements import block, set_attributes, words
from api.console.parts.translations import Texts
from api.console.parts.visitor import Visitor
from api.console.sign_in.sign_in_pages import LOGOUT_PATH


def signed_in(texts: Texts, visitor: Visitor) -> None:
    """Draw who looks at the page and as what, and a button to sign out, or in if it is a guest."""
    actor = visitor.actor
    capacities = [
        *(texts.text(f"role.{role}") for role in sorted(actor.roles)),
        *(texts.text(f"scope.{scope}") for scope in sorted(actor.scopes)),
    ]
    shown = texts.text("sign_in.roles_between").join(capacities)
    with block("div", "visitor", data_visitor="guest" if actor.is_guest else actor.kind.value):
        with block("div", "visitor-words"):
            name = texts.text("sign_in.guest") if actor.is_guest else visitor.name
            words(name, "visitor-name", "div")
            set_attributes(words(shown, "visitor-roles", "div"), title=shown)
        if actor.is_guest:
            set_attributes(words(texts.text("sign_in.submit"), "head-link", "a"), href=LOGIN_PATH)
            return
        with block("form", "visitor-form", method="post", action=LOGOUT_PATH):
            button = words(texts.text("sign_in.out"), "head-link visitor-out", "button")
            set_attributes(button, type="submit")
