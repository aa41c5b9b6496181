"""Probe."""
from datetime import timedelta, date
import pytest
from uuid import UUID
from tests.flows.test_proof import *
from tests.flows.test_standen import put, of, outcomes, stand
from tests.flows.conftest import world
from tests.ddas.conftest import out
from tests.feedback.conftest import town
from tests.conftest import *
from tests.forwarding.test_forwarding import prepared, sealed, forward
from gateway.signals import afterwards, quality, standen
from gateway.inboxes import claiming
from gateway.core import ids as idm
import psycopg
from gateway.feedback import feed
from tests.feedback.test_feed import insert
from schemas.inbox import Afwijzing
from gateway.core.errors import Conflict, Unavailable
from tests.flows.world import *

def test_p_leaf(world):
    (o,) = world.deliver(world.signal()); world.number()
    covered(world)
    b = prove(world, o.id)
    print("LEAF", o.leaf.hex()==b.logblad, b.bezorgd_als_nummer, b.log.nummer)
    assert o.leaf.hex() == b.logblad

def test_p_wrongful(out):
    (moved, rejected), claim = prepared(out, *out.signals(2))
    claiming.reject(CLERK, HAARLEM, TRACE, rejected, Afwijzing(claim=claim.id, reden="geen_inwoner"), out.desk)
    def n(): 
        m = quality.report(LANDLORD.principal, out.today, out.today, out.ingest).maanden
        return sum(x.onterecht_ingetrokken for x in m)
    for id in (rejected, moved):
        if id == moved: forward(out, moved, sealed(out, claim, moved)); out.number()
        before = n()
        with pytest.raises(Conflict):
            afterwards.withdraw(LANDLORD, TRACE, id, IntrekkingAanvraag(reden="onterecht"), out.steps, out.number)
        assert n() == before, id == moved

def test_p_withdrawn_then_forwarded(out):
    (moved, rejected), claim = prepared(out, *out.signals(2))
    for id in (moved, rejected):
        afterwards.withdraw(LANDLORD, TRACE, id, IntrekkingAanvraag(reden="betaald"), out.steps, out.number)
    claiming.reject(CLERK, HAARLEM, TRACE, rejected, Afwijzing(claim=claim.id, reden="geen_inwoner"), out.desk)
    forward(out, moved, sealed(out, claim, moved)); out.number()
    a, b = (afterwards.state(LANDLORD.principal, id, out.steps) for id in (moved, rejected))
    print(a, b, len(out.claim(UTRECHT).berichten))
    assert (a.ingetrokken_op is None) == (b.ingetrokken_op is None)

def test_p_lost_withdrawal(out):
    (id,), claim = prepared(out)
    r = sealed(out, claim, id)
    forward(out, id, r)
    with pytest.raises(Conflict):
        afterwards.withdraw(LANDLORD, TRACE, id, IntrekkingAanvraag(reden="betaald"), out.steps, out.number)
    out.number()
    assert out.state_of(r.bericht) == "ingetrokken"

def test_p_order(town, dsns):
    with psycopg.connect(dsns.inbox) as c:
        for n in range(40): insert(c, LANDLORD.principal, f"K-{n:02}")
    from gateway.feedback import feed
    while True:
        with town.log.transaction() as c:
            if not c.execute("SELECT number_feedback(%s, 10)", (town.clock.now(),)).fetchone()[0]: break
    got = [int(i.kenmerk[2:]) for i in town.feed()]
    print(got)
    assert max(got[:10]) > 15

def test_p_kwal(world):
    try:
        quality.report(LANDLORD.principal, date(9999,12,1), date(9999,12,1), world.ingest)
    except OverflowError as e:
        pytest.fail(repr(e))

def test_p_collide(world):
    a, b = (of(s, k, 10_000) for s, k in zip(world.signals(2), "AB", strict=True))
    put(world, [a]); world.clock.advance(timedelta(days=1))
    day = world.today
    v = put(world, [of(a, "A", 20_000), of(b, f"A:{day:%Y%m%d}", 10_000)])
    print(outcomes(v))

def test_p_fence(world):
    a, b = (of(s, k, 10_000) for s, k in zip(world.signals(2), "AB", strict=True))
    put(world, [a, b]); world.number()
    world.clock.advance(timedelta(days=1))
    n = [0]
    class Slow:
        def __init__(s, d): s.d=d
        def transaction(s):
            n[0]+=1
            if n[0]==3:
                world.clock.advance(timedelta(days=1))
                print(outcomes(put(world, [a, b])))
            return s.d.transaction()
    steps = world.steps._replace(database=Slow(world.ingest))
    try:
        v,_ = standen.reconcile(LANDLORD, TRACE, world.today, stand([a]), steps, world.number)
        print(outcomes(v))
    except Exception as e: print(repr(e))
    world.number()
    print([(x.id, x.staat) for x in world.page()])
    assert all(x.staat == "bezorgd" for x in world.page())

def test_p_stand_forwarded(out):
    a = of(out.signal(), "A", 10_000)
    put(out, [a]); out.number()
    claim = out.claim(); (id,) = [b.id for b in claim.berichten]
    r = sealed(out, claim, id); forward(out, id, r); out.number()
    out.clock.advance(timedelta(days=1))
    print(outcomes(put(out, [], reden_vervallen="betaald")))
    assert out.state_of(r.bericht) == "ingetrokken"
