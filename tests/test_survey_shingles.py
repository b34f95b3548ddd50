"""How alike texts are (rule D11): measured by runs of five characters, found among many by the least hashes."""

from services.survey.shingles import likeness, resemblances, signature

# Every character another: 120 of them have 116 runs of five.
LETTERS = "".join(map(chr, range(0x4E00, 0x4E00 + 120)))
OTHERS = "".join(map(chr, range(0x6E00, 0x6E00 + 120)))


def test_likeness_is_the_share_of_common_runs():
    assert likeness(signature(LETTERS), signature(LETTERS)) == 1
    assert likeness(signature(LETTERS), signature(OTHERS)) == 0
    # The first 110 characters: 106 runs in common, 116 in all.
    assert likeness(signature(LETTERS), signature(LETTERS[:110])) == 106 / 116


def test_blanks_and_marks_do_not_make_texts_differ():
    spaced = "，".join(LETTERS[start : start + 7] for start in range(0, 120, 7)) + "。\n\u3000"
    assert signature(spaced) == signature(LETTERS)


def test_a_short_text_is_not_compared():
    assert signature(LETTERS[:103]) == b""
    assert signature(LETTERS[:104]) != b""
    assert list(resemblances([("甲", b""), ("乙", b"")])) == []


def test_each_copy_is_named_once_with_the_text_it_resembles_most():
    # One character changed in the middle: 5 runs are lost and 5 are new, 111 of 121 are common.
    near = LETTERS[:60] + "改" + LETTERS[61:]
    # Half the text is another: far below 0.8.
    half = LETTERS[:60] + OTHERS[:60]
    signed = [(name, signature(text)) for name, text in zip("甲乙丙丁", (LETTERS, near, half, near), strict=True)]
    found = [(later, earlier, round(like, 3)) for later, earlier, like in resemblances(signed)]
    assert found == [("乙", "甲", 0.917), ("丁", "甲", 0.917)]


def test_texts_of_one_owner_are_not_compared():
    signed = [("甲", signature(LETTERS)), ("甲", signature(LETTERS))]
    assert list(resemblances(signed)) == []
