package io.kintsugi.core.match;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The name of an organisation, its legal form taken apart.
 *
 * @param base the name without legal form and fillers
 * @param legalForm standard form of "Inc", "GmbH" and so on; empty if it says none
 */
record OrganisationName(Title base, String legalForm) {
    private static final Map<String, String> FORMS =
            Text.mapOf("inc=inc incorporated=inc corp=inc corporation=inc llc=llc ltd=ltd limited=ltd plc=plc llp=llp "
                    + "lp=lp co=co company=co gmbh=gmbh mbh=gmbh ag=ag kg=kg ohg=ohg ug=ug ev=ev se=se sa=sa sas=sas "
                    + "sarl=sarl srl=srl spa=spa bv=bv nv=nv ab=ab as=as asa=asa oy=oy oyj=oyj aps=aps pty=pty pte=pte "
                    + "pvt=pvt kk=kk ltda=ltda sl=sl spzoo=spzoo sro=sro ooo=ooo eurl=eurl snc=snc pllc=pllc "
                    + "aktiengesellschaft=ag");
    /** Forms of two words; the second of "Sp. z o.o." folds to single letters. */
    private static final Map<String, String> PAIRS = Map.of(
            "sp zoo",
            "spzoo",
            "private limited",
            "pvt",
            "pvt ltd",
            "pvt",
            "proprietary limited",
            "pty",
            "pty ltd",
            "pty",
            "public limited",
            "plc",
            "sdn bhd",
            "sdnbhd",
            "pte ltd",
            "pte");

    private static final Set<String> FILLERS =
            Set.of("the", "and", "of", "a", "an", "und", "et", "y", "e", "for", "der", "die", "das");

    /** @return null if no name is left */
    static OrganisationName of(String raw) {
        var all = spelt(Text.words(Text.meaningful(raw)));
        var words = new ArrayList<String>();
        var form = "";
        for (int i = 0; i < all.size(); i++) {
            var word = all.get(i);
            var pair = i + 1 < all.size() ? PAIRS.get(word + " " + all.get(i + 1)) : null;
            if (!words.isEmpty() && (pair != null || FORMS.containsKey(word))) {
                if (form.isEmpty()) form = pair != null ? pair : FORMS.get(word);
                if (pair != null) i++;
            } else if (!FILLERS.contains(word) || all.size() == 1) {
                words.add(word);
            }
        }
        if (words.isEmpty()) return null;
        return new OrganisationName(Title.of(words), form);
    }

    /** Words of which "G.m.b.H." and "S.A." are one, though they fold to single letters. */
    private static List<String> spelt(String[] all) {
        var words = new ArrayList<String>();
        for (int i = 0; i < all.length; ) {
            int run = 1;
            while (all[i].length() == 1 && i + run < all.length && all[i + run].length() == 1) run++;
            words.add(run == 1 ? all[i] : String.join("", Arrays.copyOfRange(all, i, i + run)));
            i += run;
        }
        return words;
    }

    @Override
    public String toString() {
        return base + (legalForm.isEmpty() ? "" : " " + legalForm);
    }
}
