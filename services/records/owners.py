"""Whose an attachment is: it is filed under the station, or the packet of many, that it was first bound for.

An attachment that was never bound is nobody's and may go anywhere; handed in once more, it may go somewhere else too.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, insert, inspect, select

from forms.packets import RECIPES
from services.records.tables import attachment_owners, attachments, packets, submissions

_FREE = ""
"""The owner of what was handed in once more: whoever binds it next."""
LOWER = "lower"
"""The kind of lower packets that came as files, their item the recipe: whole in themselves, filed under nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """A station by its 机构编码 (its name where it has none), or a packet of many by its recipe; and its name."""

    key: str
    name: str


Owners = Mapping[str, tuple[Owner, ...]]
"""Owners by the attachment's id; what is nobody's is not there."""


def keys_of(forms: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Return the keys of the stations that forms are of, from their 机构编码 and names: names only where no code is."""
    known = tuple(forms)
    return tuple(sorted({code for code, _ in known if code} or {name for _, name in known}))


def may_go(owners: Iterable[Owner], keys: Iterable[str]) -> bool:
    """Return whether an attachment of these owners may go into a packet of these stations."""
    known = tuple(owners)
    return is_free(known) or not {owner.key for owner in known}.isdisjoint(keys)


def is_free(owners: Iterable[Owner]) -> bool:
    """Return whether an attachment waits for its packet: never bound, or handed in once more since."""
    known = {owner.key for owner in owners}
    return not known or _FREE in known


def of_unit(connection: Connection, unit: str) -> Owners:
    """Return whose the unit's attachments are."""
    found: dict[str, tuple[Owner, ...]] = {}
    wanted = select(attachment_owners).where(attachment_owners.c.unit_id == unit)
    for row in connection.execute(wanted.order_by(attachment_owners.c.owner)):
        found[row.attachment_id] = (*found.get(row.attachment_id, ()), Owner(key=row.owner, name=row.name))
    return found


def file_under(connection: Connection, unit: str, filed: Iterable[str], owner: Owner) -> None:
    """File what waits for its packet under its owner; what has one keeps it."""
    known = of_unit(connection, unit)
    for own in filed:
        owners = known.get(own, ())
        if not is_free(owners):
            continue
        connection.execute(delete(attachment_owners).where(_of(unit, own), attachment_owners.c.owner == _FREE))
        if owner.key not in {one.key for one in owners}:
            _add(connection, unit, own, owner)


def release(connection: Connection, unit: str, own: str) -> None:
    """Let an attachment that was handed in once more go into its next packet, whoever's it is."""
    if not is_free(of_unit(connection, unit).get(own, ())):
        _add(connection, unit, own, Owner(key=_FREE, name=""))


def forget(connection: Connection, unit: str, own: str) -> None:
    """Forget whose an attachment was: it is no longer there."""
    connection.execute(delete(attachment_owners).where(_of(unit, own)))


def _of(unit: str, own: str) -> Any:
    return (attachment_owners.c.unit_id == unit) & (attachment_owners.c.attachment_id == own)


def _add(connection: Connection, unit: str, own: str, owner: Owner) -> None:
    values = {"unit_id": unit, "attachment_id": own, "owner": owner.key, "name": owner.name}
    connection.execute(insert(attachment_owners).values(values))


# ---- databases made before attachments had owners ---------------------------------------------------


def are_known(connection: Connection) -> bool:
    """Return whether the database already says whose attachments are."""
    return inspect(connection).has_table(attachment_owners.name)


def adopt(connection: Connection) -> None:
    """File the attachments of an older database under the packets that they were first bound in."""
    kept = {row.id for row in connection.execute(select(attachments.c.id).where(attachments.c.kind != LOWER))}
    wanted = select(packets.c.unit_id, packets.c.recipe, packets.c.station, packets.c.inputs)
    for row in connection.execute(wanted.order_by(packets.c.unit_id, packets.c.number)).all():
        inputs = tuple(json.loads(row.inputs))
        filed = [own for own in inputs if own in kept]
        if filed:
            owner = owner_of(row.recipe, row.station, _forms_of(connection, inputs))
            file_under(connection, row.unit_id, filed, owner)


def _forms_of(connection: Connection, inputs: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Return 机构编码 and name of the forms among a packet's inputs."""
    wanted = select(submissions.c.agency_code, submissions.c.station).where(submissions.c.id.in_(inputs))
    return tuple((form.agency_code, form.station) for form in connection.execute(wanted))


def owner_of(recipe: str, name: str, forms: Iterable[tuple[str, str]]) -> Owner:
    """Return whose a packet bound for `name` is: the station's of its forms, or one of many."""
    is_of_many = any(known.id == recipe and known.is_of_many for known in RECIPES)
    keys = () if is_of_many else keys_of(forms)
    return Owner(key=keys[0] if keys else recipe, name=name)
