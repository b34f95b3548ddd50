"""PDFs as strangers send them: with fields, stamps, scripts, files, layers, signatures. All invented."""

import io

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String
from PIL import Image

A4 = (595, 842)


def saved(pdf, **options):
    data = io.BytesIO()
    pdf.save(data, deterministic_id=True, **options)
    return data.getvalue()


def empty(content=b"0.8 g 50 700 300 30 re f", pages=1):
    pdf = pikepdf.new()
    for _ in range(pages):
        pdf.add_blank_page(page_size=A4)
        pdf.pages[-1].Contents = pdf.make_stream(content)
    return pdf


def text_drawing(pdf, text):
    """An appearance that sets Latin text with Helvetica."""
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    drawing = pdf.make_stream(b"/Tx BMC q BT /Helv 12 Tf 2 8 Td (%s) Tj ET Q EMC" % text.encode())
    drawing.Type, drawing.Subtype = Name.XObject, Name.Form
    drawing.BBox = Array([0, 0, 300, 30])
    drawing.Resources = Dictionary(Font=Dictionary(Helv=font))
    return drawing


def field(pdf, name, value, rect=(50, 700, 350, 730), **more):
    entries = {"/Type": Name.Annot, "/Subtype": Name.Widget, "/FT": Name.Tx, "/T": String(name), "/F": 4}
    entries |= {"/V": String(value), "/Rect": Array(rect), "/DA": String("/Helv 0 Tf 0 g")}
    return pdf.make_indirect(Dictionary({**entries, **{f"/{key}": given for key, given in more.items()}}))


def with_form(*fields, pdf=None, need=False):
    """A PDF of one page with a form of the fields that `fields` make (each called with the PDF)."""
    pdf = pdf or empty()
    made = Array([one(pdf) for one in fields])
    pdf.pages[0].Annots = made
    pdf.Root.AcroForm = Dictionary(Fields=made, NeedAppearances=need, DA=String("/Helv 0 Tf 0 g"))
    return saved(pdf)


def note(pdf, subtype, rect=(50, 300, 350, 330), **more):
    entries = {"/Type": Name.Annot, "/Subtype": Name(f"/{subtype}"), "/Rect": Array(rect), "/F": 4}
    return pdf.make_indirect(Dictionary({**entries, **{f"/{key}": given for key, given in more.items()}}))


def with_notes(*notes):
    pdf = empty()
    pdf.pages[0].Annots = Array([one(pdf) for one in notes])
    return saved(pdf)


def signed():
    """A signature field that was signed: what it shows, and a signature that is none."""

    def signature(pdf):
        value = Dictionary(Type=Name.Sig, Filter=Name("/Adobe.PPKLite"), ByteRange=Array([0, 1, 2, 3]), Contents=b"x")
        shown = Dictionary(N=text_drawing(pdf, "Signed by PDY"))
        return field(pdf, "sig", "", FT=Name.Sig, V=pdf.make_indirect(value), AP=shown)

    return with_form(signature)


def hostile():
    """Everything that acts, points outside or hides a file, in every place where it could ride along."""
    pdf = empty(b"/X Do /OC /L BDC 10 10 5 5 re f EMC")
    script = pdf.make_indirect(Dictionary(Type=Name.Action, S=Name.JavaScript, JS=String("app.alert(1)")))
    launch = Dictionary(Type=Name.Action, S=Name.Launch, F=String("cmd.exe"))
    address = Dictionary(Type=Name.Action, S=Name.URI, URI=String("http://example.invalid/"))
    submit = Dictionary(S=Name.SubmitForm, F=Dictionary(FS=Name.URL, F=String("http://example.invalid/")))
    program = Stream(pdf, b"MZ program", Type=Name.EmbeddedFile)
    held = pdf.make_indirect(Dictionary(Type=Name.Filespec, F=String("a.exe"), EF=Dictionary(F=program)))
    pdf.Root.OpenAction, pdf.Root.AA = script, Dictionary(WC=launch)
    pdf.Root.Names = Dictionary(
        JavaScript=Dictionary(Names=Array([String("a"), script])),
        EmbeddedFiles=Dictionary(Names=Array([String("a.exe"), held])),
    )
    page = pdf.pages[0].obj
    page.AA, page.AF = Dictionary(O=script), Array([held])
    page.Annots = Array(
        [
            note(pdf, "Link", A=address),
            note(pdf, "Screen", A=launch, AA=Dictionary(E=script)),
            note(pdf, "RichMedia", RichMediaContent=Dictionary(Assets=held)),
            note(pdf, "FileAttachment", FS=held),
            note(pdf, "Stamp", A=launch, AP=Dictionary(N=text_drawing(pdf, "STAMP"))),
            field(pdf, "f", "field", A=submit, AA=Dictionary(K=script), AP=Dictionary(N=text_drawing(pdf, "FIELD"))),
        ]
    )
    pdf.Root.AcroForm = Dictionary(Fields=Array([page.Annots[5]]), XFA=Stream(pdf, b"<xdp/>"))
    drawing = Stream(pdf, b"0 0 20 20 re f", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 20, 20]))
    drawing.AA, drawing.PieceInfo, drawing.Ref = script, Dictionary(X=held), Dictionary(F=held)
    drawing.Metadata = Stream(pdf, b"<rdf/>", AF=held)
    outside = Stream(pdf, b"", Type=Name.XObject, Subtype=Name.Image, Width=1, Height=1, BitsPerComponent=8)
    outside.ColorSpace, outside.F, drawing.Hidden = Name.DeviceGray, String("file:///etc/passwd"), Dictionary(S=script)
    outside.Alternates = Array([Dictionary(Image=drawing)])
    page.Resources = Dictionary(
        XObject=Dictionary(X=drawing, AA=outside),
        Properties=Dictionary(L=Dictionary(Type=Name.OCG, Name=String("x"), AF=held)),
        Odd=Dictionary(A=script, B=launch, C=held),
        ExtGState=Dictionary(G=Dictionary(Odd=Dictionary(Deep=Array([script, address, submit])))),
    )
    return saved(pdf)


def layered():
    """Two squares, each on a layer; the second layer is off."""
    pdf = empty(b"/OC /On BDC 1 0 0 rg 100 100 100 100 re f EMC /OC /Off BDC 0 0 1 rg 300 100 100 100 re f EMC")
    on, off = (pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String(name))) for name in ("on", "off"))
    pdf.Root.OCProperties = Dictionary(OCGs=Array([on, off]), D=Dictionary(OFF=Array([off])))
    pdf.pages[0].obj.Resources = Dictionary(Properties=Dictionary(On=on, Off=off))
    return saved(pdf)


def scan(image, drawn_pt=A4, *, quality=95):
    """A page that is one picture, as a scanner makes it."""
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=A4)
    jpeg = io.BytesIO()
    image.save(jpeg, "JPEG", quality=quality)
    width, height = image.size
    picture = Stream(pdf, jpeg.getvalue(), Type=Name.XObject, Subtype=Name.Image, Width=width, Height=height)
    picture.ColorSpace = Name.DeviceGray if image.mode == "L" else Name.DeviceRGB
    picture.BitsPerComponent, picture.Filter = 8, Name.DCTDecode
    pdf.pages[0].obj.Resources = Dictionary(XObject=Dictionary(S=picture))
    pdf.pages[0].Contents = pdf.make_stream(f"q {drawn_pt[0]} 0 0 {drawn_pt[1]} 0 0 cm /S Do Q".encode())
    return saved(pdf)


def noisy(size, mode="RGB", seal=False):
    """A grey page with the noise of paper, a red seal on it or not."""
    grey = Image.effect_noise((size[0] // 8, size[1] // 8), 20).resize(size).convert(mode)
    if seal:
        grey.paste("#d02020", (size[0] // 2, size[1] // 2, size[0] // 2 + size[0] // 8, size[1] // 2 + size[1] // 8))
    return grey


def frames(*sizes, mode="L"):
    """A TIFF of several pages."""
    images = [Image.new(mode, size, 1 if mode == "1" else 200) for size in sizes]
    data = io.BytesIO()
    images[0].save(data, "TIFF", save_all=True, append_images=images[1:])
    return data.getvalue()
