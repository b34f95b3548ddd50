"""The ordinary letters for the signs that look the same and that programs put into a PDF in their place.

A face draws 人 and the radical ⼈ with one glyph, and a program that prints a PDF anew may name either. Nobody
types radicals. Of the Kangxi radicals Unicode says what they stand for (NFKC); of the CJK radicals supplement
these are the ones that stand for an ordinary character (its table EquivalentUnifiedIdeograph).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from types import MappingProxyType

_FIRST_KANGXI, _LAST_KANGXI = 0x2F00, 0x2FDF
_PAIRS = (
    "⺁厂⺂乛⺃乚⺄乙⺅亻⺆冂⺇几⺈刀⺉刂⺊卜⺋㔾⺌小⺍小⺎兀⺏尣⺐尢⺒巳⺓幺⺔彑⺕彐⺖忄⺗㣺⺘扌⺙攵⺛旡⺜日⺝月⺞歺⺟母⺠民⺡氵⺢氺⺣灬⺤爫⺥爫⺦丬⺧牛⺨犭⺩王"
    "⺪疋⺫罒⺬示⺭礻⺮竹⺯糸⺰纟⺱罓⺲罒⺳㓁⺶羊⺷羊⺸羊⺹耂⺺肀⺻聿⺼肉⺽臼⺾艹⺿艹⻀艹⻁虎⻂衤⻃覀⻄西⻅见⻆角⻇角⻈讠⻉贝⻊足⻋车⻌辶⻍辶⻎辶⻏阝⻐钅⻑長⻒镸⻓长"
    "⻔门⻕阜⻖阝⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食⻞食⻟飠⻠饣⻡首⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻫斉⻬齐⻭歯⻮齿⻯竜⻰龙⻱龜⻲亀⻳龟"
    "⋯…\u02bb‘"
)
_ORDINARY: Mapping[str, str] = MappingProxyType(dict(zip(_PAIRS[::2], _PAIRS[1::2], strict=True)))


def ordinary(letter: str) -> str:
    """Return the letter that a letter of a PDF's text stands for: itself, but for radicals and their like."""
    if _FIRST_KANGXI <= ord(letter) <= _LAST_KANGXI:
        return unicodedata.normalize("NFKC", letter)
    return _ORDINARY.get(letter, letter)
