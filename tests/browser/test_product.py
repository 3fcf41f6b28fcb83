from urllib.parse import urlsplit

import pytest


@pytest.mark.parametrize("address", ["/accounts/login/", "/accounts/signup/"])
def test_whatever_a_page_asks_for_comes_from_here_and_is_there(live, page, address):
    answers, complaints = [], []
    page.on("response", lambda answer: answers.append((urlsplit(answer.url), answer.status)))
    page.on("console", lambda message: complaints.append(message.text))

    page.goto(live + address, wait_until="networkidle")

    assert {url.netloc for url, _ in answers} == {urlsplit(live).netloc}
    assert {url.path: status for url, status in answers if status != 200} == {}
    assert complaints == []


def test_the_product_says_that_its_broker_is_gone_and_works_when_it_is_back(product, page):
    assert page.goto(f"{product.url}/health/").json() == {"database": "ok", "broker": "ok"}

    product.kill("broker")
    answer = page.goto(f"{product.url}/health/")
    assert (answer.status, answer.json()["broker"]) == (503, "does not answer")
    assert page.goto(f"{product.url}/accounts/login/").status == 200

    product.start("broker")
    assert page.goto(f"{product.url}/health/").status == 200
