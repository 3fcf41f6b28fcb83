"""Somebody who uses the product with a browser and a letter box."""

import re

from playwright.sync_api import expect

from tests.post_office import links, text

CODE = re.compile(r"^\s*([A-Z0-9]{4}-[A-Z0-9]{4})\s*$", re.MULTILINE)


class Somebody:
    """A person in front of a browser of their own."""

    def __init__(self, product, context, name):
        self.product = product
        self.name = name
        self.address = f"{name}@example.org"
        self.page = context.new_page()

    def go(self, path):
        answer = self.page.goto(path if "://" in path else self.product.url + path)
        assert answer.ok, (answer.status, path)

    def press(self, label):
        """Press the button or follow the link with this label, and wait for what comes."""
        either = self.page.get_by_role("button", name=label, exact=True).or_(
            self.page.get_by_role("link", name=label, exact=True)
        )
        with self.page.expect_navigation():
            either.filter(visible=True).first.click()

    def fill(self, **fields):
        for name, value in fields.items():
            self.page.locator(f"main [name={name}]").fill(value)

    def sees(self, words):
        expect(self.page.locator("main")).to_contain_text(words)

    def sign_up(self):
        self.go("/accounts/signup/")
        password = "eine lange Reise mit der Bahn"  # noqa: S105 -- of somebody invented
        self.fill(username=self.name, email=self.address)
        for field in self.page.locator("main [type=password]").all():
            field.fill(password)
        self.press("Create an account")
        letter = self.mail("code")
        assert CODE.search(letter), letter
        self.page.locator("main [name=code]").fill(CODE.search(letter)[1])
        self.press("Go on")

    def mail(self, containing):
        """Read the newest mail with these words."""
        return text(self.product.post.wait(self.address, containing))

    def follows_the_mail(self, containing):
        """Open the first address of the newest mail with these words."""
        self.go(links(self.product.post.wait(self.address, containing))[0])
