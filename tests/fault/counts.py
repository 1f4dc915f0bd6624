"""How much of everything: the full counts are for ./dev soak, ./dev test runs a tenth."""

import os


def tenth_of(full):
    return full if os.environ.get("YALLCHAT_FAULT_FULL") == "1" else full // 10
