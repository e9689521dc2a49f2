"""Words by what they are evidence of: one person, a moment, a fault, a wrong, a cry; or nobody in particular.

A word ending in ``~`` stands for its regular forms too: *hit~* hits, *shout~* shouted, *bruise~* bruising.
"""

from __future__ import annotations

from node.confidentiality.lists import listed

LISTS = {
    "person": """
        patient pt pts px resident client lady gentleman gent man woman boy girl baby child toddler infant
        teenager teen chap bloke fella lad lass guy kid neonate newborn mum mother dad father mam nan gran
        grandad granny pensioner youngster schoolboy schoolgirl bride groom survivor claimant casualty
        inpatient inmate detainee prisoner victim twin somebody someone fellow youth daughter son husband
        wife widow brother sister partner newcomer lodger student-patient claf dyn dynes merch bachgen
        plentyn old-boy oap centenarian pupil schoolgirl's schoolchild child's sailor farmer vicar priest
        nun passenger driver rider pedestrian cyclist
    """,
    "they": """
        he she him her his hers he's she's he'd she'd he'll she'll himself herself hi ei ef
    """,
    "many": """
        patients people residents clients ladies gentlemen men women boys girls babies children toddlers
        infants teenagers adults families relatives carers parents mothers fathers users those everyone
        everybody anyone anybody others pensioners visitors students nurses doctors consultants registrars
        midwives managers colleagues juniors staff teams trainees clinicians professionals cleifion plant
        pobl
    """,
    "kin": """
        son daughter husband wife brother sister partner widow widower niece nephew grandson granddaughter
        mum mother dad father mam aunt uncle gran nan grandad cousin sibling fiance fiancee girlfriend
        boyfriend twin family parents daddy mummy stepdad stepfather stepmother lad
    """,
    "role": """
        doctor dr consultant registrar surgeon anaesthetist sister matron nurse midwife hca manager locum
        sho houseman gp porter pharmacist physio paramedic psychiatrist radiographer receptionist director
        chief chair boss reg practitioner therapist physician obstetrician radiologist healthcare carer
        professor prof agency colleague dentist technician assistant supervisor lead trainee clerk somebody
        bank-nurse charge ceo coordinator cardiologist oncologist paediatrician geriatrician urologist f1 f2
        fy1 fy2 sn staffnurse dietitian prof professor midwives' orderly orderlies gp's surgeon's nurse's
        doctor's st3 st4 st5 st6 st7 st8 ct1 ct2
    """,
    "i": "i i'm i've i'd i'll me my mine myself",
    "we": "we we're we've we'd our ours us",
    "you": "you your yours you're you've you'll yourself",
    "moment": """
        yesterday tonight monday tuesday wednesday thursday friday saturday sunday mon tues wed thurs fri
        weekend teatime lunchtime breakfast midnight bedtime overnight o'clock christmas easter boxing
        hogmanay new-year nye january february march april june july august september october november
        december nights shift handover ago morning evening afternoon yday sat sun dawn summer winter spring
        autumn xmas bonfire halloween new-year eve easter monday's sunday's 3am 4am 2am am pm dusk week
        fortnight jan feb mar apr jun jul aug sept oct nov dec
    """,
    "here": """
        here bay bed ward unit trolley corridor cubicle sideroom village hamlet estate island valley town
        parish bungalow farm school chapel church pub club clinic surgery hospital theatre resus a&e ed icu
        itu lodge home prison flats depot road crash street lane farmyard quayside harbour pier beach quarry
        factory mill pit bus station barracks sheltered larch rowan beech maple cedar oak juniper birch tent
        green quay square common castle elm corridor room
    """,
    "past": """
        was were had did went came got gave given told said asked left sent found took taken made saw seen
        put let kept lay stood sat thought knew felt heard held brought ran walked waited stopped started
        arrived returned turned rang called wrote signed looked tried happened became began lost died fell
        missed forgot refused ignored discharged admitted transferred moved given swallowed drank ate cried
        begged screamed shouted dropped pulled paid mouthed rolled laughed hung rowed got gets pressed
        painted shared turned spoke talked used wore caught hurt hit woke rode drove flew climbed slipped
        tripped landed choked begged pleaded whispered vanished
    """,
    "harm": """
        fell fall fallen died dies dying dead death collapse~ arrested aspirated choke~ overdose~ bled
        bleed~ haemorrhage fracture~ broke broken broken-neck sepsis septic ulcer sore amputat~ amputate~
        burn~ burnt scald~ stroke seizure seized fit~ fitting paralys~ blind blinded perforat~ ruptured
        miscarried stillborn stillbirth hypo coma unconscious unresponsive injury injured hurt pain agony
        drowned hanged suicide stabbed crash~ deteriorat~ readmitted dislocated anaphylaxis allergic allergy
        pneumonia infected infection infarct clot necrosis brain damage disabled died, jump~ abscond~
        escaped wandered missing swallowed choking dehydrated starv~ lost
    """,
    "fail": """
        wrong missed forgot forgotten late delay~ without never nobody no-one no-body nothing hadn't didn't
        wasn't weren't couldn't wouldn't hadnt didnt wasnt couldnt wouldnt unaware mistook mistaken mistake
        mixed swapped instead failed fail~ ignored refused dismissed waited waiting left lost overlooked
        neglected unnoticed unread unanswered unsigned twice double undone empty short-staffed too unaware
        mismatched mistaken transposed misread misheard misfiled misspelt mislaid misplaced mislabelled
        mis-filed unplugged expired outdated somebody else's stranger's else stranger other's unsigned
        unread unseen unheard uncharted prematurely hours nine eleven again opposite before instead no-one
        idea expired purpose
    """,
    "rare": """
        only last first record longest oldest youngest tallest heaviest ever unique unusual famous celebrity
        known renowned legendary notorious papers paper front-page news newspaper headlines telly television
        tv radio viral documentary film youtube olympic olympics olympian paralympian champion medal
        medallist trophy world national international captain striker goalkeeper footballer cricketer rugby
        jockey boxer wrestler dancer ballerina ballet acrobat circus clown magician conjuror juggler singer
        drummer guitarist organist harpist piper bagpipes violinist pianist opera choir bard poet novelist
        author actor actress comedian model presenter influencer mp mayor mayoress councillor lord
        lady-in-waiting baroness duke countess bishop vicar priest nun monk friar rabbi imam druid hermit
        minister missionary farmer shepherd fisherman trawlerman miner quarryman blacksmith farrier
        beekeeper falconer gamekeeper poacher thatcher lighthouse lifeboat coxswain sailor submariner pilot
        astronaut diver parachut~ parachute~ paraglid~ skydiv~ skydiving mountaineer climber racing stunt
        lion tiger tamer soldier veteran colonel general judge barrister executioner undertaker embalmer
        taxidermist publican landlord landlady headmaster headteacher headmistress postmaster postmistress
        milkman crofter lollipop bellringer ferryman ventriloquist puppeteer auctioneer jeweller locksmith
        watchmaker clockmaker glassblower refugee asylum traveller gypsy roma showman fairground prisoner
        inmate lifer convict tattoo tattoos tattooed inked tattooist eyepatch one-eyed one-legged one-armed
        wheelchair guide-dog prosthetic prosthesis peg amputee albino albinism dwarf dwarfism giant giantism
        hermaphrodite transgender trans conjoined siamese triplets quadruplets quads quins twins surrogate
        adopted snake adder python viper cobra parrot macaw monkey llama alpaca goat horse pony bull cow
        stallion ferret ferrets eagle owl hawk swan peacock tortoise lizard iguana spider tarantula scorpion
        crocodile alligator shark jellyfish stingray hedgehog badger fox donkey camel ostrich emu reindeer
        pig boar ram bees wasps hive pigeon pigeons crossbow arrow harpoon sword musket cannon grenade
        landmine firework fireworks bonfire chainsaw combine tractor thresher baler silage slurry quarry
        lathe kiln anvil anchor winch trawler yacht dinghy canoe kayak glider balloon helicopter microlight
        airship tram train steam locomotive rollercoaster carousel trampoline zipwire bungee lightning
        avalanche landslide earthquake flood explosion gunshot shotgun bullet shot stabbing hostage
        kidnapped wedding wedding-day confetti funeral honeymoon pageant carnival eisteddfod rally marathon
        speaks dialect language speakers gaelic cornish manx welsh-only yiddish romani sign-language
        interpreter syrian somali eritrean afghan ukrainian tibetan mongolian inuit maori amish mormon
        quaker jehovah's hasidic sikh zoroastrian buddhist icelandic georgian armenian uzbek kazakh yemeni
        sudanese congolese burmese nepali gurkha filipino romanian lithuanian albanian kurdish transplant
        ecmo lvad haemophilia haemophiliac porphyria rabies anthrax leprosy tetanus botulism diphtheria cjd
        ebola plague malaria smallpox hiv huntington's progeria fop locked-in hemicorporectomy phocomelia
        thalidomide lottery millionaire jackpot heir heiress aristocrat wears dressed costume dress kilt
        cloak turban uniform medals cathedral punk bass band belfry ringer bells rowed rower rowing atlantic
        channel swam swimmer everest mountaineering programme rapper dj folk puppets railways morris
        ferreting beekeeping brass chess darts snooker bowls pantomime panto skater skating gymnast trapeze
        drag wrestling hemlock deathcap mushrooms mushroom foxglove yew puffer pufferfish oysters cockle
        cockles mussels guinness mbe obe knighted dame sir hero holocaust auschwitz d-day dunkirk windrush
        kindertransport chernobyl hillsborough grenfell lockerbie survivor narrowboat houseboat barge boat
        caravan tent cave castle monastery commune yurt treehouse lay-by taxi ferry plane aeroplane airport
        dextrocardia situs magnets magnet nail nailgun impaled railings mauled gored trampled electrocuted
        drone jetski quad horsebox go-kart turbine grain cement acid lye cloak cape robe robes wig costume
        crown beard dreadlocks mohawk piercings piercing foot-tall feet tall stone dialect dutch field gate
        church steeple crypt organ sculptor painter sculpting potter weaver saddler wheelwright cooper
        tanner chimney sweep steeplejack signalman stationmaster bargee gondola stunt stuntman magician's
        psychic medium fortune astrologer witch wiccan pagan druids shaman prophet guru saint pilgrim
        pilgrimage nunnery abbey abbot prior curate canon dean archbishop cardinal ambassador consul
        diplomat spy spies admiral brigadier major commando paratrooper falklands bomb disposal minesweeper
        evacuee orphan foundling adoptee emperor king queen prince princess royal crown-court sheriff
        bailiff magistrate coroner's executioner's hangman bullfighter rodeo cowboy rancher alpacas llamas
        emus zookeeper zoo aquarium keeper vet's racehorse greyhound whippets sheepdog sheepdogs
        pigeon-fancier pigeons hawks kestrel falcon harrier bat bats rats weasel stoat otter seal walrus
        dolphin whale squid octopus lobster crab eel pike piranha hawk cello viola symphony orchestra
        cricket umpire cameras supermarket opening rig shear shears shearing sheep flock winch cable vow
        prayers silence monastic left-handed fiddle accordion drums trumpet oboe harp conductor composer
        trains trainer breeds breeder stallholder showjumper polo fencing archery archer curling shinty
        hurling camogie gaelic rugby lacrosse bobsleigh luge skeleton diver dives wreck treasure antiques
        dealer collector hoarder carves carver puppet sea swim finish greased kabul kandahar aleppo mosul
        horn goat goats judges show feet paints movement concerto half-marathon ultramarathon triathlon
        ironman tightrope unicycle yodel busker juggles sings dances teaches knits whittles thatch dry-stone
        walling pigeons homing allotment topiary toymaker luthier bookbinder calligrapher cartographer
        translator codebreaker enigma bletchley
    """,
    "known": """
        everyone everybody recognise recognised recognisable guess which who whom know knows typical certain
        name named names initials famous reputation usual notorious same you'd you'll whoever one work works
        colleague colleagues rota badge remember hair tattoo accent glasses beard tall short ginger blonde
        bald scottish irish welsh polish filipino nigerian indian newest youngest oldest only new
    """,
    "fault": """
        drunk wine whisky vodka gin alcohol booze beer hungover smelt stank reeked slept asleep sleeping
        sleep~ nap napping snoring shout~ swore swear~ scream~ yell~ snap~ sneer~ laugh~ mock~ humiliat~
        humiliate~ belittle~ rude lied lies lying liar forge~ falsif~ falsify~ falsified fake~ fabricat~
        invent~ copied cop~ signs signed tick~ ticked backdat~ backdate~ refused refuses refusing ignore~
        dismiss~ wouldn't couldn't wouldnt couldnt bother bothered botch~ bungled clueless useless
        incompetent incompetence negligent negligence lazy dangerous careless cruel callous arrogant racist
        sexist bully bullies bullied bullying struck reckless disgrace disgraceful shambles shocking
        appalling hopeless horrible nasty vile vanish~ disappear~ walked stormed slammed threw chucked
        rolled phone mobile scrolling texting golf lunch smoking vape vaping early unanswered excuse excuses
        cocky sloppy slapdash blame~ blamed denied denies blunder unsafe liability unfit menace cowboy
        butcher stole stealing steal~ nicked pocketed touched grope~ flirt~ leered guessing trainers idiot
        idle bored tired forgot forgets never hands dishes coffee boat yacht sailing golfing absent hiding
        hidden out-of-date expired disgusting disgusted fuss peaceful nothing skips skipped skipping private
        favourites doze~ dozing netflix earbuds headphones gaming betting knitting facebook shopping tinder
        clocked pretend~ pretends corners shortcut shortcuts reuse~ reused unwashed filthy rough roughly
        manhandled shut grumpy moody tantrum tantrums took credit steals steal pilfer~ tremor trembling
        retire retired retirement past-it killed kills complications again usual learns attitude dismissive
        patronising patronised insulted insult~ hiss~ tutted shrugged sighed glared hung slurred slurring
        high stoned joint cocaine wrong-side without gloves gown glove mask dirty unqualified lapsed cheated
        cheating plagiarised guessed guess bragged bragging boast~ joked jokes jeered tormented teased
        punish~ withheld hasn't hasnt isn't won't wont doesn't doesnt don't never leaves leaving left
        nowhere unreachable disgusting monster bitch bastard cow pig witch psycho ogre dragon weirdo creep
        creepy pervert leering inappropriate party cancelling cancels cancel shop online ebay business
        side-line moonlighting near lungs silence silenced stairs moustache eats door knew refused taxi
        friend favours bets bribes gifts inheritance affair snogging kissing wedding text opposite before
        pull pulled wrote writes form idea nothing itself guess ended shift alone examined examines bothers
        same room absent texting texted emailed lying overruled insisted insists arrogance argued smirk~
        wandered strolled late forgot muddle~ muddled misread misjudged
    """,
    "power": """
        manager managers management matron director directors board trust executive executives execs exec
        chief chiefs hr boss bosses seniors governance lead hospital consultant consultants owner owners
        leadership company police coroner coroner's cqc inspectors inspection inspector inquest tribunal
        solicitor legal supervisor consultant-in-charge exec management hospital's trust's chair chairman
        chairwoman partner partners dean deanery tutor university practice ministers minister inspectors cqc
        hr personnel lawyers comms communications headquarters region regional inspector clinical lead ceo
        coo they
    """,
    "hide": """
        cover covered covering cover-up coverup conceal~ hide hid hidden hides hiding bury buried quiet
        quietly hush hushed silence silenced gag gagged gagging nda rewrite~ rewrote rewritten alter~
        altered delete~ deleted shred~ shredded destroy~ destroyed vanish~ removed fiction fictional fudge~
        fiddle~ fiddled massage~ doctored cook~ cooked fake faked backdate~ backdated falsif~ falsify~
        falsified lie lied lying lies untrue dishonest misled mislead~ whitewash originals copies tipp-ex
        tippex unofficial secret downgraded downgrade~ reworded redact~ redacted amended amend~ lost
        pretend~ suppress~ rug carpet edited inflated invented statement statements sets inspectors
        inspection inspected visit cqc tidied tidy cleaned disappeared disappears deletion signature forged
        forge~ rehearsed coached script scripted recoded recode~ reclassified reclassify~ unavoidable
        certificate natural agreement settlement pay-off payoff disclosure non-disclosure quietly hidden
        list lists target targets breach breaches clock stopped figures numbers stats statistics minutes
        emails email originals original folder drawer screenshot screenshots photocopy photocopies
        recordings cctv footage erased erase~ wiped wipe~ backlog unopened binned bin burnt shredder
        vanishing leave alone drop dropped changed change altered version versions real true truth fact
        facts honest wording words removed tweak~ tweaked smooth~ glossy upstairs instruction told admit
        paper regulator photographs liked mould taped over until again purpose paid quietly canteen locker
        leave out deliberately secretly knowingly pretended afterwards later weekend excluded exclude~ omit~
        omitted miscounted uncounted skewed selective
    """,
    "speak": """
        raised raise raising reported report~ reporting spoke speak speaking complained complain~ datix
        datixed datixes whistle whistleblow~ whistleblower concerns concern grievance flagged escalated
        escalat~ email emailed warned refus~ refused disclosure witness witnessed evidence form guardian
        union told written spoke told wrote letter letters emailed asked asking questioned question
        challenged challenge~ objected object~ named whistle-blowing testified testimony interviewed
        interview panel inquiry evidence truth honest openly loud openness statement statements account sign
        signed exec board chief regulator mp journalist press reporter
    """,
    "punish": """
        bullied bully bullying threatened threat threats threaten~ suspended suspend~ sacked sack fired
        dismissed disciplinary disciplined discipline warned warning victimised punished punish~ ostracised
        isolated shunned ignored frozen excluded demoted moved redeployed removed pushed forced job career
        registration pin reference contract visa sponsorship shifts rota nmc gmc settlement references
        blacklisted troublemaker investigated scared afraid frightened terrified fear quit resign resigned
        leave leaving trouble careful loyal team-player blamed scapegoat scapegoated counter-allegation
        appraisal probation placement attitude team player difficult trouble-maker pass locked out escorted
        marched hearing panel meeting letter final written capability performance managed grievances
        complaint counter counterclaim investigated investigation investigating referred referral regulator
        struck off occupational counselling sick stress anxiety pressured leaned hours cut bank shifts
        cancelled refused leave denied promotion passed-over passed ignored blanked laughed mocked labelled
        branded gossip whispers silence lonely isolated alone depends depend visa lose losing lost scared
        dare daren't dread consequences careful reprimand reprimanded humiliated demotion transferred moved
        clinics rang home asked liked living watched followed appraisal locker emptied next paid quietly
        study settlement gone bank blocked
    """,
    "sign": """
        bruise~ bruised bruises bruising scratch~ slap~ slapped slaps punch~ kick~ hit hits hitting grab~
        grabbed burn burns cigarette belt strap lock~ locked locks tied ties tether~ restrain~ cupboard shed
        cellar wrist wrists ankles marks mark handprint fingerprints fingermarks welts sore scabs flinch~
        cower~ shake~ scared afraid frightened frighten~ terrified petrified cross angry temper hungry
        starving starve~ thin filthy dirty unwashed soiled unkempt smelly matted lice nappy shoes coat
        clothes heating money cash pension card bank savings wallet purse will cheque cheques inheritance
        jewellery ring touch~ touched touches bath bed bedroom secret naked photos sexual rape raped
        grooming groomed trafficked begs begged beg~ pleaded cry cries cried cries weep~ whisper~ quiet
        silent floor eye eyes talk~ talking answers speaks alone allowed control~ controls controlling
        isolat~ passport phone threatens threatened shouts shout~ screams swears rough roughly handled
        neglect~ neglected starved sedated drowsy dosed pressure pad sheets fgm pregnant boyfriend injuries
        story explanation changed another third again pinch~ twist~ squeez~ squeeze~ dragged pushes pushed
        shoves shoved spat spits strangle~ throttled forces forced force-feed purse empty empties signed
        house flea fleas maggots urine faeces stench stink nightie fridge mouldy rotting unfed thirsty
        underweight weight cannabis vape gifts hotel older paid dropped leave leaves stays hovers watches
        glares jumper sleeves sunglasses hood limp breaks broken fractures rolled fell sofa stairs weeks-old
        months-old crawl mouthed safe unsafe note disappears missing home-alone unsupervised sibling
        siblings hush sorry punished punish~ discipline wets wetting cowers jumps trembles trembling crying
        sobbing sobs clings silent guarded evasive excuses cancels cancelled missed lying lies curled corner
        chained padlock padlocked tape taped gagged sheet straps bound bolt bolted fed feeds overmedicated
        drugged sleepy doped injected injects poured withheld withholds hides hid takes took taking keeps
        thin thinner neck collects holds steps shower counts times eleven twelve thirteen fourteen fifteen
        jam crushed upstairs partner visit laughed write ligature ligature-type arms key-worker visits chair
        ties tied shed prefers car cars trainers lip bitten iron exact shape morphine runs alone pub shoe
        whispered quietly different secretly scalded scald belts clothesline teeth tooth ear ears nails
        weals rope tag bracelet
    """,
    "abuser": """
        carer carers husband wife partner son daughter nephew niece stepdad stepfather stepmother dad daddy
        father mum mummy mother uncle aunt boyfriend girlfriend ex neighbour lodger landlord home agency
        foster brother sister grandson granddaughter family he him teacher coach priest worker mam nan gran
        grandad driver manager owner cousin stepson stepbrother stepmum in-law lover fiance fiance's man
        woman guy bloke mate friend friend friends cellmate roommate captain imam vicar teacher's driver
        wife brother's son's mother's father's
    """,
    "tells": """
        disclosed disclose~ told says said whispered confided begged asked showed drew admits wrote
    """,
    "now": """
        now currently still tonight just isn't aren't isnt arent won't wont can't cant haven't hasn't havent
        hasnt happening ongoing minutes seconds moment sitting standing kneeling holding watching trapped
        stuck here's there's theres he's she's it's its we're i'm i've coming going already alone trying
        waiting yet keeps nothing middle find going
    """,
    "ask": """
        help urgent urgently asap quick quickly emergency sos pls please anyone anybody somebody advice
        ideas tell call ring phone
    """,
    "crisis": """
        ventilator ventilators battery batteries power oxygen bleeding bleed blood roof bridge ledge window
        rope ligature noose knife scissors weapon gun fire smoke smell gas alarm alarms airway breathing
        arrest arresting arrested cardiac choking blue grey gray floppy fitting fits seizing sats pulse bp
        heart rate collapsed unconscious unresponsive overdose swallowed drip infusion pump bag line running
        dose units mg insulin morphine heparin potassium wrong bleep crash switchboard security police
        ambulance locked barricaded threatening missing gone hung connected injected given leak flooding
        flooded dead lift stuck cord crowning labour contraction waters swelling rash anaphylaxis wheezing
        drowsy pinpoint tachycardic shocking shaking pulled lips colour noise stridor rattling gurgling
        snoring twitching clammy sweating pale white purple cold stiff limp burning burnt river lake railway
        track tracks rails head shoulders placenta naloxone antidote adrenaline estates site generator
        cylinder signal phones phone intruder axe needle hostage shouting gang everywhere floor throat
        tongue closing closed disconnected unplugged chest temperature sugar glucose ketones lactate sodium
        gcs pupils pupil stroke face weak arm speech fit seizure convulsing vomiting bleeding pooling soaked
        drain dislodged blocked obstructed kinked tamponade wire guidewire tube trachy tracheostomy bagging
        compressions cpr defib shock shocks vf vt asystole pea hoist sling slipping evacuate evacuation
        machete bat cylinders portable helicopter tablets ambulance fog waiting hernia leaking crushed
        trapped stretcher lift hypothermic barricade hostage shaking unrousable rousable drowning bleed-out
        tourniquet tachy brady hypoxic apnoea apnoeic blocked spurting gushing poison bleach antifreeze
        petrol lighter matches hanging cliff edge ladder crane surgeon belly suction sharps syringe hardly
        panel doors ventilated peanuts rousing rouse rousable shut zone fumes ceiling collapsed bag-valve
        desaturating agitated violent weapons kicking punching restrained cut cutting
    """,
    "unanswered": """
        nobody no-one noone answering answer answers picking responding respond coming come busy engaged
        alone unanswered bleeped bleeping picking stuck snow unavailable home asleep theatre voicemail rings
        ringing cancelled delayed hours queue hold signal only sole
    """,
    "grief": """
        furious angry devastated distraught heartbroken crying cried tears complaint complaining complained
        solicitor lawyer sue suing inquest coroner coroner's funeral buried apology apologise forgive
        haunted haunts guilt sorry remembering remember memory thinking tears sobbing wept weeping grieving
        grief screamed howled collapsed trusted promised promise forgave unforgivable regret regrets
    """,
    "general": """
        often usually sometimes generally typically always most many some few several any every each
        pattern patterns trend trends reviews
        whenever per percent average median mean rate rates risk number numbers total twice-as least likely
        whose if should can may might could must ought all both more less than annual yearly monthly weekly
        daily
    """,
    "teach": """
        training trained course module guidance guideline guidelines policy policies standard standards
        poster posters leaflet leaflets checklist toolkit tool webinar workshop conference session sessions
        slides audit audited audits survey study studies trial paper-published journal article book chapter
        published inquiry review framework pathway project pilot bundle template alert simulation simulated
        scenario drill teaching lesson lessons learning learned learnt theory evidence-based research data
        figures chart charts baseline improvement cycle pdsa collaborative network campaign awareness
        recommend recommends recommendation evaluation example composite fictional fictitious invented
        vignette hypothetical imaginary actor actors mannequin cards
    """,
    "better": """
        changed helps helped works worked improved better easier safer reduced reduction introduced designed
        redesigned bought agreed tried trying test tested proud thank thanks congratulations brilliant kind
        love loved lovely prize award celebrate celebrates well welcome join free share shared tips idea
        ideas spotted caught good great grateful excellent deserved cake since then led won invites invited
        speaks speaker hosts spoke radio noticed blankets pack jokes panel garden opened raised money
        paid-for funded fundraise~ volunteer volunteers donated kindly admire admired honest thoughtful
        fix fixes asset assets labels
        invented drew wrote shelf favourite miss promise retire~ birthday scones open rest dressing
        dressings template design layout format font trained volunteered
    """,
    "advice": """
        do don't use ask check make ring try read keep put write bring send look never label count show
        weigh wash turn mark say listen order avoid consider ensure remember always
    """,
}  # fmt: skip


def _forms(word: str) -> list[str]:
    if not word.endswith("~"):
        return [word]
    stem = word[:-1]
    short = stem.removesuffix("e")
    past = f"{stem}d" if stem.endswith("e") else f"{stem}ed"
    return [stem, f"{stem}s", f"{stem}es", past, f"{short}ing", f"{stem}{stem[-1]}ed", f"{stem}{stem[-1]}ing"]


FEATURES = tuple(LISTS)
BITS = {name: 1 << place for place, name in enumerate(FEATURES)}


def _words() -> dict[str, int]:
    found: dict[str, int] = {}
    for name, words in LISTS.items():
        for word in listed(words):
            for form in _forms(word):
                found[form] = found.get(form, 0) | BITS[name]
    return found


WORDS = _words()
