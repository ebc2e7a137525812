"""What the console puts on the record holds when it is verified, and an edit of it does not."""

from __future__ import annotations

from console_store import database_of
from sqlalchemy import create_engine, text

from pipeline.commands.verify import VerifyOptions, run_verify


def test_a_console_at_work_leaves_a_record_that_holds(client, context, tmp_path, capsys):
    acts = [
        {"evidence": "blurred", "finding": "CLR_BLUR", "act": "disagree", "note": "It is sharp: \U0001f600."},
        {"evidence": "blurred", "finding": "CLR_BLUR", "act": "agree"},
        {"evidence": "blurred", "finding": "CLR_BLUR", "act": "undo"},
        {"evidence": "blurred", "act": "accept_weak"},
        {"evidence": "good", "act": "seen"},
    ]
    for act in acts:
        assert client.post("/decide", data={"dispute": "D-1"} | act).status_code == 303
    exported = tmp_path / "report.json"
    exported.write_text(client.get("/export/D-1?as=json").text)
    store = tmp_path / "store"
    assert run_verify(VerifyOptions(store)) == 0, capsys.readouterr().out
    assert run_verify(VerifyOptions(store, report=exported)) == 0
    database_of(context).close()
    engine = create_engine(f"sqlite:///{store / 'evidence.sqlite'}")
    with engine.begin() as connection:
        connection.execute(text("UPDATE decisions SET note = 'It is blurred.' WHERE number = 1"))
    engine.dispose()
    assert run_verify(VerifyOptions(store)) == 1
    assert "decision 1 is not the one that was made" in capsys.readouterr().out
