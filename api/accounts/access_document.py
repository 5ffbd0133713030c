"""``python -m api.accounts.access_document``: who may do what, as docs/access.md.

The tables are written from ``access.yaml``, so that they cannot lie; a test keeps the file.
"""

import sys
from collections.abc import Iterable
from pathlib import Path

from api.accounts.access_table import Permission, load_access_table
from api.accounts.role import KeyScope, Role

TEXT = Path(__file__).with_name("access_document.md")
PERMISSIONS_MARK, ENDPOINTS_MARK = "<!-- permissions -->", "<!-- endpoints -->"


def access_document() -> str:
    """Return the text of docs/access.md."""
    text = TEXT.read_text(encoding="utf-8")
    return text.replace(PERMISSIONS_MARK, _permissions()).replace(ENDPOINTS_MARK, _endpoints())


def _permissions() -> str:
    """Write who has each permission: a row for each, a column for each role and scope."""
    table = load_access_table()
    capacities = [*Role, *KeyScope]
    heads = [*(role.replace("_", " ") for role in Role), *(f"*{scope}* key" for scope in KeyScope)]
    lines = [_row(["", *heads]), _row(["---", *[":-:"] * len(heads)])]
    for permission in _unique([*table.permissions.values(), *table.pages.values()]):
        allowed = permission.roles | permission.scopes
        marks = ["●" if capacity in allowed else "" for capacity in capacities]
        lines.append(_row([permission.name.replace("_", " "), *marks]))
    return "\n".join(lines)


def _endpoints() -> str:
    table = load_access_table()
    lines = [_row(["permission", "endpoints"]), _row(["---", "---"])]
    lines.append(_row(["everybody", _listed(sorted(table.public))]))
    lines.append(_row(["everybody, to sign in", _listed(sorted(table.sign_in))]))
    lines.append(_row(["every user and key", _listed(sorted(table.anyone_known))]))
    lines += [
        _row([permission.name.replace("_", " "), _listed(permission.endpoints)])
        for permission in _unique([*table.permissions.values(), *table.pages.values()])
    ]
    return "\n".join(lines)


def _unique(permissions: Iterable[Permission]) -> list[Permission]:
    return list({one.name: one for one in permissions}.values())


def _listed(endpoints: Iterable[str]) -> str:
    return "<br>".join(f"`{endpoint}`" for endpoint in endpoints)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    sys.stdout.write(access_document())
