"""What of a letter is for its reader alone."""

from lxml import html


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
    inner = [root.text or ""]
    inner += [html.tostring(child, encoding="unicode") for child in root]
    return "".join(inner)
