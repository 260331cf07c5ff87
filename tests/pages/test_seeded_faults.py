"""The look at every page is worth something: 21 faults are planted in a sound page, one at a time, and each is seen."""

import pytest

from tests.pages import rounds
from tests.pages.test_every_page import unseen

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
MAIN = "document.querySelector('main')"
ADD = MAIN + ".insertAdjacentHTML('beforeend', `%s`)"
FAULTS = {
    "another language is claimed": "document.documentElement.lang = 'es'",
    "no language is claimed": "document.documentElement.lang = ''",
    "two main headings": ADD % "<h1>Another</h1>",
    "no main heading": "document.querySelector('h1').remove()",
    "the crisis line stands last": "document.body.append(document.querySelector('.pl-crisis'))",
    "no crisis line": "document.querySelector('.pl-crisis').remove()",
    "no word that this is not medical advice": "document.querySelector('footer p').remove()",
    "no title": "document.title = ''",
    "small print": ADD % "<p style='font-size: 14px'>Read this.</p>",
    "a small button": ADD % "<button style='width: 30px; height: 30px'>Go</button>",
    "a page wider than a telephone": ADD % "<div style='width: 700px'>wide</div>",
    "a picture without words": ADD % "<img src='/static/mark.svg' width='60' height='60'>",
    "a field without a label": ADD % "<input style='width: 200px; height: 60px'>",
    "a sentence that ends in two dots": ADD % "<p>At 9:00 p. m..</p>",
    "pale text": ADD % "<p style='color: #cccccc; background: #ffffff'>Can you read this?</p>",
    "a button without a name": ADD % "<button style='width: 60px; height: 60px'></button>",
    "a link without a name": ADD % "<a href='/x' style='display: block; width: 60px; height: 60px'></a>",
    "a role that does not exist": ADD % "<div role='buttn'>Press</div>",
    "headings that skip a level": ADD % "<h5>Deep down</h5>",
    "a list of no items": ADD % "<ul><p>one</p></ul>",
    "a name that points nowhere": ADD
    % "<div role='group' aria-labelledby='nowhere' tabindex='0'>x</div><span aria-hidden='true'><a href='/y' style='display: block; height: 50px'>y</a></span>",
}


@pytest.mark.req("S122", "S123")
def test_each_planted_fault_is_seen(new_page):
    browser_page = new_page(bypass_csp=True)  # our pages may hold no styles of their own, the planted ones must
    browser_page.goto("/")
    assert rounds.faults(browser_page, "en") == []
    unseen = []
    for name, plant in FAULTS.items():
        browser_page.goto("/")
        browser_page.evaluate(plant)
        if not rounds.faults(browser_page, "en"):
            unseen.append(name)
    assert (len(FAULTS), unseen) == (21, [])


@pytest.mark.req("S47")
def test_an_english_sentence_on_a_spanish_page_is_seen():
    spanish = "<html lang='es'><p>Hola</p><p>Call the line</p><b>Maple</b><i lang='en'>Say it</i></html>"
    english = "<html lang='en'><p>Hello</p><p>Call the line</p><b>Maple</b><i lang='en'>Say it</i></html>"
    assert rounds.untranslated(english, spanish, {"Maple"}) == ["Call the line"]


def test_a_page_nobody_could_open_is_seen():
    pages = [("planted:page", "/planted/0/", None), ("planted:act", "/planted/act/", None)]
    assert unseen(pages, {"planted:page": {404}, "planted:act": {405}}) == ["planted:page"]
