import io

import pikepdf
import pytest
from PIL import Image

from services.bundle.attachments import media_of, page_sizes, plain_pages
from services.carriers.reading import UnreadableError
from tests.packets import TALL, WIDE, jpeg, pdf


def sizes(data):
    with pikepdf.open(io.BytesIO(data)) as made:
        return [tuple(round(float(side)) for side in page.mediabox[2:]) for page in made.pages]


@pytest.mark.parametrize(
    ("data", "media"),
    [(pdf(), "pdf"), (jpeg(), "jpeg"), (b"\x89PNG\r\n\x1a\n...", "png"), (b"PK\x03\x04", ""), (b"", "")],
)
def test_an_attachment_is_what_its_bytes_are(data, media):
    assert media_of(data) == media


def test_every_page_is_kept_with_its_shape():
    pages = plain_pages(pdf(TALL, WIDE, TALL))
    assert sizes(pages) == [TALL, WIDE, TALL]
    assert page_sizes(pages) == (False, True, False)


def test_a_turned_page_comes_out_upright():
    assert page_sizes(plain_pages(pdf(TALL, rotate=90))) == (True,)


def test_a_photo_taken_on_its_side_comes_out_upright():
    assert page_sizes(plain_pages(jpeg((800, 600), orientation=6))) == (False,)


@pytest.mark.parametrize("size", [(1, 1), (1, 900), (5000, 3000)])
def test_a_picture_of_any_size_becomes_one_page(size):
    assert len(sizes(plain_pages(jpeg(size)))) == 1


def test_a_large_photo_is_brought_down_to_what_a4_can_show():
    pages = plain_pages(jpeg((5000, 7000)))
    assert sizes(pages) == [(2480, 3472)]


def test_a_picture_with_transparency_is_taken():
    data = io.BytesIO()
    Image.new("RGBA", (40, 60), (255, 0, 0, 120)).save(data, "PNG")
    assert sizes(plain_pages(data.getvalue())) == [(40, 60)]


def test_too_many_pixels_are_refused_by_the_header():
    data = io.BytesIO()
    Image.new("1", (13_000, 13_000)).save(data, "PNG")
    with pytest.raises(UnreadableError, match="像素"):
        plain_pages(data.getvalue())


def test_a_pdf_without_pages_or_with_too_many_is_refused_with_the_number():
    for count, said in ((0, "没有页面"), (501, "有 501 页")):
        made = pikepdf.new()
        for _ in range(count):
            made.add_blank_page()
        data = io.BytesIO()
        made.save(data)
        with pytest.raises(UnreadableError, match=said):
            plain_pages(data.getvalue())


@pytest.mark.parametrize("box", [[0, 0, 1e9, 1e9], [0, 0, 0, 0], [50, 50, 10, 10]])
def test_a_page_of_an_impossible_size_is_refused_or_set_right(box):
    made = pikepdf.new()
    made.add_blank_page()
    made.pages[0].obj["/MediaBox"] = pikepdf.Array(box)
    data = io.BytesIO()
    made.save(data)
    try:
        (size,) = sizes(plain_pages(data.getvalue()))
    except UnreadableError as refused:
        assert refused.code == "attachment"  # noqa: PT017 - either outcome is right, but nothing else
    else:
        assert all(0 < side <= 14_400 for side in size)
