"""The QR code of an identity: read by another program's decoder where there is one, and measured."""

import io

import pytest
import segno
import zxingcpp
from PIL import Image

from services.paper import qr

TOKEN = "ZP1:2006:610000:ABCDEFGHIJ:KLMNOPQRST"


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def test_the_code_says_the_token():
    found = zxingcpp.read_barcode(opened(qr.png(TOKEN)).convert("L"))
    assert found is not None
    assert found.text == TOKEN


def test_the_code_is_read_at_the_smallest_printed_size():
    # 22 mm at 200 dpi, the coarsest scanner we ask for.
    small = opened(qr.png(TOKEN)).convert("L").resize((173, 173), Image.Resampling.BILINEAR)
    found = zxingcpp.read_barcode(small)
    assert found is not None
    assert found.text == TOKEN


@pytest.mark.parametrize("token", [TOKEN, "ZP3:TODAY::BLANK:ABCDEFGHIJ", "ZP1:2006:JT.2006:ABCDEFGHIJ:KLMNOPQRST"])
def test_the_code_is_as_small_as_another_encoder_makes_it_in_alphanumeric_mode_at_level_m(token):
    modules = segno.make_qr(token, error="m", mode="alphanumeric", boost_error=False).symbol_size(border=4)
    assert opened(qr.png(token)).size == (modules[0] * 8, modules[1] * 8)


def test_the_picture_has_one_bit_a_pixel_and_a_white_border_of_four_modules():
    picture = opened(qr.png(TOKEN))
    assert (picture.format, picture.mode) == ("PNG", "1")
    assert picture.getpixel((31, 31)) == 255
    assert picture.getpixel((32, 32)) == 0
    assert picture.point(lambda value: 255 - value).getbbox() == (32, 32, 232, 232)


def test_the_same_token_gives_the_same_bytes():
    assert qr.png(TOKEN) == qr.png(TOKEN)
    assert qr.png(TOKEN) != qr.png(TOKEN.replace("610000", "620000"))


@pytest.mark.parametrize("token", ["", "zp1:2006", "表1"])
def test_a_token_that_would_need_a_larger_code_is_refused(token):
    with pytest.raises(ValueError, match="only digits, capitals"):
        qr.png(token)
