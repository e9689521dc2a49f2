"""Ordinary words of posts about safety: with a capital they begin a sentence or a title, they are nobody's name."""

from __future__ import annotations

from node.confidentiality.lists import listed

WORDS = listed(
    """
    able abnormal abstract accept accepted acquired actually add added addressed administering admitting adopted
    afraid age agenda agree agreed ah ahead aids aim aims airway alarm alarms alike alive allow allowed almost alone
    aloud already ambulances amcangyfrif aml among amongst ampoules amser amserydd anadl anadliadau anadlu
    anaesthetic analyst anaphylaxis angry annoying annual answer answered answers antibiotic anticoagulant
    anticoagulants antivirals anyhow anything anyway anywhere apart apologies app applies apply apps apron aprons
    area argue argyfwng arrival arrive artwork asking assessment assistants asthma atoch attending autism autistic
    automatically avoid awake aware away back background backing bacteria badly bag bags balancing band bandage
    barrier basically batteries battery become becomes bedside bedtime began begin beginning behaviour believe
    belong beneath beside besides beyond bilingual births bladder blank bleeding block blocked boards body bold bone
    bones boots bopeth boring borrow bottles bottomed bounce bounced bowels bowl bowls box boxes brand brave break
    breath breathing brief bright bring btw buddies buddy builder bunched bus busy buy calculator calendars calling
    cancelled candida cannot captions car card cardio cards caring carry cars cartridge catch category catering
    cause causes celebrating certainly chairing chairs change changed changes changing chaplaincy charted charting
    charts check checked checking checks cheers choose circle circulation city clean cleaners clear clearly cleft
    clerks clever clocks closed clostridium clue coach coding coffee coffi cold collaborative collect collide
    colours column columns comes coming comment comments commodes common commonest comms compare complain complete
    completely conclusion conclusions conditions consider consultants contain content continence continue continued
    contributory conversation copy corrected costs count countable counted counting countries country county couple
    courage cover create crews critic cross culture cultures cupboard cupboards current currently cushion cushions
    cut cyfanswm cylinder cylinders cyntaf daily damage dark data date dates ddod ddyddiau ddysgu dead deaf debrief
    debriefs decant decide decides decimal default defibrillator definitely dentures departments depend derm
    describe deserve designed despite deteriorating develop device diagnoses diagram die dietetics difference
    difficult diffuse digest digital diogelwch directly disabilities disability discard discharges discharging
    discuss discussed discussion dispensing display disturb document documenting dog doll door doors dots doubling
    dozen draw drawer drawing drawings drawn dress drills drinking driver drivers drop dry duplicate dyfalu ears
    easily easy eat eating edge effect eighth either elbow elderly electronic email empty end ended ends enjoy enter
    entry environment epilepsy errors escalate escalating escalation especially estates estimates events eventually
    everywhere exactly examples except exist exists expect expected experienced explain explore export exposure
    external eyes face facilities fact factor factory fade fail fails failure failures false far fast fastening
    faster fear feeding feel feels feet felt fever fewer field fifteen fight file fill film filter filters finally
    finance findings fine finish finished finishing firmness fit fix fixed flag floor fluids flush flushed fly foam
    follow food footwear forget forgive form forms fortunately frail frailty freezer frequently fresh fridge full
    funud further fyi gaps gas gastro gauge generally giving glasses gloves glucose go goes goggles gollwyd gosh
    governance gowns great grow guess guessed gwaed gydag gyfan gyfradd gynae gynnar habit haem half hand handing
    happen happened happy hard harder hardly hardware harm hate hates head headings hear hearing heat heavy heels
    height heights held helps hence hey hide higher histogram history hit hiya hmm hoffech hoist hoists holds hole
    honest hopefully hospitals hosting hot hourly hundred hungry hurt hyperkalaemia hypoactive hypoglycaemia
    hyponatraemia iaith iawn ideally ideas idle imho immediately immunisation importantly improve improving
    improvise inbox incident incidents include included increase indicator infants influenza inform informatics
    infusion injectables insert insertion inside insulins interestingly internal international interpreter
    interpreters interrupted interruptions intervention introduce introducing introduction invisible invite invites
    isel issue issues jobs joining joints jump junior juniors keen kill kilograms kindly kitchens knowledge known
    knows kudos lab label labelled labels laminate laminated lamps lanes language languages laptop laptops large
    lasted lately later laugh launching laxatives leading learnt leave leavers leaves legionella lend lesions letter
    letters levels lie lifting light lights liked likely limits link links listed listening literally little live
    loads loan lock locker logged login lol longest looked looking looks lose loss lots loud lounge love loved
    lovely loves lowered luck lumen lunch machine mail main mainly makes making manage map masks matrons mats matter
    mattered matters mattresses means meant measure measured measures measuring meet member members mention mentor
    message messages meter method methods mewn microphone microwave midwives milligrams millilitres million minced
    mind minus mirror mirrors misses missing moderate monitor monitors monthly mostly move moves moving munud muscle
    myself name nasal naturally nb nearest nearly necks nervous neuro newid nid nightly noise noisy non none nope
    normal normally norovirus nos notice nowhere null numbered observation observe obviously occasionally occlusion
    oes offcuts offer often oherwydd okay omg onc ond ones open operator opiates opinion opioid opioids opposite
    option oral orange ordinary organising originally ortho others otherwise outcome outcomes outline outlive
    outside overall oxytocin pack pad paeds pale palliative pan paper papers paperwork paramedics particularly pass
    password patch patches pattern pause pay payroll peel peidiwch pencil perfectly permission personally peth
    pharmacy phones photograph photographed phrases pick pictures pillows placed placement places planned planner
    planning play plenty plugged plugs plus pocket point points pool poor popeth portering porters possibly post
    poster posters posts pour powder practices practise pre predict prefer prepare preparing prescriber prescribing
    press presumably preventive previously print printed printer printers probably problem procurement produce
    projects promise prompts properly props protect prove provide ps public publish pull pulses pum punch puncture
    push puzzles pwyso quarter quarterly questions queue quickly quiet quietly raided rails raise raised rang rarely
    rate rated rates reach reached reader reads real reality reasons recall receive receiver receives receiving
    receptionists recognise recognition recommend recommendation recommendations recorded recording redness redraw
    refer referrals referring refuse refusing regards region registrars regularly regulator regulators rehab
    rehabilitation rejected related relax relaxant relay release remain removal remove removed repeat replace reply
    reporting request require resource resp rest restart rests result return returned reviewed rhy ringing risk
    roadside roll rolling root rotate roughly run running rydym sad sand save saves say saying scales scanner
    scanners scored scores screen screens script seal sealed search seating security sedative sedatives seeing seeks
    seem seldom sell send sender sends senior sensor sensors sentence separate serious seriously serve set sets
    several severe shall sharing sheet sheets shelf shelves shoes shout showed shown shows shrug shut sight sign
    signs silence silenced silly similarly simple simply simulations sincerely single sisters sit site sites sits
    sitting situation size sized sizes skin sleep sleepy slides slings slip slippers slow slowed slower slowly
    smaller smile socks sofas soft software solved somebody someone sometimes somewhere soon sore sorry sound source
    space spare speak specifically spend split spot spring stagger stand standing staphylococcus starter starting
    starts statins stays steal steam steel step steps sterile steroids stick sticker stickers stocked stockings
    stomach stones stood stopping store strangely strap strength strengths stretch strip strong students stuff
    successes suddenly suggest suit summary summit supplies supply suppose sure surely surprise survives swabs
    swallow swap swell switch syringe syringes ta table tables tablet tag tags takes taking talk talking talks
    target task tasks taste tawel tbh tea teach teaching tear telling tells temperature template tend tested testing
    tests text texts texture textures thanking therefore thickener third thirsty though thought thousand thread
    throw thus tick ticked ticks tie timer timers timings tip tired tissued toast together tomorrow tones took tools
    top topic topics torch totally totals touch toward towards towels town tracing track trailing train transcript
    transfer transferring transfers trauma travel travels treat treated treating trend triage trialling trick tried
    tries trolleys true truly try trying tubing turn turned turning turns type typically uchel ulcers undated
    understand unlabelled unless unplugged unread unrecorded upon urgently usable uses usually vaccination vaccines
    valve valves variation vehicles vein veins ventilator ventilators versus vial vials virtual visual volume
    volumes volunteers waiting waits wake walking walks wall walls warm warmest warn warning wash washing waste
    watch watching weak wear wearing webinars website weekly weigh weighed weight whatever wheels whenever wherever
    whether whilst whiteboard whoever whole wide widened win window windows winter wiped wire wish wonder wording
    words work worked workforce working works world worried worry wounds wow wristbands write writing written wrote
    yeah yearly yep ymarfer yours yourselves zeros
    """
)
