import pytest, time, collections
from django.db import transaction
from django.utils.safestring import SafeString
from django.template.base import Template
from tests.newsroom.roles.world import a_world, signed_in
from tests.newsroom.roles.addresses import addresses
def test_probe(db, monkeypatch):
    w=a_world()
    alls=list(addresses(w)); print(len(alls))
    monkeypatch.setattr(Template,"render",lambda *a,**k: SafeString(""))
    t=time.time(); out={}
    for role,acc in w.people.items():
        c=signed_in(acc); t0=time.time()
        c.raise_request_exception=False
        for a in [x for x in alls if x.name not in ("wagtailadmin_logout","wagtailadmin_error_test","wagtailadmin_login")]:
            for m in ("get","post"):
                with transaction.atomic():
                    r=getattr(c,m)(a.url)
                    transaction.set_rollback(True)
                [k() for k in r._resource_closers]
                if r.status_code==500 and role=="admin": print(a, m, repr(getattr(r,"exc_info",[0,0])[1])[:200])
                code=f"{r.status_code}"+(f">{r.headers['location'][:30]}" if r.status_code in(301,302) else "")
                out.setdefault((a.name,a.what,m),{})[role]=code
        print(role,time.time()-t0)
    with open("/tmp/d2out.txt","w") as f:
        for k,v in out.items():
            by=collections.defaultdict(list)
            for r,c in v.items(): by[c].append(r)
            print(*k,"|", "; ".join(f"{c}: {','.join(rs) if len(rs)<8 else 'ALL'}" for c,rs in by.items()),file=f)
