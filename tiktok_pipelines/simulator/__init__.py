"""A TikTok Shop that runs anywhere, over real HTTP, with real signatures.

For tests, the demo and benchmarks. It imports nothing else of the project, on purpose:
it has its own signing recipe and clock, so that a mistake of the client is not repeated
here. Where each behaviour comes from stands in the module that shows it: what is
documented or was seen, with the heading of the TikTok Shop API reference
(``docs/tiktok-shop-api.md``), and what is assumed.

    config      size, seed, limits               clock       time that tests move
    markets     names and goods of six countries storefront  a shop before any order
    timeline    an order's life, drawn before    plan        one order, without a clock
    basket      lines and money                  recipient   buyers, clear or masked
    parcels     packages and line states         render      an order as JSON
    index       orders by id and by time         query       what a search asks for
    page_tokens where a search goes on           shop        search, detail, truth
    sellers     codes and tokens                 gate        all checks, in order
    app         routes                           server      real HTTP

    paths       what is called               faults      what is switched on
    fault_list  every kind of fault          fault_refusals  calls not answered
    fault_sending  late, cut, broken         fault_routes    the switches over HTTP
    spoiled_pages  rows and counts           spoiled_orders  content

What is to go wrong is put in with ``Simulator.faults.add(Fault(…))``, over HTTP, or by
hand through ``Simulator.around``.
"""

from tiktok_pipelines.simulator.config import SimulatorConfig
from tiktok_pipelines.simulator.fault_list import KINDS, Fault
from tiktok_pipelines.simulator.server import run, serve
from tiktok_pipelines.simulator.simulator import Simulator

__all__ = ["KINDS", "Fault", "Simulator", "SimulatorConfig", "run", "serve"]
