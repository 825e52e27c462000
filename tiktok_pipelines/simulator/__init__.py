"""A TikTok Shop that runs anywhere, over real HTTP, with real signatures.

For tests, the demo and benchmarks. It imports nothing else of the project, on purpose:
it has its own signing recipe and clock, so that a mistake of the client is not repeated
here. Where each behaviour comes from stands in the module that shows it: what is
documented or was seen, with the heading of the TikTok Shop API reference
(``docs/tiktok-shop-api.md``), and what is assumed.

    config      size, seed, limits               clock       time that tests move
    markets     names and goods of countries     storefront  a shop before any order
    shop        everything one shop has          truths      all of it, to compare with

    life        what a search must know          index       by id and by time
    asking      what a call asks for             register    search, detail, truth
    page_tokens where a search goes on

    timeline    an order's life, drawn before    plan        one order, without a clock
    basket      lines and money                  recipient   buyers, clear or masked
    parcels     packages and line states         render      an order as JSON
    query       what a search for orders asks    combining   orders that share a parcel

    shelf       titles and prices by edition     products    goods that come and go
    stock       orders take, deliveries bring    warehouses  where it lies
    taxonomy    categories, attributes, brands   packages    what travels in which order
    tracking    what the carrier tells           refunds     what lines are worth
    cancellations                                returns     drawn before they happen
    earnings    fees and taxes, SKU by SKU       settlements days, weeks, payouts
    finance     statements and payments          unsettled   estimates
    withdrawals money that leaves                prices      what the buyer paid
    promotions  sales and coupons

    sellers     codes and tokens                 gate        all checks, in order
    calls       what a call is                   endpoints   every call there is
    happenings  what is announced            postman     sends webhooks, again and again
    mishaps     what goes wrong on their way webhook_routes  the same over HTTP

    app         routes                           server      real HTTP

    paths       what is called                   faults      what is switched on
    fault_list  every kind of fault              fault_refusals  calls not answered
    fault_sending  late, cut, broken             fault_routes    the switches over HTTP
    spoiled_pages  rows and counts               spoiled_orders  content
    spoiled_records  content of other kinds      …_calls     the calls of one API family

Whatever a record is and becomes is a pure function of the seed and the time, and
records of different kinds agree, as each is drawn from the orders it is about.

What is to go wrong is put in with ``Simulator.faults.add(Fault(…))``, over HTTP, or by
hand through ``Simulator.around``.
"""

from tiktok_pipelines.simulator.config import SimulatorConfig
from tiktok_pipelines.simulator.fault_list import KINDS, Fault
from tiktok_pipelines.simulator.server import run, serve
from tiktok_pipelines.simulator.simulator import Simulator

__all__ = ["KINDS", "Fault", "Simulator", "SimulatorConfig", "run", "serve"]
