from enum import StrEnum


class Name(StrEnum):
    batch='batch'
class Size: pass
