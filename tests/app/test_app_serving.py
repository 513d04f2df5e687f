"""Who may ask the server, what it hands out, and how it is begun and ended."""

import re
import signal
import socket
import subprocess
import sys
import threading
from importlib import resources

import pytest

from nashscape.app import serve
from nashscape.app.parts import Part
from nashscape.app.serving import names_of
from nashscape.cli.app import app
from nashscape.core import InputError


@pytest.fixture
def server(talk, monkeypatch):
    monkeypatch.setattr("nashscape.app.desks.computed", lambda *_: Part({}))
    with talk.served() as made:
        yield made


def test_the_page_comes_with_a_strict_policy_and_nothing_from_elsewhere(server):
    status, headers, body = server.get("/")
    assert status == 200
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert not re.search(r"unsafe|\*|https?:", policy)
    assert headers["x-content-type-options"] == "nosniff"
    assert b"<title>" in body
    for one in (resources.files("nashscape.app") / "page").iterdir():
        status, _, text = server.get(f"/{one.name}")
        assert status == 200
        assert not re.search(rb"https?://(?!www\.w3\.org/2000/svg)", text)
        assert b" style=" not in text
        assert not re.search(rb"innerHTML|eval\(|document\.write|new Function", text)


@pytest.mark.parametrize(
    "path",
    ["/pages.py", "/../pages.py", "/..%2fpages.py", "/%2e%2e/pages.py", "//etc/passwd", "/page/index.html", "/x"],
)
def test_nothing_but_the_files_of_the_page_is_ever_opened(server, path):
    status, _, body = server.get(path)
    assert status == 404
    assert b"import" not in body


def test_another_name_or_origin_is_refused(server):
    assert server.get("/", host="evil.example")[0] == 403
    assert server.get("/", origin="http://evil.example")[0] == 403
    assert server.get("/export/py", "POST", b"{}", origin="http://evil.example")[0] == 403
    assert server.get("/", host=f"localhost:{server.port}")[0] == 200
    assert server.get("/export/py", "POST", b"{}", origin=server.home)[0] == 200
    assert names_of("192.0.2.1", 80) is None


def test_exports_answer_with_files_and_say_what_is_wrong(server):
    status, headers, body = server.get("/export/py", "POST", b'{"game": "chicken"}')
    assert (status, headers["content-type"].partition(";")[0]) == (200, "text/x-python")
    assert b"chicken" in body
    status, headers, body = server.get("/export/toml", "POST", b'{"subsidy": 1}')
    assert (status, headers["x-refused"]) == (200, "1")
    assert b"names its game" in body
    for wrong in (b"nothing", b'{"game": "mine.py:market"}', b" " * 200_000):
        assert server.get("/export/py", "POST", wrong)[1]["x-refused"] == "1"
    assert server.get("/export/exe", "POST", b"{}")[0] == 404
    assert b"at most 65536 bytes" in server.get("/export/py", "POST", iter([b"{" * 60_000] * 2))[2]
    assert server.get("/export/py")[0] in (404, 405)


def test_choices_are_handed_out(server):
    status, headers, body = server.get("/choices")
    assert status == 200
    assert headers["content-type"] == "application/json"
    assert b"stag_hunt" in body


def test_an_address_that_others_reach_has_to_be_asked_for():
    with pytest.raises(InputError, match="--anybody"):
        serve("0.0.0.0", browser=False)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(InputError, match="another port"):
            serve(port=taken.getsockname()[1], browser=False)
    with pytest.raises(InputError, match="cannot listen"):
        serve(port=99999, browser=False)


def test_without_the_extra_it_is_said_what_to_install(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(InputError, match=r"nashscape\[app\]"):
        serve(browser=False)


def test_the_command_tells_its_address_and_ends_well_at_ctrl_c():
    command = [sys.executable, "-m", "nashscape", "app", "--port", "0", "--no-browser"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as run:
        threading.Timer(60, run.kill).start()
        line = run.stdout.readline()
        assert re.search(r"http://127\.0\.0\.1:\d+/ \(for this machine alone", line)
        run.send_signal(signal.SIGINT)
        out, err = run.communicate(timeout=30)
    assert run.returncode == 0
    assert (out, err) == ("", "")
    assert app.info.name == "nashscape"
