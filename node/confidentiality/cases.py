"""Whom everybody may name: families after whom inquiries, films and laws are named, figures of history, of cartoons."""

from __future__ import annotations

from node.confidentiality.lists import listed

_PUBLISHED = """
    adam strain | alexander fleming | alfie evans | aneurin bevan | archie battersbee | arthur labinjo-hughes |
    averil hart | awaab ishak | bawa-garba case | bernie rochford | betsi cadwaladr | betsy lehman | beverley allitt
    | charlene murphey | charlie gard | cicely saunders | claire roberts | clive treacey | connor sparrowhawk |
    daniel pelka | donald duck | edith cavell | edward jenner | elaine bromiley | elizabeth blackwell | elizabeth
    dixon | elizabeth fry | elizabeth garrett | ella kissi-debrah | elsie inglis | emily jerry | ethel bedford |
    florence nightingale | fred bloggs | gillian astbury | hadiza bawa-garba | harold shipman | harry richford |
    helen keller | henrietta lacks | ian paterson | ignaz semmelweis | jack adcock | jesica santillan | jimmy savile
    | jodey whiting | joe bloggs | john snow | joseph lister | joshua titcombe | josie king | julie bailey | kate
    granger | kate stanton-davies | keira ball | lewis blackman | libby zion | lucy letby | martha mills | mary
    seacole | merope mills | mickey mouse | minnie mouse | molly russell | nadine montgomery | natasha
    ednan-laperouse | nye bevan | oliver mcgowan | pippa griffiths | radonda vaught | raychel ferguson | richard
    handley | robbie powell | robert francis | sally clark | sam morrish | tommy jessop | tony bland | victoria
    climbie | wayne jowett | william mead | yusuf nazir
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
