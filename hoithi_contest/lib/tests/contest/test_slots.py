from ...contest.slots import Slot, find_slot

FORM = Slot(1, "Phiếu đăng ký dự thi", ("pdf", "docx"), True, False)
TEXT = Slot(2, "Bản mô tả giải pháp", ("pdf", "docx"), True, False)
PICTURE = Slot(3, "Ảnh sản phẩm", ("jpg", "png"), False, False)
OTHER = Slot(4, "Tài liệu khác", ("pdf", "jpg", "zip"), False, False)
SLOTS = [FORM, TEXT, PICTURE, OTHER]


def test_a_name_tells_the_slot_with_accents_or_without():
    assert find_slot("ban-mo-ta-giai-phap.docx", SLOTS) == 2
    assert find_slot("Bản mô tả (đã sửa).PDF", SLOTS) == 2
    assert find_slot("phieu_dang_ky (đã ký).pdf", SLOTS) == 1
    # also where a file is there already
    assert find_slot("bản mô tả.pdf", [FORM, TEXT._replace(is_filled=True)]) == 2


def test_else_it_goes_where_a_file_is_needed():
    assert find_slot("scan0001.pdf", SLOTS) == 1
    assert find_slot("scan0001.pdf", [FORM._replace(is_filled=True), TEXT]) == 2
    filled = [slot._replace(is_filled=True) for slot in (FORM, TEXT)]
    assert find_slot("scan0001.pdf", [*filled, OTHER]) == 4
    assert find_slot("giai-phap.pdf", [FORM, TEXT]) == 1, "a word shared by chance"


def test_the_kind_of_file_must_fit():
    assert find_slot("anh.png", SLOTS) == 3
    assert find_slot("bản mô tả.zip", SLOTS) == 4
    assert find_slot("phim.mp4", SLOTS) is None
    assert find_slot("khong-duoi", SLOTS) is None


def test_half_of_a_name_of_more_than_one_word_tells_the_slot():
    proofs = Slot(5, "Tài liệu minh chứng", ("pdf",), False, False)
    assert find_slot("tai-lieu.pdf", [FORM, proofs]) == 5
    letter = Slot(6, "Công văn", ("pdf",), False, False)
    assert find_slot("cong-ty.pdf", [FORM, letter]) == 1
    assert find_slot("cong-van.pdf", [FORM, letter]) == 6


def test_a_part_that_is_needed_comes_before_one_that_isnt():
    assert find_slot("scan0001.pdf", [OTHER, FORM]) == 1
