"""How much of everything: the full counts are for ./dev soak, ./dev test runs a tenth."""

import os


def is_full():
    return os.environ.get("YALLCHAT_FAULT_FULL") == "1"


def tenth_of(full):
    return full if is_full() else full // 10
