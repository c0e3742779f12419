from ...notice.letters import with_button, without_links

PAGE = "https://hoithi.example.vn/my/hoithi/entries/7"


def test_a_paragraph_that_is_a_link_goes():
    body = f'<div><p>Kính gửi bà Lý,</p><p><a href="{PAGE}">Mở hồ sơ</a></p></div>'
    assert without_links(body, "/my/hoithi") == "<div><p>Kính gửi bà Lý,</p></div>"


def test_words_in_a_sentence_and_other_links_stay():
    body = f'<p>Xem <a href="{PAGE}">trang</a> hoặc <a href="/hoithi/1">tin</a>.</p>'
    expected = '<p>Xem trang hoặc <a href="/hoithi/1">tin</a>.</p>'
    assert without_links(body, "/my/hoithi") == expected


def test_text_alone():
    assert without_links("Kính gửi", "/my") == "Kính gửi"
    assert without_links("", "/my") == ""


def test_only_a_paragraph_of_nothing_but_the_link_goes():
    for tag in ("div", "span"):
        body = f'<{tag}><a href="{PAGE}">Mở hồ sơ</a></{tag}>'
        assert without_links(body, "/my/hoithi") == f"<{tag}>Mở hồ sơ</{tag}>"
    body = f'<p><a href="{PAGE}">Mở hồ sơ</a> trước 17 giờ</p>'
    assert without_links(body, "/my/hoithi") == "<p>Mở hồ sơ trước 17 giờ</p>"


def test_the_last_paragraph_is_a_button_if_it_is_a_link_alone():
    link = f'<p> <a href="{PAGE}">Mở hồ sơ</a> </p>'
    for body in (link, f"<div><p>Kính gửi bà Lý &amp; ông Ba,</p>{link}</div>"):
        [before, after] = with_button(body, "#123456").split(f'<a href="{PAGE}"')
        assert body.startswith(before)
        assert "background-color: #123456;" in after
        assert "color: #ffffff" in after
    for body in (
        f"{link}<p>Trân trọng.</p>",
        f'<p>Xem <a href="{PAGE}">hồ sơ</a>.</p>',
        f'<p><a href="{PAGE}">Một</a> <a href="{PAGE}">Hai</a></p>',
        "5 &lt; 7",
        "",
    ):
        assert with_button(body, "#123456") == body
