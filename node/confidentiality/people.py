"""Given and family names that are common in the four nations: evidence that a word is a name, never proof.

From general knowledge of the registers of births and electors; no list was copied. ``PLAIN`` are those that are
ordinary words too (May, Grace, Mark): with a small letter, or alone, they say nothing.
"""

from __future__ import annotations

from node.confidentiality.lists import listed

GIVEN = listed(
    """
    alf alfie albie bev bernie bertie cissie effie elwyn ernie fanny flo florrie gert ginny gwennie hetty ike jonesy
    lottie maisie mabs mair mai mo myrna nance nessie nora nancy norm oluwaseun dolly doll ethel gracie trish tricia
    val viv vera winnie wilfie dilwen precious blessing goodness adebayo chidi chioma ngozi emeka tunde folake
    abiola amaka ifeoma yaw ama akua ebo fatou mariama mustafa ahmet mehmet leyla wojciech krzysztof agnieszka
    malgorzata ewa grzegorz andrzej jan dorota ioana andrei mihai elena ion vasile radu giovanni giuseppe luigi wei
    ming ling mei xiu hiroshi yuki thuy linh minh duc gurpreet harpreet jaswinder baljit sukhdev manpreet jagdeep
    rajinder darragh oisin cormac fionnuala grainne maura assumpta concepta malachy caitriona una mairead deirbhle
    fiachra mhairi catriona morven kirstie rab shona iona lachlan murdo torquil ishbel senga jessie wullie aaron
    abdul abdullah abigail adam adrian agnes ahmed aidan aileen ailsa aisha alan alana alasdair albert alec
    alexander alexandra alfie alfred ali alice alison alistair alwyn alys amanda amara amelia amina amir amy andrea
    andrew aneurin angela angharad angus anita ann anna anne annette annie anthony antonio anwen anya archie arjun
    arthur asha ashley audrey audra aoife ava barbara barry beata beatrice ben benjamin bernadette bernard bert
    beryl bessie bethan bethany betty beverley bilal brenda brendan brian bridget bronwen bruce bryn callum cameron
    carl carmel carol caroline carys catherine cathal cecil cecilia celia ceri charles charlie charlotte chloe
    christine christopher ciara ciaran clara claire clare clarice claudia clive clifford colin colleen conor
    constance craig cyril cynthia dafydd dai damian daniel danielle daphne darren dave david deborah debra deirdre
    delia delyth denis denise dennis derek desmond diana diane dilwyn dilys dominic donald donna doreen doris
    dorothy dot douglas duncan dylan dyfed eamonn ebony edgar edie edith edna edward edwin efa eileen eilidh einir
    eira eirlys eirwen elaine eleanor eleri elena elin elisabeth elizabeth ella ellen ellie elsie eluned elwyn emily
    emma emrys enid enoch erin eric ernest ernie esme ethel ethan eunice euan eva evan eve evelyn ewan ezra farah
    fatima fatoumata felix fergus finlay fiona flora florence frances francesca francis frank fred freda frederick
    freya gabriel gareth gary gavin gemma geoff geoffrey george georgia georgina gerald geraldine gerard gerry
    gertrude ghazala gladys glenys glyn glynis gordon graeme graham greta gwen gwenda gwendoline gwenllian gwilym
    gwyn gwyneth hamish hamza hannah harold harriet harrison harry harvey hassan hattie haydn hazel heather hector
    hefin helen helena henry herbert hettie hilda hilary horace howard howell hubert hugh huw hussain hywel iain ian
    ibrahim ida idris iestyn ieuan ifan imelda imogen imran ina ines ingrid ioan iolo iona irene iris irina isaac
    isabel isabella isabelle isla ismail isobel ivor iwan jack jackie jacob jacqueline jade jake james jamie jan
    jane janet janice jasmine jason jayne jean jeanette jeffrey jemima jennifer jenny jeremy jerzy jessica jessie
    jill jim jimmy joan joanna joanne jodie joe joel johanna john johnny jonathan jordan josef joseph josephine
    joshua josie joyce juan jude judith judy julia julian julie justin kamal karen karl kasia kate katherine
    kathleen kathryn katie kay keith kelly kelvin ken kenneth kerry kevin khadija kieran kiran kirsten kirsty kofi
    krystyna kwame kyle lara laura lauren laurence layla leah lee leila len lena leon leonard leroy leslie lesley
    lewis liam lilian lillian lily linda lionel lisa llinos lloyd lois lorna lorraine louis louisa louise lowri
    lucas lucy luke lydia lyn lynda lynn lynne mabel madge maeve magdalena maggie mahmoud maisie malcolm mandy
    manjit marcin marcus mared margaret margery maria mariam marian marianne marie marilyn marion marjorie marlene
    martha martin martyn mary mateusz matilda matthew maud maude maureen maurice mavis max maxine megan meinir
    meirion melanie melissa mervyn mia michael michelle mick mike mildred millie miriam mohamed mohammad mohammed
    moira molly mona monica morag moses mostyn muhammad muriel musa myfanwy myra nabila nadia nancy naomi natalie
    natasha nathan neil nell nellie nerys nesta nesta nia niamh nicholas nicola nicole nigel nina noah noel noreen
    nora norah norma norman nuala nusrat ola olga olive oliver olivia olwen omar orla oscar osian oswald otto owen
    oyinkan paddy padraig pamela patience patricia patrick paul paula pauline pauli pawel peggy penelope percy peter
    petra philip phillip philippa phoebe phyllis pietro piotr polly priti priya rachel raj rajesh ralph ravi raymond
    rebecca reg reginald reuben rhian rhiannon rhodri rhona rhys richard rita robert roberta robin roderick rodney
    roger roisin roland ron ronald ronnie rory rosaleen rosalind rosemary rosie ross roy ruby rupert russell ruth
    ryan saleem sally sam samantha samira samuel sandra sanjay sara sarah saoirse scott sean sebastian seamus selwyn
    shabana shanice shannon sharon shaun sheila shelagh shirley sian sidney siegfried simon sinead siobhan sioned
    sofia sonia sophia sophie stan stanislaw stanley stella stephanie stephen steve steven stuart susan suzanne
    sybil sylvia syed tadeusz tamsin tania tanya tara tariq ted tegwen terence teresa terry tessa thelma theo
    theodore theresa thomas tim timothy tina toby tom tomasz tommy tony tracey tracy trevor tudor ursula valerie
    vanessa vera verity veronica victor victoria vijay vincent violet viv vivian vivien wallace walter wanda wayne
    wendy wilfred wilf william willie wilma winifred winston wyn yasmin yusuf yvette yvonne zainab zara zoe zofia
    zuzanna
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
    adams adeyemi ahmed akhtar ali allen anderson andrews armstrong ashworth bailey baker banda barnes begum bell
    bennett bevan booth bowen boyle bradley brennan brown burke burns butler byrne cameron campbell carr carter chan
    chapman chaudhry clark clarke cohen cole collins connolly cooper cox cunningham davies davis dawson doherty
    donnelly douglas doyle duffy dunn edwards ellis evans farrell ferguson fisher fitzgerald fletcher foster fraser
    gallagher garcia gibson gill gordon graham griffiths hall hamilton harris harrison hart harvey henderson hill
    holmes howells hudson hughes hunt hunter hussain iqbal jackson james jenkins johnson johnston jones kaur kelly
    kennedy khan king knight kowalski lawson lee lewis lloyd macdonald mackay mackenzie maclean malik marshall
    martin mason matthews mccarthy mcdonald mckenna miah mills mitchell moore morgan morris morrison murphy murray
    nguyen nowak obrien o'brien o'connor o'neill okafor okeke owen palmer parker parry patel pearson perera phillips
    powell price pritchard prosser pugh quinn rahman rees reid reynolds richards richardson roberts robertson
    robinson rogers rose ross ryan saunders scott shah sharma shaw sheikh siddiqui simpson singh smith stevens
    stewart sullivan sutherland taylor thomas thompson thomson turner walker walsh ward watson watts webb webster
    whitcombe white wilkinson williams williamson wilson wood woods wright wu yilmaz young
    """
)
