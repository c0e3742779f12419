"""Earlier editions are taken in from a list."""

import io

import pytest
from openpyxl import Workbook
from playwright.sync_api import expect

SECRETARY = "thuky"
#: As an entry of the demo says it, told by another edition in the words of then.
COPIED = (
    "Lập bảng chuyển đổi mã xã cũ - mới, quy tắc đánh lại số tờ theo khối; công cụ "
    "kiểm tra trùng, sinh danh mục biến động kèm dự thảo thông báo cho người sử dụng "
    "đất."
)


@pytest.fixture
def old_list():
    """A list of 2015 as it lies in a drawer."""
    workbook = Workbook()
    sheet = workbook.active
    for row in (
        ["KẾT QUẢ HỘI THI LẦN THỨ VI"],
        ["STT", "Năm", "Tên giải pháp", "Họ tên tác giả", "Đơn vị", "Tóm tắt"],
        ["Giải Nhất"],
        [1, 2015, "Chỉnh lý biến động khi nhập xã", "Đàm Văn Cũ", "Phòng cũ", COPIED],
        ["Giải Nhì"],
        [2, 2015, "Tủ hồ sơ chống ẩm", "Hoàng Thị Xưa", "Phòng cũ", "Khay vôi."],
        [3, "năm nào", "Bản đồ giấy", "Lý Văn Lạc", "Phòng cũ", ""],
    ):
        sheet.append(row)
    sheet.merge_cells("A1:F1")
    sheet.merge_cells("A3:F3")
    sheet.merge_cells("A5:F5")
    output = io.BytesIO()
    workbook.save(output)
    return output.getvalue()


def test_a_list_is_taken_in(
    page_for, sql, old_list, screenshot, assert_nothing_serious
):
    page = page_for(SECRETARY)
    page.goto("/odoo/hoithi-earlier-editions")
    page.get_by_role("button", name="Nhập danh sách").click()
    dialog = page.locator(".modal-dialog")
    expect(dialog).to_contain_text("1. Tệp mẫu")
    screenshot(page, "past-import-choose")
    dialog.locator("input[type=file]").last.set_input_files(
        {
            "name": "hoi-thi-6.xlsx",
            "mimeType": "application/vnd.ms-excel",
            "buffer": old_list,
        }
    )
    dialog.get_by_role("button", name="Kiểm tra", exact=True).click()
    rows = dialog.locator("div[name=line_ids] .o_data_row")
    expect(rows.filter(has_text="Chỉnh lý biến động khi nhập xã")).to_contain_text(
        "Sẽ nhập"
    )
    expect(rows.filter(has_text="Bản đồ giấy")).to_contain_text("không phải năm")
    assert_nothing_serious(page)
    screenshot(page, "past-import-check")
    dialog.get_by_role("tab", name="Đơn vị và người hiện nay").click()
    expect(dialog.locator("div[name=name_ids]")).to_contain_text("Đàm Văn Cũ")
    screenshot(page, "past-import-names")
    assert not sql("SELECT id FROM hoithi_past_solution WHERE year = 2015")
    dialog.get_by_role("button", name="Nhập", exact=True).click()
    listed = page.locator(".o_list_view .o_data_row")
    expect(listed).to_have_count(2)
    screenshot(page, "past-solutions")
    assert_nothing_serious(page)

    sql("DELETE FROM hoithi_past_solution WHERE year = 2015")
