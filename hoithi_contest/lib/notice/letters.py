"""A letter before it goes: links that its reader can't open, its button."""

from lxml import html
from markupsafe import escape

#: At the link itself: programs as Gmail and Outlook read no other style of it.
_BUTTON = (
    "display: block; padding: 13px 16px; border-radius: 6px; font-weight: bold; "
    "text-align: center; text-decoration: none; color: #ffffff; background-color: "
)


def without_links(body: str, path: str) -> str:
    """Return a letter without its links to pages that its reader can't open.

    A paragraph that holds nothing else goes; in a sentence the words stay.

    :param body: HTML of the letter
    :param path: what stands in the addresses that lead there
    """
    root = html.fragment_fromstring(body or "", create_parent="div")
    for link in root.xpath("//a[contains(@href, $path)]", path=path):
        parent = link.getparent()
        text = "".join(parent.itertext()).strip()
        if parent.tag == "p" and text == "".join(link.itertext()).strip():
            parent.drop_tree()
        else:
            link.drop_tag()
    return _get_inner(root)


def with_button(body: str, colour: str) -> str:
    """Return a letter whose last paragraph, if it is a link alone, is a button.

    :param body: HTML of the letter
    :param colour: of the button, which has white letters
    """
    root = html.fragment_fromstring(body or "", create_parent="div")
    for paragraph in root.xpath("//p[not(following-sibling::*)][count(*) = 1][a]"):
        [link] = paragraph
        if "".join(paragraph.itertext()).strip() == "".join(link.itertext()).strip():
            link.set("class", "ht-button")
            link.set("style", f"{_BUTTON}{colour};")
    return _get_inner(root)


def _get_inner(root: html.HtmlElement) -> str:
    inner = [escape(root.text or "")]
    inner += [html.tostring(child, encoding="unicode") for child in root]
    return "".join(inner)
