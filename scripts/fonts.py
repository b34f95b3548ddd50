"""Lays out the fonts of the forms: `python scripts/fonts.py FANDOL_DIR FONTS_DIR`.

FONTS_DIR gets four things:

- `typst/`: unchanged single faces, for Typst and for the coverage check;
- `office/`: the same faces with the line height of the official fonts (1.0 em), for LibreOffice;
- `typing/`: the face that travels in a fillable PDF, only with GB 2312 and the rare characters of names;
- `fonts.conf`: maps the official family names (仿宋_GB2312, 黑体 …) to `office/`; FONTCONFIG_FILE points at it.

Why the second set: Noto's Chinese faces ask for 1.45 em a line, two lines of a form's 15.6 pt grid, which adds pages.
"""

import argparse
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from fontTools import subset
from fontTools.ttLib import TTFont

SYSTEM_FONTS = Path("/usr/share/fonts")
NOTO = SYSTEM_FONTS / "opentype/noto"
SIMPLIFIED_CHINESE = 2  # the place of SC in Noto's collections: JP, KR, SC, TC, HK

ASCENT_EM = 0.859  # 宋体: 220/256 above the line
DESCENT_EM = 0.141  # and 36/256 below it

TYPING_FACE = "NotoSansCJKsc-Regular.otf"  # a third of the size of a 仿宋 or 宋体 with the same characters
# Of people's and places' names, most of them of 通用规范汉字表.
RARE = (
    "喆堃珺赟昇旻甦翀祎昉玥晞淏玹珅珮琄琇琋琎琡琤瑀瑄瑆瑈瑱璈璟璠璲璿瓅珣玠珪琟瑢璆璘昳晅晊晙晳暐暕暟暻曈曌炆炘炟烔烜焜煐熇熺燊燚爔垚垟埗埜堉堽墡壵婳婍嫄嫚嬛妘姞姮媖翙翚翛翯翾芃苢莙蒖祐禔禛禤穟竑簃絜縠纮缊沄沚沨洺浛浟浥淯渟渼"
    "湉湑湜湲溦溇滪澂澔濛驎骙骦鹓鹔鹮韡颋颙飏馡骉龑龢亶伋佺俶偲傒冔勍卬卲叒咡啟嚞囧埇埌堎堐墕奭姵婼孖宬寀寔寯峣崚崟嵎嵚嶔巘弢弸彧忞悊惇惢愔扆抃掞摛撝敔旸旼梽梣棪棽橦汧涢涬涘溁濬瀍炤畯皞皦睎磻窅筼翃蒨蘷袆裬訚訢谞贇辀迺釗釿鈊鋆"
    "錡鏐钘锜镕閎闿雰霂霙餗骎囍囯仛伈佢俍倞偁冇冧厷啱嘢尐嵗巿弌彣忈惪愷扙昐昪晧暘朤杍枬柦栐椛楒榤樑毌汈汭沕沺泚洑洢涇湦湳滃潵澐濙炑炣烎焮煒煚煟燁燏牂犇玏玒玓玔玕玘玙玚玡玦玧玬玭玶玼玿珋珌珒珔珖珝珦珰珳珵珷珹珽珿琀琁琈琍琑琔琖"
    "琩琫琭琯琲琸琹琿瑂瑃瑅瑊瑋瑑瑓瑔瑖瑝瑥瑧瑨瑪瑬瑮瑲瑳瑴瑸瑺瑻瑽瑿璉璌璍璑璒璔璕璗璙璚璝璣璥璦璪璬璮璱璸瓀瓈瓊瓏瓘畇畑疌皝皛盉睍砡祃祊祋祘祾禕禩秾竚竝筜絪綋纁绹羑羕聞胐臸苾荙菂菉萚葒蓂薿藴蘐虓蜎衎褀覸諟諴譞赒趯跱軒輗轝逨逴"
    "郕郚鋐鋕鍇鎔鐩铚锳锽镠閔阇隃雱靔靝頔顗顒飛駉駪騄騫驫魋鯤鳯鳳鴻鵬鸑鹍鹝鹢麐齊龍龎"
)

FAMILY_NAME_ID = 1
FULL_NAME_ID = 4
POSTSCRIPT_NAME_ID = 6
OTHER_FAMILY_NAME_IDS = (3, 16, 17, 21, 22, 25)  # they would keep the old family name alive


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """A face of the forms: the file it comes from, its file name here, its family name for office documents."""

    source: Path
    name: str
    family: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Alias:
    """What stands in for an official family: faces by preference, and the names documents ask for."""

    families: tuple[str, ...]
    names: tuple[str, ...]
    bold: bool = False


# Filler for characters that the main face lacks (堃喆珺赟…): Form Song covers all of GBK; marks come from DejaVu.
FILLER = ("Form Song", "DejaVu Sans", "OpenSymbol")

ALIASES = (
    Alias(
        families=("Form Fang", *FILLER),
        names=(
            *("仿宋", "仿宋_GB2312", "仿宋_GBK", "仿宋体", "FangSong", "FangSong_GB2312", "华文仿宋", "STFangsong"),
            *("方正仿宋_GBK", "方正仿宋简体", "方正仿宋_GB2312"),
        ),
    ),
    Alias(
        families=("Form Kai", *FILLER),
        names=(
            *("楷体", "楷体_GB2312", "楷体_GBK", "KaiTi", "KaiTi_GB2312", "华文楷体", "STKaiti"),
            *("方正楷体_GBK", "方正楷体简体", "方正楷体_GB2312"),
        ),
    ),
    Alias(
        families=("Form Hei", "DejaVu Sans", "OpenSymbol"),
        names=(
            *("黑体", "SimHei", "华文黑体", "STHeiti", "方正黑体_GBK", "方正黑体简体", "微软雅黑", "Microsoft YaHei"),
            *("等线", "DengXian", "华文细黑", "STXihei"),
        ),
    ),
    Alias(
        families=("Form Song", "DejaVu Sans", "OpenSymbol"),
        bold=True,
        names=(
            *(
                "方正小标宋简体",
                "方正小标宋_GBK",
                "方正小标宋",
                "方正小标宋_GB2312",
                "小标宋",
                "华文中宋",
                "STZhongsong",
            ),
            *("FZXiaoBiaoSong-B05", "FZXiaoBiaoSong-B05S", "FZXBSJW", "FZXBSJW--GB1-0", "FZXBSK--GBK1-0"),
        ),
    ),
    Alias(
        families=("Form Song", "DejaVu Sans", "OpenSymbol"),
        names=(
            *("宋体", "SimSun", "新宋体", "NSimSun", "宋体_GB2312", "华文宋体", "STSong", "SimSun-ExtB"),
            *("方正书宋_GBK", "方正书宋简体", "宋体-方正超大字符集"),
        ),
    ),
    Alias(families=("Liberation Serif", "Form Song"), names=("Times New Roman", "Cambria", "Georgia")),
    Alias(families=("Liberation Sans", "Form Hei"), names=("Arial", "Calibri", "Helvetica", "Tahoma", "Verdana")),
    Alias(families=("Liberation Mono", "Form Song"), names=("Courier New", "Consolas")),
    Alias(
        families=("DejaVu Sans", "Form Song"),
        names=("MS Gothic", "MS Mincho", "MS PGothic", "Segoe UI Symbol", "Arial Unicode MS", "Segoe UI Emoji"),
    ),
    Alias(
        families=("OpenSymbol", "DejaVu Sans"), names=("Wingdings", "Wingdings 2", "Wingdings 3", "Symbol", "Webdings")
    ),
)


LATIN = (
    *(f"liberation/Liberation{name}.ttf" for name in ("Serif-Regular", "Serif-Bold", "Sans-Regular", "Sans-Bold")),
    *("dejavu/DejaVuSans.ttf", "dejavu/DejaVuSans-Bold.ttf"),
)

# Where fontconfig looks for the Latin and the symbol faces; OpenSymbol has moved between Debian releases.
SYSTEM_FOLDERS = ("liberation", "dejavu", "libreoffice", "openoffice")


def say(text: str) -> None:
    """Tells a person, on stderr: stdout belongs to data."""
    sys.stderr.write(text + "\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Lays the fonts out and says each face on stderr; returns 0, or 1 with the sources that are missing."""
    parser = argparse.ArgumentParser(description="Lays out the fonts of the forms.")
    parser.add_argument("fandol", type=Path, help="folder with the Fandol .otf files")
    parser.add_argument("fonts", type=Path, help="folder to write")
    options = parser.parse_args(arguments)
    faces = faces_of_the_forms(options.fandol)
    missing = [str(face.source) for face in faces if not face.source.is_file()]
    if missing:
        say("字体文件缺失 missing font files: " + ", ".join(missing))
        return 1
    lay_out(faces, options.fonts.resolve())
    return 0


def faces_of_the_forms(fandol: Path) -> tuple[Face, ...]:
    """Every face used, where Debian's packages and the Fandol folder have it."""
    return (
        Face(source=fandol / "FandolFang-Regular.otf", name="FandolFang-Regular.otf", family="Form Fang"),
        Face(source=fandol / "FandolKai-Regular.otf", name="FandolKai-Regular.otf", family="Form Kai"),
        Face(source=fandol / "FandolSong-Regular.otf", name="FandolSong-Regular.otf"),
        Face(source=fandol / "FandolSong-Bold.otf", name="FandolSong-Bold.otf"),
        Face(source=fandol / "FandolHei-Regular.otf", name="FandolHei-Regular.otf"),
        Face(source=fandol / "FandolHei-Bold.otf", name="FandolHei-Bold.otf"),
        Face(source=NOTO / "NotoSerifCJK-Regular.ttc", name="NotoSerifCJKsc-Regular.otf", family="Form Song"),
        Face(source=NOTO / "NotoSerifCJK-Bold.ttc", name="NotoSerifCJKsc-Bold.otf", family="Form Song"),
        Face(source=NOTO / "NotoSansCJK-Regular.ttc", name="NotoSansCJKsc-Regular.otf", family="Form Hei"),
        Face(source=NOTO / "NotoSansCJK-Bold.ttc", name="NotoSansCJKsc-Bold.otf", family="Form Hei"),
        *(_latin(path) for path in LATIN),
    )


def _latin(path: str) -> Face:
    source = SYSTEM_FONTS / "truetype" / path
    return Face(source=source, name=source.name)


def lay_out(faces: Sequence[Face], fonts: Path) -> None:
    """Writes `typst/`, `office/` and last `fonts.conf`, so that a folder with `fonts.conf` is a whole one."""
    for folder in ("typst", "office"):
        shutil.rmtree(fonts / folder, ignore_errors=True)
        (fonts / folder).mkdir(parents=True)
    for number, face in enumerate(faces, start=1):
        say(f"  字体 font {number}/{len(faces)} {face.name}")
        write_typst_face(face, fonts / "typst" / face.name)
        if face.family is not None:
            write_office_face(fonts / "typst" / face.name, face.family, fonts / "office" / face.name)
    say(f"  表单填写字体 typing font {TYPING_FACE}")
    write_typing_face(fonts / "typst" / TYPING_FACE, fonts / "typing" / TYPING_FACE)
    (fonts / "fonts.conf").write_text(font_configuration(fonts), encoding="utf-8")


def write_typing_face(source: Path, target: Path) -> None:
    """Writes the part of a face that clerks type with: GB 2312, ASCII and the rare characters of names."""
    kept = subset.Options(hinting=False, layout_features=[], notdef_outline=True)
    kept.drop_tables += ["BASE", "GDEF", "GPOS", "GSUB", "VORG", "vhea", "vmtx"]
    chosen = subset.Subsetter(kept)
    chosen.populate(text=typed_characters())
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_suffix(".part")
    with TTFont(source, recalcTimestamp=False) as font:
        chosen.subset(font)
        _number_glyphs(font)
        font.save(part)
    part.replace(target)


def _number_glyphs(font: Any) -> None:
    """Names each glyph by its place: a PDF viewer may take a code for either, so both have to be the same."""
    order = font.getGlyphOrder()
    names = {glyph: f"cid{number:05d}" if number else ".notdef" for number, glyph in enumerate(order)}
    cff = font["CFF "].cff.topDictIndex[0]
    cff.CharStrings.charStrings = {names[glyph]: place for glyph, place in cff.CharStrings.charStrings.items()}
    cff.charset = list(names.values())
    font["hmtx"].metrics = {names[glyph]: width for glyph, width in font["hmtx"].metrics.items()}
    for table in font["cmap"].tables:
        table.cmap = {character: names[glyph] for character, glyph in getattr(table, "cmap", {}).items()}
    font.setGlyphOrder(list(names.values()))


def typed_characters() -> str:
    """Every character that the typing face has."""
    pairs = (bytes((row, cell)) for row in range(0xA1, 0xF8) for cell in range(0xA1, 0xFF))
    chinese = "".join(pair.decode("gb2312", errors="ignore") for pair in pairs)
    return "".join(map(chr, range(0x20, 0x7F))) + chinese + RARE + "\u00a0\u00b7\u00d7\u2014\u2026\u221a\u25a1"


def write_typst_face(face: Face, target: Path) -> None:
    """Copies a face unchanged; from a collection it takes the simplified Chinese member alone."""
    if face.source.suffix != ".ttc":
        shutil.copyfile(face.source, target)
        return
    with TTFont(face.source, fontNumber=SIMPLIFIED_CHINESE, lazy=True, recalcTimestamp=False) as font:
        font.save(target, reorderTables=None)


def write_office_face(source: Path, family: str, target: Path) -> None:
    """Writes a copy named `family`, one line of which is 1.0 em high; outlines and licence fields stay as they are."""
    with TTFont(source, lazy=True, recalcTimestamp=False, recalcBBoxes=False) as font:
        _set_line_height(font)
        _rename(font, family)
        font.save(target, reorderTables=None)


def _set_line_height(font: Any) -> None:
    ascent = round(font["head"].unitsPerEm * ASCENT_EM)
    descent = round(font["head"].unitsPerEm * DESCENT_EM)
    heights, metrics = font["hhea"], font["OS/2"]
    heights.ascent, heights.descent, heights.lineGap = ascent, -descent, 0
    metrics.sTypoAscender, metrics.sTypoDescender, metrics.sTypoLineGap = ascent, -descent, 0
    metrics.usWinAscent, metrics.usWinDescent = ascent, descent


def _rename(font: Any, family: str) -> None:
    names = font["name"]
    style = names.getDebugName(2) or "Regular"
    for name_id in (FAMILY_NAME_ID, FULL_NAME_ID, POSTSCRIPT_NAME_ID, *OTHER_FAMILY_NAME_IDS):
        names.removeNames(nameID=name_id)
    for name_id, text in (
        (FAMILY_NAME_ID, family),
        (FULL_NAME_ID, f"{family} {style}"),
        (POSTSCRIPT_NAME_ID, f"{family}-{style}".replace(" ", "")),
    ):
        names.setName(text, name_id, 3, 1, 0x409)  # Windows, Unicode, English


def font_configuration(fonts: Path) -> str:
    """The fontconfig file: only the folders of the forms, and what stands in for each official family."""
    folders = (fonts / "office", *(SYSTEM_FONTS / "truetype" / name for name in SYSTEM_FOLDERS))
    matches = "".join(_match(name, alias) for alias in ALIASES for name in alias.names)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">\n'
        "<fontconfig>\n"
        + "".join(f"  <dir>{escape(str(folder))}</dir>\n" for folder in folders)
        + f"  <cachedir>{escape(str(fonts / 'fontconfig'))}</cachedir>\n"
        + matches
        + _last_resort(("Form Song", "DejaVu Sans"))
        + "</fontconfig>\n"
    )


def _match(name: str, alias: Alias) -> str:
    families = "".join(f"<string>{escape(family)}</string>" for family in alias.families)
    weight = '<edit name="weight" mode="assign" binding="strong"><const>bold</const></edit>' if alias.bold else ""
    return (
        f'  <match target="pattern"><test qual="any" name="family" compare="eq"><string>{escape(name)}</string></test>'
        f'<edit name="family" mode="assign" binding="strong">{families}</edit>{weight}</match>\n'
    )


def _last_resort(families: Sequence[str]) -> str:
    listed = "".join(f"<string>{escape(family)}</string>" for family in families)
    return f'  <match target="pattern"><edit name="family" mode="append_last">{listed}</edit></match>\n'


if __name__ == "__main__":
    sys.exit(main())
