"""What a person does with the explorer, in a real browser."""

import json
import re
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, unquote

import pytest

AXE = Path("out/axe/node_modules/axe-core/axe.min.js")
SUBSIDY = "Subsidy that every player gets for its first action"
pytestmark = pytest.mark.browser


def link(**scene):
    return "#" + quote(json.dumps(scene))


def share(one, rule, outcome):
    """A share of the sentence above the maps, in per cent."""
    return float(re.search(rf"{rule}: [^;]*?{outcome} ([\d.]+) %", one.state())[1])


def scene_of(one):
    return json.loads(unquote(one.page.url.partition("#")[2]) or "{}")


def test_a_slider_moves_the_maps_and_the_address(opened):
    one = opened()
    one.shown()
    before = share(one, "pg", "CC")
    one.number(SUBSIDY).fill("1")
    one.page.wait_for_selector("body[data-asked]:not([data-asked='1'])")
    one.shown()
    assert share(one, "pg", "CC") > before + 20
    assert scene_of(one) == {"subsidy": 1}
    again = opened(one.page.url.partition("/#")[2] and link(subsidy=1))
    again.shown()
    assert share(again, "pg", "CC") == share(one, "pg", "CC")


def test_everything_follows_and_marks_stand_where_they_should(opened):
    one = opened()
    one.done()
    for text in ("Nash equilibria of the game", "Program equilibria", "Labels audited", "Proved, with intervals",
                 "The least that was found", "Targets are the strict pure equilibria"):  # fmt: skip
        assert one.page.get_by_text(text).first.is_visible()
    mark = one.page.locator("#coupling-row .marks button").first
    assert mark.bounding_box()["width"] > 0
    mark.click()
    one.page.wait_for_selector("body[data-asked]:not([data-asked='1'])")
    assert scene_of(one)["coupling"] == pytest.approx(0.2, abs=0.01)


def test_a_click_begins_a_run_and_says_why_it_ends_there(opened):
    one = opened()
    one.shown()
    box = one.page.locator(".map").first.bounding_box()
    one.page.mouse.click(box["x"] + 0.9 * box["width"], box["y"] + 0.1 * box["height"])
    one.page.get_by_text("pg: ends as CC").wait_for()
    one.page.get_by_text("reaches CC after").first.wait_for(timeout=60_000)
    start = scene_of(one)["start"]
    assert start == pytest.approx([0.86, 0.86], abs=0.01)
    assert one.page.locator(".map path[stroke-dasharray]").count() >= 2


def test_it_can_be_used_by_keyboard_alone(opened):
    one = opened()
    one.shown()
    one.page.keyboard.press("Tab")
    assert one.page.evaluate("() => document.activeElement.className") == "skip"
    for _ in range(60):
        one.page.keyboard.press("Tab")
        if one.page.evaluate("() => document.activeElement.id") == "slide-subsidy":
            break
    before = one.page.locator("body").get_attribute("data-asked")
    for _ in range(20):
        one.page.keyboard.press("ArrowRight")
    one.page.wait_for_selector(f"body[data-asked]:not([data-asked='{before}'])")
    one.shown()
    assert scene_of(one)["subsidy"] == pytest.approx(0.2)
    one.page.get_by_label("player 1", exact=False).last.focus()


def test_what_is_typed_wrong_is_said_at_its_place_and_nothing_is_asked(opened):
    one = opened()
    one.done()
    asked = one.page.locator("body").get_attribute("data-asked")
    field = one.number("Coupling κ: how much players read each other")
    for wrong in ("3", "", "-1"):
        field.fill(wrong)
        assert field.get_attribute("aria-invalid") == "true"
        assert "between 0 and 2" in one.page.locator("#coupling-row .told").text_content()
    assert one.page.locator("body").get_attribute("data-asked") == asked
    field.fill("0.5")
    assert field.get_attribute("aria-invalid") == "false"
    one.page.get_by_label("player 1", exact=False).last.fill("2")
    assert "above 0 and below 1" in one.page.locator("#start-said").text_content()


def test_nothing_of_another_game_is_called_computed(opened):
    one = opened()
    one.done()
    one.page.get_by_label("Game by name").select_option("matching_pennies")
    one.page.wait_for_selector("body[data-asked]:not([data-asked='1'])")
    both = "() => [document.body.dataset.shown, document.getElementById('state').textContent]"
    shown, state = one.page.evaluate(both)
    assert shown != "1" or "Computing" in state
    one.shown()
    assert "CC" not in one.page.locator("figcaption").first.text_content()
    one.page.go_back()
    one.page.wait_for_selector("body[data-asked]:not([data-asked='2'])")
    one.shown()
    assert "CC" in one.page.locator("figcaption").first.text_content()
    assert one.page.get_by_label("Game by name").input_value() == "stag_hunt"


def test_no_fifth_rule_and_never_none(opened):
    one = opened(link(rules=["pg", "meta_mapg", "lola", "lookahead"]))
    one.shown()
    boxes = one.page.locator("#rules input")
    boxes.first.wait_for()
    assert [box.is_disabled() for box in boxes.all()].count(True) == 5
    alone = opened(link(rules=["pg"]))
    alone.shown()
    alone.page.locator("#rules input").first.wait_for()
    assert alone.page.locator("#rules input:disabled").count() == 1


def test_payoffs_that_are_turned_back_are_those_of_the_game(opened):
    one = opened()
    one.shown()
    field = one.number("R: both C")
    for value in ("5", "4"):
        before = one.page.locator("body").get_attribute("data-asked")
        field.fill(value)
        one.page.wait_for_selector(f"body[data-asked]:not([data-asked='{before}'])")
        one.shown()
    assert scene_of(one) == {}


def moved(one, before):
    one.page.wait_for_selector(f"body[data-asked]:not([data-asked='{before}'])")
    one.shown()


def asked(one):
    return one.page.locator("body").get_attribute("data-asked")


def test_the_numbers_of_a_family_are_turned_and_its_payoffs_follow(opened):
    one = opened(link(game="battle_of_the_sexes", rules=["pg"]))
    one.shown()
    cell = one.page.get_by_label("player 1 where B meets B")
    cell.wait_for()
    assert cell.input_value() == "2"
    before = asked(one)
    one.number("Battle of the sexes: preferred").fill("4")
    moved(one, before)
    assert scene_of(one)["numbers"] == {"preferred": 4}
    assert one.page.get_by_label("player 1 where B meets B").input_value() == "4"
    before = asked(one)
    one.page.get_by_label("player 2 where B meets S").fill("-1.5")
    moved(one, before)
    payoffs = scene_of(one)["payoffs"]
    assert payoffs == [[[4, 0], [0, 1]], [[1, -1.5], [0, 4]]]
    before = asked(one)
    wrong = one.page.get_by_label("player 2 where B meets S")
    wrong.fill("")
    assert wrong.get_attribute("aria-invalid") == "true"
    assert "still that of -1.5" in one.page.locator("#payoffs .told").text_content()
    assert asked(one) == before


def test_numbers_that_make_no_game_say_so_and_show_nothing_of_another(opened):
    one = opened(link(game="volunteers_dilemma", rules=["pg"], grid=11))
    one.done()
    one.number("Volunteers dilemma: cost").fill("3")
    one.page.get_by_text("benefit must be above 3").first.wait_for()
    one.page.get_by_text("No maps. All is computed.").wait_for()
    assert one.page.locator("#maps figure, #words table").count() == 0
    one.number("Volunteers dilemma: cost").fill("1.5")
    one.page.locator("#maps figure").wait_for()


def test_the_third_player_chooses_the_slice(opened):
    one = opened(link(game="volunteers_dilemma", rules=["pg"], grid=11))
    one.shown()
    field = one.number("Third player starts with its first action")
    field.wait_for()
    before = asked(one)
    field.fill("0.9")
    moved(one, before)
    assert scene_of(one)["third"] == 0.9
    assert "third player at 0.9" in one.page.locator("figcaption").first.text_content()


def test_a_game_of_the_topology_is_dragged_to(opened):
    one = opened(link(rules=["pg"]))
    one.shown()
    one.page.get_by_text("to drag over").click()
    one.page.locator("#game option[value='ordinal:111']").wait_for(state="attached")
    box = one.page.locator("#topology").bounding_box()
    place = [(box["x"] + box["width"] * (x + 0.5) / 12, box["y"] + box["height"] * (y + 0.5) / 12) for x, y in
             ((0, 0), (1, 7))]  # fmt: skip
    before = asked(one)
    one.page.mouse.move(*place[0])
    one.page.mouse.down()
    one.page.mouse.move(*place[1], steps=20)
    one.page.mouse.up()
    moved(one, before)
    assert scene_of(one)["game"] == "ordinal:322"
    assert one.page.get_by_label("Game by name").input_value() == "ordinal:322"
    assert "Stag Hunt" in one.page.locator("#topology-said").text_content()


def test_the_last_of_a_burst_is_what_is_shown(opened):
    one = opened()
    one.shown()
    field = one.number("Peer coefficient λ")
    for k in range(40):
        field.fill(f"{1.5 + k / 20:.2f}")
    one.shown()
    assert scene_of(one)["peer"] == pytest.approx(3.45)
    shown, alone = share(one, "meta_mapg", "CC"), opened(link(peer=3.45))
    alone.shown()
    assert share(alone, "meta_mapg", "CC") == shown


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("#%7Bnonsense", "could not be read"),
        (link(game="mine.py:market"), "unknown game"),
        (link(peer=1e308), "peer is a number between"),
        (link(payoffs=[[[1e308, 0], [0, 1]]] * 2), "a payoff is a number"),
    ],
)
def test_a_bad_link_says_what_is_wrong_and_the_page_goes_on(opened, more, said):
    one = opened(more)
    one.page.get_by_text(said, exact=False).first.wait_for()
    one.page.get_by_label("Game by name").select_option("chicken")
    one.page.locator("body").wait_for()
    if "peer" not in more:
        one.shown()
        assert "CD" in one.page.locator("figcaption").first.text_content()


def test_files_can_be_taken_along(opened, tmp_path):
    one = opened(link(grid=21, rules=["pg"]))
    one.shown()
    for name, start in (("Figure, SVG", b"<?xml"), ("Figure, PNG", b"\x89PNG"), ("Python code", b"import nashscape")):
        with one.page.expect_download(timeout=60_000) as taken:
            one.page.get_by_role("button", name=name).click()
        assert Path(taken.value.path()).read_bytes().startswith(start)


@contextmanager
def begun(port):
    command = [sys.executable, "-m", "nashscape", "app", "--no-browser", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as run:
        try:
            yield re.search(r"http://\S+", run.stdout.readline())[0]
        finally:
            run.send_signal(signal.SIGINT)
            run.wait(20)


def test_a_server_that_went_away_is_waited_for(opened):
    one = opened(silent=False)
    away = one.page.get_by_text("The server is away", exact=False)
    with begun(0) as home:
        one.page.goto(home)
        one.shown()
    away.wait_for()
    assert one.page.locator("#maps canvas").first.is_visible()
    with begun(home.rstrip("/").rpartition(":")[2]):
        away.wait_for(state="hidden", timeout=30_000)
        one.number(SUBSIDY).fill("1")
        one.page.wait_for_selector("body[data-asked]:not([data-asked='1'])")
        one.shown()


COLOURS = """() => {
  const canvas = document.querySelector("#maps canvas");
  const data = new Uint32Array(canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.buffer);
  return new Set(data).size;
}"""


@pytest.mark.parametrize("more", ["", link(game="rock_paper_scissors"), link(game="volunteers_dilemma", coupling=0)])
def test_games_of_every_shape_have_a_picture(opened, more):
    one = opened(more)
    one.shown()
    colours = one.page.evaluate(COLOURS)
    assert colours >= 2


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [400, 1400, 3840])
def test_it_is_readable_at_every_width_and_has_no_fault_that_axe_finds(opened, width, scheme):
    one = opened(link(start=[0.6, 0.7]), width=width, height=900, scheme=scheme)
    one.done()
    one.picture(f"explorer-{width}-{scheme}")
    assert one.page.evaluate("() => document.documentElement.scrollWidth - innerWidth") <= 0
    assert AXE.is_file(), "make test-app puts axe there"
    one.page.evaluate(AXE.read_text())
    found = one.page.evaluate(
        "async () => (await axe.run()).violations.map((own) => own.id + ': ' + own.nodes[0].html)"
    )
    assert found == []


def test_the_shelf_finds_systems_games_and_claims(opened):
    one = opened("shelf.html")
    one.page.get_by_text("Parametric Open Source Games").first.wait_for()
    one.page.get_by_label("Status").select_option("disagrees")
    one.page.get_by_label("Find").fill("global threshold predicts")
    one.page.locator("summary").first.click()
    assert one.page.locator("article").count() == 1
    assert "disagrees" in one.page.locator("article").text_content()
    one.page.get_by_label("Show").select_option("atlas")
    one.page.get_by_label("Find").fill("symmetric Stag")
    one.picture("shelf-atlas")
    one.page.evaluate(AXE.read_text())
    look = "async () => (await axe.run()).violations.map((own) => `${own.id}: ${own.nodes[0].html}`)"
    assert one.page.evaluate(look) == []
    one.page.locator("article a").first.click()
    one.shown()
    assert scene_of(one)["game"].startswith("ordinal:")
