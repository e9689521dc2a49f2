"""Vocabularies as data: which words say that a patient, a relative, a place, a day or a blow is meant.

A word may have several marks. They are plain numbers that are or-ed together, since every word of every text is looked
up: a number holds too what a word is evidence of, and which needs of rules it answers (``glance``). Shorthand is that
of wards in the four nations (pt, dtr, NOK, c/o); Welsh stands beside English.
"""

from __future__ import annotations

from node.confidentiality import ordinary, people

(
    TITLE, STAFF, PATIENT, RELATIVE, OWNER, PRONOUN, EVENT, CLINICAL, MONTH, WEEKDAY, NEARDAY, HOLIDAY, WARD, ROOM,
    NEAR,
    STREET, BLAME, SLIP, PRAISE, ORG, INVENTED, GIVEN, PLAIN_NAME, FAMILY, COMMON, UNIT, RIVAL, LABEL, NUMBER, GROUP,
    AGEWORD, HOME, PERSONAL, PREDICATE, FAME, CALLING, ODD, ORIGIN, POSSESSED, MOURNING, CLUE, FIGURE,
) = (1 << place for place in range(48, 90))  # fmt: skip
FIRST_MARK, FREE = TITLE, 90  # the lower bits say what a word is evidence of; from the 90th on which needs it meets

_MARKED = {
    TITLE: "mr mrs ms miss mx bnr",
    STAFF: """
        doctor dr prof professor sister nurse matron consultant midwife physio physiotherapist hca registrar surgeon
        anaesthetist pharmacist paramedic porter locum sho manager director lead chair guardian sr reg chief
        governor radiographer dietitian therapist practitioner gp houseman intern psychiatrist physician
        cardiologist geriatrician healthcare assistant carer coordinator student colleague colleagues clerk
        housekeeper domestic secretary facilitator orthopaedic obstetrician paediatrician radiologist oncologist
        neurologist psychologist technician officer trainee meddyg nyrs staffnurse charge charge-nurse volunteer
        receptionist chef cook cleaner driver leader boss f1 f2 fy1 fy2 st3 ct1 bank agency
    """,
    PATIENT: """
        patient pt pts resident client lady gentleman gent man woman boy girl baby child toddler infant teenager
        teen chap bloke fella newborn neonate mum mother dad father gran grandad victim deceased service-user
        claimant survivor youngster pensioner pensioner's schoolboy schoolgirl claf recipient px inpatient
        outpatient male female casualty mam nan nana grandmother grandfather twin twins triplet triplets lad lass
        bairn wean
    """,
    RELATIVE: """
        nhad nain taid nhaid modryb ewythr mrawd ngwr ngwraig mab merch boyfriend girlfriend fiancé daughter dtr dau
        son wife husband hubby mother father mum dad mam sister brother niece nephew grandson granddaughter partner
        fiance fiancee widow widower aunt uncle cousin nok kin neighbour sil dil carer grandmother grandfather gran
        nan grandad stepson stepdaughter friend guardian ferch merch fab mab wraig gwraig gwr wr chwaer brawd
        parents parent family relative relatives spouse granny grandma grandpa auntie mammy daughters sons sisters
        brothers grandsons granddaughters
    """,
    OWNER: "fy dy his her their my our ei eu",
    PRONOUN: "she'd he'd she'll he'll they'd they'll they've he she him his her hers they them ef hi",
    EVENT: """
        died dead dying coffin fell collapsed arrested aspirated choked deceased overdosed passed stabbed drowned
        admitted readmitted discharged transferred miscarried fractured bled suffered deteriorated perished crashed
        attacked assaulted absconded self-harmed hanged jumped found rushed blue-lighted delivered born cwympodd
        syrthiodd farw died, fall suicide death cardiac-arrest stillbirth stillborn arrest brought killed burned
        burnt diagnosed detained sectioned
    """,
    CLINICAL: """
        hoist frame buzzer nursed treated tazocin augmentin gentamicin vancomycin meropenem teicoplanin
        flucloxacillin paracetamol ibuprofen oramorph zomorph oxycontin fentanyl naloxone midazolam lorazepam
        haloperidol diazepam levetiracetam keppra valproate clexane fragmin dalteparin enoxaparin rivaroxaban
        digoxin bisoprolol ramipril furosemide amiodarone metformin gliclazide novorapid lantus levemir actrapid
        methotrexate ciclosporin tacrolimus prednisolone dexamethasone hydrocortisone adrenaline potassium magnesium
        madopar sinemet levodopa lithium clozapine olanzapine salbutamol penicillin amoxicillin trimethoprim codeine
        tramadol aspirin clopidogrel oxycodone antidote vaccine epidural mattress bandage leaflet interpreter
        penicillin allergies legs feet hands stomach back neck ribs skull lungs prosthesis dialysis antidote sugar
        hypo ulcer sepsis wound fall falls surgery operation hip stroke insulin morphine dose doses cannula bed ward
        heel sacrum sacral fracture bleed infection antibiotics warfarin apixaban heparin medication meds allergy
        allergic consent mri scan xray biopsy catheter dementia cancer diabetes seizure sats news obs oxygen
        transfusion pressure care stay treatment admission discharge death notes chart results tablets blood theatre
        delirium confusion chest pain transplant chemo dialysis labour birth pneumonia covid hiv stoma tpn line drip
        pump feed tracheostomy amputation mental self-harm overdose nerve leg arm kidney liver heart lung delay wait
        readmitted injury bruise bruises hospital diagnosis review referral appointment bay nurse nurses doctor
        doctors drink commode toilet obs injection morffin dos meddyginiaeth llawdriniaeth poen gwaed tabledi
        alergedd clot nasogastric ventilator nebuliser pacemaker colonoscopy endoscopy chemotherapy radiotherapy
        hemicolectomy mastectomy hysterectomy caesarean
    """,
    MONTH: """
        january february march april may june july august september october november december jan feb mar apr jun
        jul aug sept sep oct nov dec ionawr chwefror mawrth ebrill mai mehefin gorffennaf awst medi hydref tachwedd
        rhagfyr
    """,
    WEEKDAY: """
        sat sun monday tuesday wednesday thursday friday saturday sunday mon tues tue weds wed thurs thur fri llun
        mercher iau gwener sadwrn sul mondays tuesdays
    """,
    NEARDAY: "yesterday tonight today overnight ddoe neithiwr heddiw yest nite yday",
    HOLIDAY: """
        boxing christmas easter hogmanay xmas diwali eid whitsun halloween bonfire nadolig pasg jubilee coronation
    """,
    WARD: """
        ward unit hospital infirmary hospice ysbyty lodge wing clinic surgery home house manor court general wards
        a&e ed resus icu itu hdu scbu nicu picu amu sau ccu mau theatre theatres labour maternity cae department
        dept casualty nursing practice school prison hmp college village station
    """,
    ROOM: """
        bed bay room sideroom sr cubicle side gwely ystafell trolley chair bedspace cot rm
    """,
    NEAR: """
        corridor lift toilets toilet bathroom car-park canteen reception foyer entrance shower kitchen stairs
        stairwell garden roof lobby
    """,
    STREET: """
        street road close avenue lane drive crescent terrace gardens grove mews court way place hill row rise walk
        square brae wynd vennel croft parade loan maes rhodfa clos st rd ave ln cl dr heol stryd ffordd lon gerddi
        villas heights loanen cottages flat flats view park green bungalow cottage house
    """,
    BLAME: """
        lied lying lies liar ignored ignores ignoring lazy dangerous shameful shame disgrace disgraceful incompetent
        incompetence negligent negligence drunk asleep sleeping useless careless arrogant rude bully bullied bullies
        bullying falsified falsifies clueless sacked callous cruel hopeless killed murderer appalling disgusting
        reckless liability struck blame fault unsafe unfit abusive shouted screamed swore laughed sloppy nasty vile
        idiot stupid ashamed covered joke hungover cocky butcher menace negligently racist sexist
    """,
    SLIP: """
        missed forgot failed refused never didn't didnt wouldn't wouldnt couldn't couldnt wrong wrongly botched
        messed fobbed dismissed dismissive left unaware hadn't hadnt overlooked fumbled delayed wasn't wasnt
        refuses refusing neglected skipped mistake error mistakes blunder absent disappeared late
    """,
    PRAISE: """
        thank thanks thankyou grateful brilliant kind praised praise spotted noticed well excellent star diolch
        congratulations superb credit champion award caught amazing fantastic wonderful hero heroes speaking speaks
        runs led teaches taught helped shared presents presented invited welcome
    """,
    ORG: """
        team teams office switchboard helpline desk department line hotline venue conference training course event
        organisation university college library booking book register enquiries contact education bleep pager ext
        extension webinar session stall charity network service services trust board studio suite centre center dial
        samaritans support advice headquarters hq supplier rep company manufacturer meeting workshop network's
        email-us pals parking museum hall hotel rooms society foundation council
    """,
    INVENTED: """
        invented fictional fictitious simulated simulation scenario mannequin manikin composite imaginary pretend
        dummy anonymised pseudonym pseudonyms actor actors example vignette made-up simulator roleplay drill
        hypothetical illustrative
    """,
    MOURNING: """
        memory rip condolences funeral inquest memorial tribute widow bereaved coroner remember remembering
        remembered late
    """,
    UNIT: """
        mg mcg ml mmol units unit g kg mmhg bpm l litres hours hrs hour hr minutes mins min seconds percent per cent
        micrograms micrograms/kg cm mm kcal calls cases months weeks beats breaths
    """,
    RIVAL: """
        order po invoice batch lot isbn issn doi pmid pmcid grant charity ref reference serial catalogue code asset
        ticket page pages wiki account tel telephone fax phone call ring dial purchase item product gtin barcode
        barcodes requisition npc sku model licence license version udi trial protocol isrctn nct job bid tender ext
        company vat supplier call cost total sum budget pounds version commit hash checksum build colour color
        postal orcid stock helpline compliance row cell formula spreadsheet quote quotation delivery tracking parcel
        part dataset
    """,
    LABEL: """
        nhs chi hcn mrn wristband patient pt patient's pts identifier gig hosp hospital pas emis rio systmone epr
        cerner epic demographic h&c client resident her his him she he mum dad
    """,
    GROUP: """
        over under above below between least older younger aged ages adults children patients people those women men
        residents median mean average range everyone anyone anybody group cohort mothers babies criteria eligible
        offered screening guideline guidance policy all most any every
    """,
    AGEWORD: """
        year years yr yrs yo y week weeks wk wks month months mo day days old oed blwydd
    """,
    HOME: """
        lives lived living home address discharged byw house flat bungalow housebound moved residing resides gartref
        neighbour neighbours key keysafe keycode visit visits visited ambulance crew sent
    """,
    PERSONAL: """
        his her him she he family wife husband daughter son mum dad mother father patient pt nok relative relatives
        dtr mam carer sister brother partner granddaughter grandson neighbour resident client lady gentleman widow
        niece nephew kin
    """,
    PREDICATE: """
        was had is has said told refused got went waited lay needed needs came developed became lost presented
        suffers lives asked sustained stopped started woke wanted slipped tripped vomited cried complained who
        pressed kept
    """,
    FAME: """
        olympics paralympics medallist eurovision footballer celebrity mp mayor mayoress singer actress councillor
        politician cricketer boxer olympian paralympian presenter newsreader ex-footballer goalkeeper musician
        rockstar bishop lord baroness senator comedian influencer youtuber jockey mp's minister
    """,
    CALLING: """
        farmer vicar priest imam rabbi headteacher headmaster headmistress teacher publican landlord landlady judge
        fisherman firefighter fireman policeman policewoman constable pilot postmistress postmaster postman baker
        butcher butcher's blacksmith solicitor barrister lollipop miner soldier veteran harpist organist beekeeper
        shepherd lifeguard coastguard lighthouse gamekeeper monk nun minister chaplain principal prisoner inmate
        undertaker jeweller gardener milkman crofter trawlerman bellringer choirmaster lifeboatman vet dentist
        librarian barber caretaker florist crossing coxswain ffermwr
    """,
    ODD: """
        lion tiger python crocodile alligator shark transplant triplets quadruplets quads quins sextuplets conjoined
        surrogate crash explosion stabbing stab gunshot shot shooting drowning fire lightning explosion amputee
        quadriplegic transgender trans hiv anthrax rabies ebola tetanus botulism leprosy haemophilia haemophiliac
        rare rarest unique albinism dwarfism porphyria malaria siamese hermaphrodite tpn ecmo lvad self-immolation
        derailment avalanche collapse hunger hostage kidnapped murdered tb diphtheria cjd scurvy plague smallpox
    """,
    ORIGIN: """
        polish syrian ukrainian somali afghan eritrean romanian lithuanian traveller travellers gypsy roma refugee
        asylum amish inuit sami maori hutterite nigerian filipino filipina chinese russian kurdish iraqi iranian
        bulgarian portuguese italian greek turkish bangladeshi pakistani sudanese ethiopian jamaican vietnamese
        korean japanese thai hungarian albanian latvian estonian jewish mormon icelandic norwegian swedish danish
        deaf-blind mute
    """,
    POSSESSED: """
        family fall death story care stay wound ulcer notes operation daughter son wife husband mum dad legacy heel
        sacrum leg drip bed discharge meds mother father chart wishes allergy pump room birthday funeral inquest
        kin insulin bloods wristband scan results sister brother hip stroke diagnosis surgery treatment
    """,
    CLUE: """
        on gave prescribed just last champion centre park unresponsive abruption eclampsia she he everybody everyone
        accident adult afternoon ago amputated an anaphylaxis antidote at attacked baby bakery beach black bled
        bleed blind bloke born boy bronze brought burn burst caravan cardiac celebrated centenarian chap child
        chinese choked choking church climbed collision county couple crisis cut day deaf death delivered diagnosed
        disaster dose doses echo eight eighteen eighties eighty eldest eleven escaped eve evening fall falls family
        famous farm father fifteen fifties fifty first fitted five forties forty found four fourteen from gazette
        gentleman girl given gold got haemorrhage hamlet he headlines heaviest her hers hi high him his household
        hundred hypo in infant injury island known lad lads lady lass life ligature lost man medal missed missing
        month morning mosque mother near neonate newborn news newspaper night nine nineteen nineties ninety
        nonagenarian o oap octogenarian oldest olympic one only operated our overdose papers parish passed patient
        pensioner people perforated person petition pier pph prison pub pulled radio reaction recipient registered
        renowned rescue resident restrained ruptured s scald schoolboy schoolgirl seizing seizure sent sepsis seven
        seventeen seventies seventy she silver six sixteen sixties sixty sole somebody someone st stillborn stroke
        student survivor swallowed tallest teen teenage teenager television telly temple ten the thirteen thirties
        thirty three toddler town transferred transgender trophy turned tv twelve twenties twenty twin two user
        valley victim village viral waited week weekend wheelchair who woman won wrong yn youngest youngster
    """,
    NUMBER: """
        dau tri pedwar chwech saith wyth naw zero oh nought one two three four five six seven eight nine double
        triple treble
    """,
}

_COMMON = """
    the a an and or but if then so we i you it this that these those what who why when where how which in on at of
    to from by with for as is are was were be been has have had do does did will would can could should may might
    must not no yes please help here there today now after before during since until while because although also
    only just very more most less few many much all any each every some other another both same different new old
    first second last next late early good better best bad worse big small long short high low safe safety quality
    experience group groups advice liaison participation voices voice transport information leaflet record records
    access association council forum partner partners passport portal engagement involvement story stories feedback
    journey pathway flow group direction directions controlled analgesia initiated centred friendly initiative
    protection health mental services act care plan plans pressure score scale chart checklist audit project
    improvement team trust board network alliance national local england wales scotland ireland northern london
    britain uk europe english welsh scottish irish british nhs gp ot pt ed ct iv bp hr rr im sc po bd od tds qds prn
    nil mrsa vte dvt pe mi af copd uti cpr dnar dnacpr ecg mews news sbar nice cqc hssib who mhra gmc nmc rcn rcp
    bma psirf lfpse datix pdsa spc qi ppe tto ttos eol mdt mca dols it hr ok monday tuesday red amber green blue
    yellow black white read learn share see ask tell show look listen think know use using used make made take taken
    give given put get keep start stop find found hold let call called named thank thanks dear hello hi re update
    question idea note case study guide guideline standard standards report reports inquiry review reviews rule
    rules law charter framework bundle campaign programme award awards day week month year evening morning night
    nights midnight afternoon department office clinic ward hospital paediatric adult adults emergency urgent acute
    community primary secondary critical intensive high stroke cardiac renal oncology maternity falls sepsis
    delirium dementia nutrition medicines medicine drug drugs fluid insulin heparin warfarin morphine oxygen blood
    infection control prevention prevent reduction reduce still again never always nobody everybody everyone lessons
    learning learned lead leads leaders support well done its it's i'm i've we're we've don't can't didn't won't
    that's there's what's who's he's she's they're i'd i'll you're let's everything something nothing thing things
    recently meanwhile however instead unfortunately luckily sadly maybe perhaps once twice says said being having
    going getting doing seen saw heard left right came come went gone told asked need needs wants want needed under
    over up down out off into onto about around through between against without within across along near behind
    above below one two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty sixty
    seventy eighty ninety north south east west general royal university college school street road saint st royal
    victoria infirmary bank holiday bereavement parent parents carers families people person persons man's woman's
    men women staff nurses doctors safer safest handover handovers huddle huddles bay bed room side video photo
    photos picture image attached welcome join us our your their his her my me him them they he she chief executive
    nursing medical clinical director manager simulation scenario test example model models system systems process
    design human factors excel word powerpoint teams zoom facebook twitter tiktok instagram youtube google mastodon
    whatsapp apple android surgical surgery theatre theatres recovery anaesthesia alerts alert action actions
    reading list lists book books tray trays pump pumps pen pens needle needles line lines tube tubes catheter
    dressing dressings mattress january not very quite rather really too enough yet ever else even like such own
    than per via etc eg ie bore da diolch mae yr y yn i o a ac ar am gan wrth dim mwy llai pob bob gyda eich ein sut
    beth pam ble pryd pwy weekend shift shifts rota rotas duty rounds round doctor's nurse's patient's concern tool
    toolkit index scheme service user users free home homes nursing-home hours hour time times minute minutes number
    numbers doppler waterlow braden foley hickman ryles norton glasgow parkinson parkinsons alzheimer bell crohn
    addison cushing graves down marfan hodgkin raynaud sjogren tourette huntington lewy korsakoff wernicke guedel
    yankauer venturi hudson salem sump swan ganz trendelenburg fowler sims valsalva heimlich apgar bishop bristol
    malnutrition stool must rockwood cockcroft gault pareto deming shewhart ishikawa gantt likert cochrane lister
    semmelweis nightingale seacole caldicott francis ockenden kirkup berwick keogh cavendish shipman letby allitt
    bristol kennedy donaldson reason vincent maslow pronovost gawande hollnagel dekker syed bromiley worthington
    marx leape martha's jess's baxter alaris braun medtronic philips omnicell pyxis graseby mckinley cerner epic
    emis systmone lorenzo rio meditech sharewell sharps cannula cannulas venflon aquacel allevyn mepilex tegaderm
    chloraprep clinell octenisept tazocin augmentin co-amoxiclav gentamicin vancomycin meropenem teicoplanin
    flucloxacillin paracetamol ibuprofen oramorph zomorph oxycontin fentanyl naloxone narcan midazolam lorazepam
    haloperidol diazepam levetiracetam keppra valproate clexane fragmin dalteparin enoxaparin apixaban rivaroxaban
    digoxin bisoprolol ramipril furosemide amiodarone metformin gliclazide novorapid lantus levemir humulin actrapid
    tresiba methotrexate ciclosporin tacrolimus prednisolone dexamethasone hydrocortisone adrenaline noradrenaline
    atropine potassium magnesium sodium calcium madopar sinemet levodopa co-careldopa lithium clozapine olanzapine
    salbutamol ipratropium tiotropium
"""


def _marks() -> dict[str, int]:
    found: dict[str, int] = {}
    for mark, listed in _MARKED.items():
        for word in listed.split():
            found[word] = found.get(word, 0) | mark
    for word in [*found, *_COMMON.split(), *ordinary.WORDS]:
        found[word] = found.get(word, 0) | COMMON
    for names, mark in ((people.PLAIN, PLAIN_NAME), (people.GIVEN - people.PLAIN, GIVEN), (people.FAMILY, FAMILY)):
        for word in names:
            found[word] = found.get(word, 0) | mark
    return found


MARKS = _marks()
CLUES = (
    CLUE
    | FIGURE
    | PATIENT
    | RELATIVE
    | EVENT
    | MONTH
    | WEEKDAY
    | NEARDAY
    | HOLIDAY
    | WARD
    | ROOM
    | NEAR
    | SLIP
    | FAME
    | CALLING
    | ODD
    | ORIGIN
)  # the marks of words that can be evidence; see combining
ORDINARY = frozenset(_COMMON.split())
