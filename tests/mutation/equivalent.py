"""Mutants that change nothing that anybody can observe: by a piece of their name, with the reason."""

EQUIVALENT: dict[str, str] = {
    "return in `return FINE`": "no hits is None or empty: the evaluator asks only whether there are any",
    "numbers.py:31: return in `return ()`": "no pointers is None or empty: the check asks only whether there are any",
    "numbers.py:33: constant in `True`": "strict: both lists are made from the same fields in the same order",
    "overig.toml:8 geldig_van": "what no sector covers is refused on every day; the date of that row is for reading only",
}
