from typing import Any, List, Optional, Tuple

class Caller:
    def __new__(
        cls,
        resolve: int,
        resolve_units: int,
        handle: int,
        holder: object,
        make: object,
        rare: object,
        home: Optional[Caller],
        /,
    ) -> Caller: ...
    def decide(self, *arguments: Any) -> Any: ...
    def decide_units(self, *arguments: Any) -> Optional[Tuple[bytes, List[Any]]]: ...
