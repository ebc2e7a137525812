"""Every route with every kind of access and tenant; and what links, tokens and proxies let in."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import timedelta

import pytest
from console_access import KEY, LOCAL, REMOTE
from console_store import NOW, Filling, photo

from pipeline.console.access.access_settings import is_loopback, read_access
from pipeline.console.access.links import make_link, read_link
from pipeline.console.access.principal import ACT, LINK, OPERATE, Principal
from pipeline.console.access.tokens import new_token
from pipeline.console.app import make_app
from pipeline.console.core.console_context import Console
from pipeline.console.routes import ROUTES
from storage.errors import StoreMisconfiguredError

HOUR = timedelta(hours=1)


def link(role="mediator", dispute="D-1", tenant="default", key=KEY, until=HOUR):
    return make_link(key, Principal("lea", role, tenant, LINK, dispute), NOW + until)


def token(context, role, tenant="default", expires=None, **changes):
    text, record = new_token(tenant, role, "tool", NOW, expires)
    with context.database.transaction() as records:
        records.put_tokens([replace(record, **changes)])
    return {"Authorization": f"Bearer {text}"}


def cookie(text):
    return {"Cookie": f"evidence_link={text}"}


PROXIED = {"X-Forwarded-User": "pia"}

# name: (access, address, headers of a desk, role or None, tenant, by link, may use the API)
KINDS = {
    "local": (LOCAL, "127.0.0.1", lambda _: {}, "operator", "default", False, True),
    "stranger": (REMOTE, "10.9.9.9", lambda _: {}, None, "", False, False),
    "proxy": (REMOTE, "10.0.0.5", lambda _: PROXIED, "mediator", "default", False, False),
    "operator by proxy": (
        REMOTE,
        "10.0.0.5",
        lambda _: {"X-Forwarded-User": "olga"},
        "operator",
        "default",
        False,
        False,
    ),
    "header without the proxy": (REMOTE, "10.0.0.6", lambda _: PROXIED, None, "", False, False),
    "proxy without a name": (REMOTE, "10.0.0.5", lambda _: {"X-Forwarded-User": " "}, None, "", False, False),
    "operator's token": (
        REMOTE,
        "10.9.9.9",
        lambda d: token(d, "operator"),
        "operator",
        "default",
        False,
        True,
    ),
    "mediator's token": (
        REMOTE,
        "10.9.9.9",
        lambda d: token(d, "mediator"),
        "mediator",
        "default",
        False,
        True,
    ),
    "reader's token": (
        REMOTE,
        "10.9.9.9",
        lambda d: token(d, "read-only"),
        "read-only",
        "default",
        False,
        True,
    ),
    "other tenant's token": (
        REMOTE,
        "10.9.9.9",
        lambda d: token(d, "operator", "other"),
        "operator",
        "other",
        False,
        True,
    ),
    "expired token": (
        REMOTE,
        "10.9.9.9",
        lambda d: token(d, "operator", expires=NOW),
        None,
        "",
        False,
        False,
    ),
    "revoked token": (
        REMOTE,
        "10.9.9.9",
        lambda d: token(d, "operator", revoked_at=NOW),
        None,
        "",
        False,
        False,
    ),
    "wrong token": (
        LOCAL,
        "127.0.0.1",
        lambda _: {"Authorization": "Bearer evt_wrong"},
        None,
        "",
        False,
        False,
    ),
    "other scheme": (LOCAL, "127.0.0.1", lambda _: {"Authorization": "Basic YTpi"}, None, "", False, False),
    "mediator's link": (REMOTE, "10.9.9.9", lambda _: cookie(link()), "mediator", "default", True, False),
    "reader's link": (
        REMOTE,
        "10.9.9.9",
        lambda _: cookie(link("read-only")),
        "read-only",
        "default",
        True,
        False,
    ),
    "link to another case": (
        REMOTE,
        "10.9.9.9",
        lambda _: cookie(link(dispute="D-2")),
        "mediator",
        "default",
        True,
        False,
    ),
    "other tenant's link": (
        REMOTE,
        "10.9.9.9",
        lambda _: cookie(link(tenant="other")),
        "mediator",
        "other",
        True,
        False,
    ),
    "expired link": (REMOTE, "10.9.9.9", lambda _: cookie(link(until=-HOUR)), None, "", False, False),
    "link of another key": (
        REMOTE,
        "10.9.9.9",
        lambda _: cookie(link(key=b"x" * 32)),
        None,
        "",
        False,
        False,
    ),
    "link made longer": (REMOTE, "10.9.9.9", lambda _: cookie(link() + "A"), None, "", False, False),
}

OF_CASE = {
    "/case/{dispute:path}": "/case/D-1",
    "/item/{evidence:path}": "/item/blurred",
    "/compare": "/compare?a=good&b=theirs",
    "/ask/{dispute:path}": "/ask/D-1?party=buyer",
    "/decide": "/decide",
    "/media/{evidence:path}/{sha256}": "/media/good/{picture}",
    "/original/{evidence:path}": "/original/film",
    "/cover/{dispute:path}": "/cover/D-1",
    "/comparison/{first}/{second}": "/comparison/theirs/reused",
    "/layer/{first}/{second}/{layer}": "/layer/theirs/reused/other",
    "/export/{dispute:path}": "/export/D-1?as=csv",
    "/v1/disputes/{dispute:path}/report": "/v1/disputes/D-1/report",
    "/v1/disputes/{dispute:path}/findings": "/v1/disputes/D-1/findings",
    "/v1/disputes/{dispute:path}/decisions": "/v1/disputes/D-1/decisions",
}
"""An address of default's case D-1 for each route that names one; all others name none."""

FORMS = {
    "/decide": {"data": {"dispute": "D-1", "evidence": "blurred", "act": "seen"}},
    "/ask/{dispute:path}": {"data": {"party": "buyer", "text": "again"}},
    "/before-upload": {"files": {"file": ("a.txt", b"hello")}},
    "/v1/precheck": {"files": {"file": ("a.txt", b"hello")}},
    "/v1/disputes/{dispute:path}/decisions": {"json": {"act": "seen", "evidence_id": "blurred"}},
}


def expected(route, kind):
    """The status: 0 stands for success."""
    _, _, _, role, tenant, by_link, api = KINDS[kind]
    if role is None or (route.api and not api):
        return 401
    if by_link and not route.of_case:
        return 403
    if route.need == OPERATE and role != "operator":
        return 403
    if route.need == ACT and role == "read-only":
        return 403
    if route.path not in OF_CASE:
        return 0
    # A link to D-1 does not open D-2, whose item the comparison shows too.
    crosses = route.path.startswith(("/comparison", "/layer"))
    if tenant == "other":
        # Its own case D-1 is another one: none of the items above is in it.
        return (
            0
            if route.path.endswith(("/report", "/findings", "/decisions")) and route.method == "GET"
            else None
        )
    if kind == "link to another case" or (by_link and crosses):
        return 404
    return 0


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_every_route_with_every_kind_of_access(client_of, context, route, kind):
    access, ip, headers, _, tenant, _, _ = KINDS[kind]
    client = client_of(access, ip, Sec_Fetch_Site="same-origin", **headers(context))
    with context.database.reading() as records:
        kept = records.newest_examinations("default", [records.evidence("default", ["good"])[0].sha256])
    picture = next(iter(kept.values())).derivatives[0].sha256
    address = OF_CASE.get(route.path, route.path).replace("{picture}", picture)
    answer = client.request(route.method, address, **(FORMS[route.path] if route.method == "POST" else {}))
    status = expected(route, kind)
    if status is None:
        assert "blurred" not in answer.text
        assert "box.jpg" not in answer.text
        assert answer.status_code in (200, 303, 400, 404)
    elif status == 0:
        assert answer.status_code in (200, 201, 303), answer.text
    else:
        assert answer.status_code == status, answer.text
    if answer.status_code in (401, 403, 404):
        for secret in ("box.jpg", "CLR_BLUR", "reused"):
            assert secret not in answer.text
    assert "content-security-policy" in answer.headers
    if route.path == "/decide" and status != 0:
        with context.database.reading() as records:
            assert records.decisions("default", "D-1") == []
    assert tenant in ("", "default", "other")


def test_nothing_is_served_but_the_table_style_and_the_door(context):
    guarded = make_app(Console(context, LOCAL, lambda: NOW))
    served = {(route.path, method) for route in guarded._app.routes for method in route.methods - {"HEAD"}}
    assert served == {(route.path, route.method) for route in ROUTES} | {
        ("/static/{name}", "GET"),
        ("/enter", "GET"),
    }
    assert len(served) == len(ROUTES) + 2


def test_a_tenant_sees_its_own_queue_and_case_alone(client_of, context):
    client = client_of(REMOTE, "10.9.9.9", **token(context, "operator", "other"))
    told = client.get("/v1/disputes").json()
    assert [one["dispute_id"] for one in told["disputes"]] == ["D-1", "D-9"]
    items = client.get("/v1/disputes/D-1/report").json()["evidence"]
    assert [one["id"] for one in items] == ["other-D-1"]
    assert client.get("/item/good").status_code == 404


def test_a_link_is_entered_by_a_cookie_that_scripts_cannot_read(client_of):
    client = client_of(REMOTE, "10.9.9.9")
    answer = client.get(f"/enter?link={link()}")
    assert (answer.status_code, answer.headers["location"]) == (303, "/case/D-1")
    kept = answer.headers["set-cookie"]
    assert {"HttpOnly", "Path=/", "SameSite=lax", "Max-Age=3600", "Secure"} <= set(kept.split("; ")[1:])
    assert client.get("/case/D-1").status_code == 200
    assert client.get("/enter?link=nonsense").status_code == 401
    assert (
        "Ask the buyer"
        not in client_of(REMOTE, "10.9.9.9", **cookie(link("read-only"))).get("/case/D-1").text
    )


def test_by_a_link_no_picture_of_another_case_leaves(client_of):
    def names(text):
        answer = client_of(REMOTE, "10.9.9.9", **text).get("/export/D-2?as=zip")
        return {name.split("-")[0] for name in zipfile.ZipFile(io.BytesIO(answer.content)).namelist()}

    assert "media/comparison" not in names(cookie(link(dispute="D-2")))
    text = client_of(REMOTE, "10.9.9.9", **cookie(link(dispute="D-2"))).get("/item/reused").text
    assert "/compare?a=reused&amp;b=theirs" not in text


def test_by_a_link_no_page_lists_items_of_another_case(client_of, context):
    Filling(context).item("second", "D-2", photo())
    Filling(context).judge("D-2")
    for path in ("/item/reused", "/compare?a=reused&b=second"):
        assert "dispute <bdi>D-1</bdi>" in client_of(LOCAL).get(path).text
        text = client_of(REMOTE, "10.9.9.9", **cookie(link(dispute="D-2"))).get(path).text
        assert "b=second" in text or "a=second" in text
        assert "b=theirs" not in text
        if path.startswith("/compare"):  # the item's own page names the match, as its report does
            assert "seller/p.jpg" not in text


@pytest.mark.parametrize("text", ["", ".", "a.b", "ä.ö", link()[:-2], link().replace(".", ""), "x" * 5000])
def test_what_is_no_link_opens_nothing(text):
    assert read_link(KEY, text, NOW) is None


def test_a_link_sent_before_an_upgrade_still_opens():
    """Written down from the release before links were signed by itsdangerous."""
    sent = (
        "WyJkZWZhdWx0IiwiRC0xIiwicmVhZC1vbmx5IiwibGVhIiw0MTAyNDQ0ODAwXQ.BoW74lC"
        "fDqGYrbnY0zM--R08jnRqBt9Zv1E536fhDUQ"
    )
    principal, expires = read_link(b"k" * 32, sent, NOW)
    assert (principal.dispute_id, principal.role, principal.name) == ("D-1", "read-only", "lea")
    assert expires.year == 2100


def test_a_link_ends_at_its_time():
    text = link(until=HOUR)
    assert read_link(KEY, text, NOW + HOUR - timedelta(seconds=1)) is not None
    assert read_link(KEY, text, NOW + HOUR) is None


def test_two_names_in_the_proxys_header_are_none(client_of):
    client = client_of(REMOTE, "10.0.0.5")
    answer = client.get("/", headers=[("X-Forwarded-User", "pia"), ("X-Forwarded-User", "olga")])
    assert answer.status_code == 401


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "", "localhost@evil.example", "[::2]:80"]
)
def test_a_loopback_console_answers_to_its_own_names_alone(client_of, host):
    assert client_of(LOCAL, Host=host).get("/").status_code == 421


@pytest.mark.parametrize("host", ["localhost", "localhost:8765", "127.0.0.1:1", "[::1]:8765", "LOCALHOST."])
def test_names_of_this_machine(client_of, host):
    assert client_of(LOCAL, Host=host).get("/").status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://127.0.0.1:9999"}, 403),
        ({"Origin": "http://127.0.0.1:8765"}, 303),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, 303),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://127.0.0.1:8765"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "none", "Origin": "https://evil.example"}, 403),
    ],
)
def test_forms_come_from_our_own_pages_alone(client_of, context, headers, status):
    client = client_of(LOCAL)
    answer = client.post(
        "/decide", data={"dispute": "D-1", "evidence": "blurred", "act": "seen"}, headers=headers
    )
    assert answer.status_code == status
    with context.database.reading() as records:
        assert bool(records.decisions("default", "D-1")) == (status == 303)


def test_a_program_needs_no_origin_but_a_page_cannot_use_the_api_from_elsewhere(client_of):
    client, given = client_of(LOCAL), {"act": "seen", "evidence_id": "blurred"}
    assert client.post("/v1/disputes/D-1/decisions", json=given).status_code == 201
    foreign = client.post(
        "/v1/disputes/D-1/decisions", json=given, headers={"Origin": "https://evil.example"}
    )
    assert foreign.status_code == 403
    plain = client.post("/v1/disputes/D-1/decisions", content="{}", headers={"Content-Type": "text/plain"})
    assert plain.status_code == 415


def test_other_machines_are_let_in_only_where_something_says_who(tmp_path, monkeypatch):
    for name in ("EVIDENCE_PROXY_ADDRESS", "EVIDENCE_LINK_KEY", "EVIDENCE_PUBLIC_URL"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(StoreMisconfiguredError, match="nothing says who may"):
        read_access(tmp_path, "0.0.0.0", "ann", "default", has_tokens=False)
    assert not read_access(tmp_path, "0.0.0.0", "ann", "default", has_tokens=True).local
    monkeypatch.setenv("EVIDENCE_PROXY_ADDRESS", "10.0.0.5, ::ffff:10.0.0.6")
    behind = read_access(tmp_path, "127.0.0.1", "ann", "default", has_tokens=False)
    assert not behind.local, "who the proxy brings must say who they are"
    monkeypatch.setenv("EVIDENCE_PROXY_ADDRESS", "somewhere")
    with pytest.raises(StoreMisconfiguredError, match="not an IP address"):
        read_access(tmp_path, "127.0.0.1", "ann", "default", has_tokens=False)
    monkeypatch.setenv("EVIDENCE_PROXY_ADDRESS", "")
    monkeypatch.setenv("EVIDENCE_LINK_KEY", "short")
    with pytest.raises(StoreMisconfiguredError, match="at least 32"):
        read_access(tmp_path, "127.0.0.1", "ann", "default", has_tokens=False)
    monkeypatch.setenv("EVIDENCE_LINK_KEY", "k" * 32)
    assert read_access(tmp_path, "0.0.0.0", "ann", "default", has_tokens=False).link_key == b"k" * 32
    assert read_access(tmp_path, "127.0.0.1", "ann", "default", has_tokens=False).local
    monkeypatch.setenv("EVIDENCE_PUBLIC_URL", "https://disputes.example")
    public = read_access(tmp_path, "127.0.0.1", "ann", "default", has_tokens=False)
    assert not public.local, "whom a proxy on this machine brings is not at this machine"
    assert "disputes.example" in public.hosts
    monkeypatch.delenv("EVIDENCE_LINK_KEY")
    with pytest.raises(StoreMisconfiguredError, match=r"Others can reach disputes\.example"):
        read_access(tmp_path, "127.0.0.1", "ann", "default", has_tokens=False)
    monkeypatch.setenv("EVIDENCE_PUBLIC_URL", "disputes.example")
    with pytest.raises(StoreMisconfiguredError, match="not an address"):
        read_access(tmp_path, "127.0.0.1", "ann", "default", has_tokens=False)


@pytest.mark.parametrize(
    "name", ["Forwarded", "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-User", "X-Real-IP", "Via"]
)
def test_who_was_passed_on_is_not_at_this_machine(client_of, name):
    client = client_of(LOCAL)
    for path in ("/", "/case/D-1", "/v1/disputes"):
        assert client.get(path).status_code == 200
        assert client.get(path, headers={name: "for=192.0.2.7"}).status_code == 401


@pytest.mark.parametrize(
    ("host", "is_ours"),
    [("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("::", False),
     ("10.0.0.1", False), ("localhost.example", False)],
)  # fmt: skip
def test_loopback_is_told_from_other_addresses(host, is_ours):
    assert is_loopback(host) == is_ours
