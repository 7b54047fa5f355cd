"""Which answers another day's law gives: for a file of transactions and two days."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from enduse.determine.answer import determine
from enduse.model.base import Value
from enduse.model.determination import Outcome
from enduse.model.transaction import Transaction
from enduse.rules.pack import RulePack


class AnswerChange(Value):
    """One line whose answer differs: its outcome and reasons on either day."""

    transaction: str | None
    line: int
    before: Outcome
    after: Outcome
    reasons_before: tuple[str, ...] = ()
    reasons_after: tuple[str, ...] = ()


def answers_changed(
    transactions: Iterable[Transaction], pack: RulePack, from_day: date, to_day: date
) -> Iterator[AnswerChange]:
    """The lines that get another outcome, or the same for other reasons, under the law of the later day."""
    for transaction in transactions:
        one, two = (determine(transaction, pack, as_of=day) for day in (from_day, to_day))
        for old, new in zip(one.lines, two.lines, strict=True):
            if (old.outcome, set(old.reasons)) != (new.outcome, set(new.reasons)):
                yield AnswerChange(
                    transaction=transaction.id,
                    line=old.line,
                    before=old.outcome,
                    after=new.outcome,
                    reasons_before=old.reasons,
                    reasons_after=new.reasons,
                )
