"""The demonstration chains as pure data; what fills a database with them is elsewhere and calls services."""

from tenants.demo.chain import DemoBranch, DemoChain, DemoPerson
from tenants.demo.lumi import LUMI
from tenants.demo.mane import MANE

CHAINS: tuple[DemoChain, ...] = (LUMI, MANE)

__all__ = ["CHAINS", "LUMI", "MANE", "DemoBranch", "DemoChain", "DemoPerson"]
