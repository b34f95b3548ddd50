"""Idempotency keys of the API: a client that asks again with the same key gets the same answer."""

from __future__ import annotations

from sqlalchemy import insert, select, update

from services.records.store import Store, now, writing
from services.records.submissions import RefusedError
from services.records.tables import requests

KEY_LIMIT = 200


def claim(store: Store, unit: str, key: str, digest: str) -> str:
    """Return the answer that `key` already stands for, '' for a new key; `digest` is of what was sent.

    Raises:
        RefusedError: the key is too long, or stands for something else that was sent.
    """
    if len(key) > KEY_LIMIT:
        raise RefusedError(f"Idempotency-Key 最多 {KEY_LIMIT} 个字符", f"the key has more than {KEY_LIMIT} characters")
    own = f"{unit}:{key}"
    with writing(store) as connection:
        row = connection.execute(select(requests).where(requests.c.unit_key == own)).first()
        if row is None:
            values = {"unit_id": unit, "unit_key": own, "digest": digest, "answer": "", "created_at": now()}
            connection.execute(insert(requests).values(values))
            return ""
    if row.digest != digest:
        raise RefusedError(
            "这个 Idempotency-Key 已经用于另一份文件;请换一个", "this Idempotency-Key was used for another file"
        )
    return row.answer


def answered(store: Store, unit: str, key: str, answer: str) -> None:
    """Keep the answer that `key` stands for."""
    with writing(store) as connection:
        connection.execute(update(requests).where(requests.c.unit_key == f"{unit}:{key}").values(answer=answer))
