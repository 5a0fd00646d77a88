"""The calls that an engine and a view have in common."""

from __future__ import annotations

import json
from typing import Any, ContextManager, Dict, Iterable, List, Mapping, Optional, Sequence, Tuple

from . import _layout as layout
from ._caller import Caller
from ._values import AttributeValue, Instant, UnitValue, mapping, nanoseconds
from .batch import Batch
from .decision import Decision
from .destination import Destination, destination_of
from .errors import InvalidArgument

Attributes = Optional[Mapping[str, AttributeValue]]
Units = Optional[Mapping[str, UnitValue]]
Assignments = Optional[Mapping[str, Optional[str]]]


class Resolving:
    """What resolves: an :class:`Engine`, or a :class:`View`.

    The arguments of all calls:

    - ``use_case``: its name.
    - ``unit``: the primary unit, a str or bytes; absent units are replaced as the document says.
    - attributes as keywords: a str, a bool, a number or None. Those whose names are no identifiers,
      or are words of this signature, go into ``attributes={"app.version": "8.2"}``; of two with one
      name the keyword holds.
    - ``units``: units beside the primary one, by name.
    - ``assignments``: experiment to cell, for cells allocated elsewhere; None keeps the unit out.
    - ``request_id``: what a request without a unit draws by.
    - ``now``: a datetime with a time zone, or nanoseconds since 1970; the clock if absent.
    - ``config``: whether the merged config is wanted.

    Any number of threads may call at any time, with no set-up. Nothing here waits: call it from
    asyncio as it is.
    """

    _caller: Caller

    def resolve(
        self,
        use_case: str,
        /,
        unit: Optional[UnitValue] = None,
        *,
        units: Units = None,
        assignments: Assignments = None,
        request_id: Optional[UnitValue] = None,
        now: Optional[Instant] = None,
        config: bool = False,
        attributes: Attributes = None,
        **context: AttributeValue,
    ) -> Decision:
        """The decision for one request.

        Raises :class:`UnknownUseCase`, :class:`Disabled`, :class:`MissingRequired` or
        :class:`Unavailable`, all of them :class:`Refused`, where there is none, with the engine's
        own words; :class:`InvalidArgument`, :class:`NoTable` or :class:`Closed` where it could not
        be asked.
        """
        if attributes:
            context = {**attributes, **context}
        moment = 0 if now is None else nanoseconds(now)
        flags = 1 if config else 0
        decision = self._caller.decide(
            use_case, unit, context, units, assignments, request_id, moment, flags
        )
        if decision.ok:
            return decision
        raise self._caller.refused(
            decision, unit, context, units, assignments, request_id, moment, flags
        )

    def try_resolve(
        self,
        use_case: str,
        /,
        unit: Optional[UnitValue] = None,
        *,
        units: Units = None,
        assignments: Assignments = None,
        request_id: Optional[UnitValue] = None,
        now: Optional[Instant] = None,
        config: bool = False,
        attributes: Attributes = None,
        **context: AttributeValue,
    ) -> Decision:
        """As :meth:`resolve`, but where there is no decision it returns that, as a Decision whose
        ``ok`` is False and whose ``status`` says why. Failures are raised here, too."""
        if attributes:
            context = {**attributes, **context}
        moment = 0 if now is None else nanoseconds(now)
        return self._caller.decide(
            use_case, unit, context, units, assignments, request_id, moment, 1 if config else 0
        )

    def resolve_batch(
        self,
        use_case: str,
        units_of_batch: Iterable[UnitValue],
        /,
        *,
        units: Units = None,
        assignments: Assignments = None,
        request_id: Optional[UnitValue] = None,
        now: Optional[Instant] = None,
        config: bool = False,
        attributes: Attributes = None,
        **context: AttributeValue,
    ) -> Batch:
        """One use case for many primary units, all against one revision: a list of units, or an
        array of NumPy's. Everything else of the request is the same for all of them.

        Each element has a status of its own, as with :meth:`try_resolve`; a unit that is no unit
        (longer than 65,536 bytes) has ``"invalid_argument"``. A request that is not valid is
        raised.
        """
        if attributes:
            context = {**attributes, **context}
        listed = _listed(units_of_batch)
        if len(listed) > layout.BATCH_MAX:
            raise InvalidArgument(f"a batch has at most {layout.BATCH_MAX} units: divide it")
        # Copies, which no other thread can change while the batch is under way.
        units = dict(mapping(units, "units")) if units else None
        assignments = dict(mapping(assignments, "assignments")) if assignments else None
        given = (context, units, assignments, request_id, nanoseconds(now), 1 if config else 0)
        return self._decide_units(use_case, listed, given)

    def resolve_use_cases(
        self,
        use_cases: Iterable[str],
        /,
        unit: Optional[UnitValue] = None,
        *,
        units: Units = None,
        assignments: Assignments = None,
        request_id: Optional[UnitValue] = None,
        now: Optional[Instant] = None,
        config: bool = False,
        attributes: Attributes = None,
        **context: AttributeValue,
    ) -> List[Decision]:
        """One request for many use cases, all against one revision: a page of rows. Each decision
        has a status of its own, as with :meth:`try_resolve`."""
        if attributes:
            context = {**attributes, **context}
        given = (context, units, assignments, request_id, nanoseconds(now), 1 if config else 0)
        return self._decide_use_cases(list(use_cases), unit, given)

    def destination(self, routing_key: str) -> Destination:
        """Where a routing key leads in the table in force: for who was given one, and must not send
        to what is not there. A cluster that is down has its key still, and ``state`` says so.

        Raises :class:`UnknownRoutingKey` if the table does not have it; :class:`InvalidArgument`,
        :class:`NoTable` or :class:`Closed` where it could not be asked.
        """
        return destination_of(self._caller.hold(), routing_key)

    def explain(self, use_case: str, /, unit: Optional[UnitValue] = None, **request: Any) -> str:
        """Why a request gets its answer, or none, for people; takes what :meth:`resolve` takes.
        Takes far longer than a resolve: for a request that somebody looks into."""
        return self._explain(layout.EXPLAIN_TEXT, use_case, unit, **request)

    def explain_json(
        self, use_case: str, /, unit: Optional[UnitValue] = None, **request: Any
    ) -> Dict[str, Any]:
        """As :meth:`explain`, for programs: Docs/explain.md says what the keys mean."""
        return dict(json.loads(self._explain(layout.EXPLAIN_JSON, use_case, unit, **request)))

    def _explain(
        self,
        form: int,
        use_case: str,
        unit: Optional[UnitValue],
        units: Units = None,
        assignments: Assignments = None,
        request_id: Optional[UnitValue] = None,
        now: Optional[Instant] = None,
        config: bool = False,
        attributes: Attributes = None,
        **context: AttributeValue,
    ) -> str:
        context = {**mapping(attributes or {}, "attributes"), **context}
        given = (context, units, assignments, request_id, nanoseconds(now), 1 if config else 0)
        return self._caller.explain(form, use_case, unit, *given)

    def _pinned(self) -> ContextManager[Resolving]:
        """Something that gives all its answers from one revision."""
        raise NotImplementedError

    def _decide_use_cases(
        self, use_cases: Sequence[str], unit: Optional[UnitValue], given: Tuple[Any, ...]
    ) -> List[Decision]:
        if len(use_cases) <= 1:
            return [self._caller.decide(name, unit, *given) for name in use_cases]
        with self._pinned() as pinned:
            decide = pinned._caller.decide
            return [decide(name, unit, *given) for name in use_cases]

    def _decide_units(
        self, use_case: str, units: Sequence[UnitValue], given: Tuple[Any, ...]
    ) -> Batch:
        decided = self._caller.decide_units(use_case, units, given)
        if decided is None:
            with self._pinned() as pinned:
                decided = pinned._caller.decide_units(use_case, units, given)
        assert decided
        return Batch(*decided)


def _listed(units: Iterable[UnitValue]) -> Sequence[UnitValue]:
    if isinstance(units, (str, bytes)):
        raise TypeError("a batch takes many units: give a list, or call resolve() for one")
    if isinstance(units, (list, tuple)):
        return units
    return units.tolist() if hasattr(units, "tolist") else list(units)
