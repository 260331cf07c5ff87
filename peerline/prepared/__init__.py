"""Prepared questions: a queryset whose SQL is worked out once a connection, and then asked with other values.

Django works out a question's SQL anew each time, which costs ten times what SQLite takes to answer it. For the few that are
asked with every key, job and tick that is most of the work. Everything else stays Django's: the queryset says what is asked,
and its rows become the same objects.

    @prepared(int)
    def _row_of(person_id): return Person.objects.filter(pk=person_id)

    _row_of(7)  # a list;  _row_of.first(7)  the first, or None

The function is called with stand-ins and may only compare with them: no `if` on a value, no None, and no clock, for
whatever else it reads is read only once.
"""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.sql import UpdateQuery

Row = TypeVar("Row")
Changed = tuple[QuerySet[Any], dict[str, Any]]

_MARKS: dict[type, Callable[[int], Any]] = {  # what stands in the SQL's values until they come
    int: lambda place: -2_000_000_000 - place,  # within what every column of whole numbers holds
    str: lambda place: f"\ue000{place}",
    list: lambda place: f"\ue000{place}",
    datetime: lambda place: datetime(9000 + place, 1, 2, 3, 4, 5, 6, UTC),
}
everyone: "list[_OfAConnection]" = []  # so that the tests can look at all of them


def prepared(*kinds: type) -> Callable[[Callable[..., QuerySet[Any, Row]]], "Prepared[Row]"]:
    """The decorated function becomes a Prepared; kinds, one for each of its arguments: int, str, datetime, or list, which
    stands for any number of numbers and can only follow `__in` in a filter."""
    return lambda ask: Prepared(ask, kinds)


def _among(value: str) -> RawSQL:
    """Numbers as one value, written as JSON: a hundred thousand of them cost as little to ask for as ten."""
    sqlite = connections[DEFAULT_DB_ALIAS].vendor == "sqlite"
    table = "json_each(%s)" if sqlite else "json_array_elements_text(%s::json)"
    column = "value" if sqlite else "value::bigint"
    return RawSQL(f"SELECT {column} FROM {table}", [value])  # noqa: S608, S611


class _OfAConnection:
    """What is worked out once for each connection, and so for each thread."""

    def __init__(self, ask: Callable[..., Any], kinds: Sequence[type]) -> None:
        self.ask, self.kinds = ask, kinds
        everyone.append(self)

    def marks(self) -> list[Any]:
        return [_MARKS[kind](place) for place, kind in enumerate(self.kinds)]

    def stand_ins(self) -> list[Any]:
        """What the function is called with."""
        return [_among(mark) if kind is list else mark for kind, mark in zip(self.kinds, self.marks(), strict=True)]

    def compiled(self) -> "_Filled":
        raise NotImplementedError

    def here(self, values: Sequence[Any]) -> Any:
        """Raises ValueError for a None, which equals nothing."""
        if None in values:
            raise ValueError("a prepared question cannot be asked with None")
        known = vars(connections[DEFAULT_DB_ALIAS]).setdefault("prepared", {})
        if self not in known:
            known[self] = self.compiled()
        return known[self]


class Prepared(_OfAConnection, Generic[Row]):
    """One question."""

    def __call__(self, *values: Any) -> list[Row]:
        """The rows, asked now; among no numbers there are none, and nothing is asked."""
        if [] in values:
            return []
        rows: list[Row] = self.here(values).rows(values)
        return rows

    def first(self, *values: Any) -> Row | None:
        """The first row, if any. The function's queryset says with [:1] that no more are read."""
        rows = self(*values)
        return rows[0] if rows else None

    def compiled(self) -> "_Filled":
        return _Compiled(self.ask(*self.stand_ins()), self.marks())


class _Filled:
    """SQL whose values come later."""

    def __init__(self, compiler: Any, marks: list[Any]) -> None:
        self.compiler = compiler
        self.sql, params = compiler.as_sql()
        adapted = [self._adapted(value) for value in marks]
        self.params = [(adapted.index(one), None) if one in adapted else (None, one) for one in params]

    def _adapted(self, value: Any) -> Any:
        if isinstance(value, datetime):
            return self.compiler.connection.ops.adapt_datetimefield_value(value)
        return json.dumps(sorted(set(value))) if isinstance(value, list) else value

    def filled(self, values: Sequence[Any]) -> tuple[Any, ...]:
        own = [self._adapted(value) for value in values]
        return tuple(constant if place is None else own[place] for place, constant in self.params)


class _Compiled(_Filled):
    """Its SQL on one connection. Django reads the rows, by a compiler that does not compile again."""

    def __init__(self, question: QuerySet[Any, Any], marks: list[Any]) -> None:
        if question._prefetch_related_lookups:  # type: ignore[attr-defined]
            raise ValueError("a prepared question reads one query's rows, and fetches nothing after them")
        super().__init__(question.query.get_compiler(question.db), marks)
        converters = self.compiler.get_converters([one[0] for one in self.compiler.select[: self.compiler.col_count]])
        self.compiler.get_converters = lambda expressions: converters
        question.query.get_compiler = lambda *args, **kwargs: self.compiler  # type: ignore[method-assign]
        self.question = question

    def rows(self, values: Sequence[Any]) -> list[Any]:
        filled = self.filled(values)
        self.compiler.as_sql = lambda: (self.sql, filled)
        found: Any = self.question._iterable_class(self.question)
        return list(found)


# --- Changes -------------------------------------------------------------------------------------------------------


def prepared_change(*kinds: type) -> Callable[[Callable[..., Changed]], "PreparedChange"]:
    """As prepared, for an update: the function returns the rows and what they become. Asked, it says how many it changed."""
    return lambda change: PreparedChange(change, kinds)


class PreparedChange(_OfAConnection):
    """One change of rows, in the caller's transaction if there is one."""

    def __call__(self, *values: Any) -> int:
        compiled: _Filled = self.here(values)
        with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
            cursor.execute(compiled.sql, compiled.filled(values))
            return int(cursor.rowcount)

    def compiled(self) -> _Filled:
        rows, become = self.ask(*self.stand_ins())
        query: Any = rows.query.chain(UpdateQuery)
        query.add_update_values(become)
        return _Filled(query.get_compiler(rows.db), self.marks())
