"""Given and family names that are common in the four nations: evidence that a word is a name, never proof.

From general knowledge of the registers of births and electors; no list was copied. ``PLAIN`` are those that are
ordinary words too (May, Grace, Mark): with a small letter, or alone, they say nothing.
"""

from __future__ import annotations

from node.confidentiality.lists import listed

GIVEN = listed(
    """
    aaron abdi abdirahman abdul abdullah abena abigail abiola adam adanna adebayo adele adjoa adrian agnes agnieszka
    ahmed ahmet aidan aileen ailsa aine aisha akosua akua alan alana alasdair albert albie alec aled alexander
    alexandra alf alfie alfred ali alice alina alison alistair alun alwyn alys ama amaka amanda amara amelia amina
    amir amira amy ana andrea andrei andrew andriy andrzej aneurin angela angharad angus anil anita anjali ann anna
    anne annette annie anthony antonio anwar anwen anya aoibheann aoife arabella archie arjun arthur arwel arwyn
    asha ashley assumpta astrid audra audrey ava ayaan ayesha ayla baljit barbara barnaby barry bart baz beata
    beatrice begw ben benjamin bernadette bernard bernie bert bertie berwyn beryl bessie bethan bethany betty beulah
    bev beverley bharati bilal bilqis bjorn blessing bobby bogdan boris bozena brenda brendan brian bridget bridie
    bronagh bronwen brooke bruce bryn bukola cadi caitriona callum calum cameron caradog carl carlos carly carmel
    carmen carol caroline carys cathal catherine catrin catriona caz cecil cecilia ceit celia ceri chantal chantelle
    charles charlie charlotte chidi chioma chloe christine christopher chukwuma ciara ciaran cillian cissie cissy
    claire clara clare clarice clarrie claude claudia cledwyn clifford clive coinneach colette colin colleen conall
    concepta conor constance cordelia cormac craig cristina cynthia cyril cyrus dafydd dai damian daniel danielle
    danuta daphne darlene darragh darren dave david dawit dayo daz deb deborah debra debs declan deepak deian
    deirbhle deirdre delia delroy delyth denis denise dennis derek derrick desmond dewi diana diane diarmuid dieter
    dilwen dilwyn dilys dinesh dmitri dmitry doll dolly dominic donald donna donnchadh doreen doris dorota dorothy
    dot dougie douglas duc dulcie duncan dyfed dyfrig dylan eamonn ebo ebony eddie edgar edie edith edna edward
    edwin efa effie efua eifion eileen eilidh eimear einion einir eira eirian eirlys eirwen eithne elain elaine
    eleanor elena eleri elfed elias elif elijah elin elis elisabeth elizabeth ella ellen ellie elsie eluned elwyn
    emeka emily emine emlyn emma emrys emyr ena enda enid enoch eric erin ernest ernestine ernie errol esi esme
    esyllt ethan ethel euan eunice eurwen eva evan eve evelyn evie ewa ewan ewart ezra faisal fanny farah farida
    fatima fatma fatou fatoumata fearchar felix femi fergal fergus fiachra finbarr finlay fintan fiona fionnuala flo
    flora florence florin florrie folake folasade frances francesca francis frank fred freda freddie frederick freya
    gabriel gareth gary gavin gazza gearoid gemma genevieve geoff geoffrey george georgia georgina geraint gerald
    geraldine gerallt gerard gerda gerry gert gertrude gerwyn gethin ghazala gheorghe gideon gilbert ginny giovanni
    gita giuseppe gladys glenda glenys glyn glynis goodness gordon goronwy gracie graeme graham grainne grania greer
    greta gruff gruffudd grzegorz gunther gurpreet guto gwawr gwen gwenda gwendoline gwenith gwenllian gwennie
    gwenno gwilym gwion gwyn gwyneth gwynfor haile halima halina hamdi hamish hamza hannah hans harold harpreet
    harriet harrison harry harvey hasan hassan hatice hattie haydn hayley hazel heather hector hedd hefin hefina
    heidi heledd helen helena helga hemant henrietta henrik henry herbert hester hettie hetty hilary hilda hiroshi
    hirut hitesh hodan horace horatio howard howell hubert huda hugh hugo huseyin hussain huw hywel iain ian ianto
    ibrahim icilda ida idris idwal iestyn ieuan ifan ifeoma ifor igor ike ikenna illtyd imelda imogen imran imtiaz
    ina ines ingrid innes ioan ioana iolo ion iona irena irene irina iris isaac isabel isabella isabelle isaiah
    ishbel isla islwyn ismail isobel ithel ivan ivor iwan jacek jack jackie jacob jacqueline jacqui jade jadwiga
    jagdeep jake james jamie jan jane janet janice jasmine jason jasper jaswinder javed jayden jayesh jayne jean
    jeanette jeffrey jemima jennifer jenny jeremiah jeremy jerzy jessica jessie jill jim jimmy joan joanna joanne
    joao jock jodie joe joel johanna john johnny jonathan jonesy joost jordan jose josef joseph josephine joshua
    josie joyce juan jude judith judy julia julian julie jurgen justin justyna kai kamal kamala karen karl kasia
    kate katherine kathleen kathryn katie kavita kay kayleigh kazimierz kehinde keith kelly kelvin ken kenna kenneth
    kerrie kerry kev kevin khadija khadra khalid kieran kieron killian kim kiran kirsten kirsti kirstie kirsty kitty
    klaus kofi kojo krystyna krzysztof kwame kwesi kyle kylie lachlan lakshmi lara lars laura lauren laurence
    lavinia layan layla leah leanne lee leila len lena lenny leon leonard leroy lesley leslie letitia lettice lewis
    lexi leyla liam lianne lilian lillian lily linda lindiwe lindsay ling linh lionel lisa lisi lleu lleucu llew
    llinos lloyd llyr llywela logan lois lola lorcan lorna lorraine lotte lottie louie louis louisa louise lowri luc
    lucas lucia lucy luigi luis luisa lukasz luke luned lydia lyn lynda lynn lynne lynsey mabel mabli mabs macsen
    madge maeve magdalena maggie mahad mahesh mahmoud mai mair maire mairead mairi mairtin maisie majid malachi
    malachy malcolm maldwyn malgorzata mali mandla mandy manjit manon manpreet manuel marcel marcin marcus mared
    marek margaret marged margery maria mariam mariama marian marianne marie marilyn marion marjorie marlene martha
    martin martyn marva mary maryam mason mateusz matilda matthew matthijs maud maude maura maureen maurice mavis
    max maxine maz meera megan mehmet mei meilir meinir meirion melanie melissa mererid merfyn merlene mervyn meurig
    mhairi mhorag mia micah michael michelle mick mickey miguel mihaela mihai mike mikkel mildred millie ming minh
    minnie miriam mo mohamed mohammad mohammed mohsin moira mollie molly mona monica monika monique morag morfydd
    morven moses mostyn muhammad mukesh murdo muriel musa mustafa myfanwy mykola myra myrddin myrna nabila nadia
    nadine nana nance nancy nansi naomi nasreen natalia natalie natasha nate nathan nathaniel naveed neha neil nell
    nellie nerys nessie nesta nev ngozi nia niall niamh nicholas nicola nicole nigel nigella nilesh nina nirmala
    nneka noah nobby noel nollaig nomsa non noor nora norah noreen norm norma norman nour nuala nusrat obinna odile
    oisin oksana ola olena olga olive oliver olivia oluwaseun olwen olwyn omar oonagh orla orlaith oscar osian osman
    oswald otto owain owen oyinkan paddy padraic padraig paige pamela parveen patience patricia patrick paudie paul
    paula pauli paulina pauline paulo pawel pedro peggy penelope penri percival percy peredur perpetua peter petra
    petro phil philip philippa phillip phoebe phyllis pierre pieter pietro piotr polly pooja poppy pradeep precious
    priti priya queenie rab rachel radha radu raj rajesh rajinder rakesh ralph ramesh ranald rashid ravi raymond
    rebecca reg reggie reginald renata reuben rhian rhiannon rhoda rhodri rhona rhonda rhydian rhys richard ricky
    riley rita robbie robert roberta robin roderick rodney roger rohan roisin roland ron ronald ronnie rory rosa
    rosaleen rosalie rosalind rosemary rosie rosina ross rowena roxanne roy ruairi ruaridh ruby rui rukhsana rupert
    russell rutendo ruth ryan sadhbh sadia saffron saima sajid saleem sally sam samantha samira samuel sandie sandra
    sanjay sanjeev sanne saoirse sara sarah saskia scott seamus sean sebastian segun selam selina selwyn senga
    seoirse seonaid sergei sergey shabana shahid shanice shannon shanti sharon shaun shauna shaz shazia sheila
    shelagh shelley sherrie shirl shirley shona sian sidney siegfried simon simona sinead siobhan siofra sion sioned
    sipho sita siwan skye sofia solveig sonia sophia sophie sorcha sorley stacey stan stanislaw stanley stefan
    stefano steffan stella steph stephanie stephen steve steven struan stu stuart sukhdev sunil sunita suresh susan
    suzanne sven svetlana sybil syed sylvia sylwia tadeusz tadhg tafadzwa tahir tahira tait taiwo tamara tamsin
    tania tanya tara tariq tatenda tatiana ted teddy tegan tegid tegwen tekle tendai terence teresa terry tessa tez
    thabo thelma themba theo theodore theresa thirza thomas thora thuy tiago tiffany tilly tim timothy tina tirion
    titilayo tobias toby tom tomasz tomek tommy tomos tony torquil toyah tracey tracie tracy treasa trefor trev
    trevor tricia trish trystan tsegaye tudor tunde twm tyler uche una ursula urszula usha val valerie vanessa
    vasile vera verity vernon veronica victor victoria vijay vikram vincent violet viv vivian vivien vladimir wale
    waleed walid wallace walter wanda wayne wei wendell wendy wil wilbur wilf wilfie wilfred william willie wilma
    winifred winnie winston wojciech wolfgang wullie wyn wynn xiu yasin yasmin yaw yetunde yonas yuki yuri yusuf
    yves yvette yvonne zachary zack zahra zainab zak zara zbigniew zeinab zeke zena zeynep zillah zodwa zoe zofia
    zuzanna
    aarav abdulrahman ada adaeze adeola aditi adunni afia agata aisling ajay aleksander algernon aliyah alma amit
    amos anand anca andreea anika anjum aoibhe aoibhin aparna archibald arfon arvind asif asma attracta augusta ayo
    babatunde bartholomew beathag beatriz benedict bhavna blaise blodwen boguslaw brody buddug caden callie cedric
    ceinwen ceridwen cerys chetan chiamaka chinedu chinonso chukwudi clement clodagh cornelius cuthbert daithi
    damilola davey deepa demi dev diego donal dwynwen dympna ealasaid ebuka eimhear eirwyn elan elgan elliot enfys
    eoin eustace ewelina ewen farhan fearghal fenella fernanda ffion ffred finley fionnan flossie funmi gaynor
    giorgio gobnait godfrey grazyna greig gurdeep gus gwenfair gwennan gwynne hafwen hardeep harjit harley hayden
    heulwen hortense hughie ifeanyi ignacio ikechukwu ilona isadora iseabail ishaan jaden jaiden jaroslaw jasbir
    jaspreet jaxon jayce jaydn jemma joaquin jolene jonty jumoke kaci kaden kaiden kaitlyn kamil kamran kasey
    katarzyna kavya kayden keegan keir keira kenzie kerri kian kiera kirk kuldeep kwabena kwaku kyra lacey lachie
    lambert lech leighton leopold lexie lidia lucille lyndon maddison magda mags maisy mallt manjeet marta mateo
    matteo maxwell mckenzie meena meredydd merle mihail minerva mirela miroslaw mohan morna morwenna murdina nairn
    naoise navdeep nel nevaeh neville nikhil nkechi norris oana odette ollie olu oluwatobi oran osbert osmond
    ottavio peadar poppie prakash proinsias prudence przemyslaw rafal reece rekha ronan ryder ryszard sade sadie
    saira santosh scarlett seren shane shania sheena sheridan sid simran siriol slawomir sorin stefania sukhdeep
    surinder sylvester taliesin tam tasneem teasag tecwyn teleri temitope thiago tia tiernan tobi trixie tudur
    tyrone uisdean ultan valentina varun vasilica viorica wieslaw wilhelmina xiomara ynyr zac zach zdzislaw zeeshan
    zelda
    """
)

PLAIN = listed(
    """
    april art august autumn basil bay bill bob carol chase daisy dawn dot drew faith fern fleur frank gene glen
    grace grant guy hazel heather holly hope iris ivy jack jade jasmine jean joy june kay kit lee lily major mark
    max may mercy miles mona myrtle nan nick olive pat patience pearl peg penny poppy ray reg rich rob rod rose
    rosemary ruby rusty sage sky sue summer ted teddy tim tom violet victor ward will wren
    """
)

FAMILY = listed(
    """
    ackroyd adams adebayo adeleke adeyemi adjei ahmed akhtar ali allen anderson andrews appiah arkwright armstrong
    asante ashworth bailey bains baker balogun banda barnes bebb beddow begum bell bennett bevan bhatt bibi boateng
    booth bowen boyle bradley braithwaite brennan brown buchanan burke burns butler byrne cameron campbell carr
    carter cartwright chan chapman chaudhry chikwanha choudhury chowdhury clark clarke clegg cohen cole collins
    colquhoun connolly cooper costa cox cunningham davies davis dawson desai dhillon doherty donnelly douglas doyle
    drummond dube duffy dumitru dunn edwards ellis entwistle evans eze farouq farquhar farrell fenn ferguson
    ferreira fisher fitzgerald fletcher foster fraser galbraith gallagher garcia gibson gill gittins gordon graham
    grewal griffiths hall hamilton harding hargreaves harris harrison hart harvey henderson higginbottom hill holmes
    hossain howells hudson hughes hunt hunter hussain ionescu iqbal islam jackson james jenkins johnson johnston
    jones joshi kaminski kaur kelly kennedy khan king knight kowalski lawson lee lewandowski lewis lloyd lunn
    macdonald mackay mackenzie maclean macleod macpherson malik marshall martin mason matthews mcallister mccarthy
    mcdonald mcgrath mcguire mcilroy mckay mckenna mclean mcleod mcmahon mcnally mehta mensah miah mills mistry
    mitchell moore morgan morris morrison mostyn moyo murphy murray ncube ndlovu nguyen nowak nwosu o'brien o'connor
    o'donnell o'hara o'hare o'keeffe o'leary o'neill o'reilly o'sullivan obrien ogunleye okafor okeke okonkwo okoro
    oldroyd oliveira onions osei owen owusu oyelowo palmer parker parmar parri parry patel pearson penry perera
    phillips pike popa popescu postlethwaite powell price pritchard prosser prydderch pugh quinn rahman ramsbottom
    rashid rees reid reynolds richards richardson roberts robertson robinson rogers rose ross rowlands ryan sandhu
    santos saunders scott shah sharma shaw sheikh sibanda siddiqui sidhu silva simpson sinclair singh smith solanki
    stevens stewart sullivan sutcliffe sutherland taylor thomas thompson thomson trelawney trivedi tudor turner
    uddin urquhart vaughan vyas wainwright walker walsh ward watson watts webb webster whitcombe white wilkinson
    williams williamson wilson wisniewski wojcik wood woods wright wu yilmaz young zielinski
    """
)
