"""Patients and families whose names are public: inquiries, films, laws and lessons are named after them."""

from __future__ import annotations

from node.confidentiality.lists import listed

_PUBLISHED = """
    elaine bromiley|martha mills|oliver mcgowan|elizabeth dixon|robbie powell|adam strain|claire roberts|raychel
    ferguson|lucy crawford|conor mitchell|connor sparrowhawk|william mead|jack adcock|wayne jowett|harry richford|kate
    stanton-davies|pippa griffiths|joshua titcombe|averil hart|richard handley|clive treacey|sam morrish|josie
    king|lewis blackman|libby zion|betsy lehman|jesica santillan|emily jerry|radonda vaught|charlene murphey|natasha
    ednan-laperouse|charlie gard|alfie evans|archie battersbee|tony bland|sally clark|victoria climbie|arthur
    labinjo-hughes|daniel pelka|nadine montgomery|bethan james|sophie bennett|mary bassett|susan nelles|gillian
    astbury|bella bailey|amy allan|evan smith|yusuf nazir|jess brady|ryan saunders|ian paterson|lucy letby|harold
    shipman|beverley allitt|jimmy savile|michael watt|molly russell|jodey whiting|ruth perry|awaab ishak|ella
    kissi-debrah|henrietta lacks|max johnson|keira ball|helen keller|florence nightingale|mary seacole|betsi
    cadwaladr|elsie inglis|jean bishop|natalie adams|emily harley|gaia young|tommy jessop|alex wubbels|hadiza
    bawa-garba|bawa-garba case|merope mills|julie bailey
    """
PUBLISHED = frozenset(tuple(case.replace("-", " ").split()[:2]) for case in " ".join(_PUBLISHED.split()).split("|"))
EPONYMS = listed(
    """
    bundle bundles rule law charter syndrome disease palsy triad sign scale score tool manoeuvre maneuver criteria
    classification angina gangrene tumour lymphoma effect award awards prize lecture medal method matrix model campaign
    checklist promise pledge foundation trust appeal hospice act amendment inquiry report review initiative project
    framework test procedure contracture thyroiditis encephalopathy anaemia sarcoma pathway passport
    """
)  # what is named after somebody
