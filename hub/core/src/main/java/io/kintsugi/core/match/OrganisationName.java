package io.kintsugi.core.match;

import java.util.ArrayList;
import java.util.Arrays;
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
                    + "pvt=pvt kk=kk ltda=ltda sl=sl spzoo=spzoo sro=sro ooo=ooo");
    private static final Set<String> FILLERS =
            Set.of("the", "and", "of", "a", "an", "und", "et", "y", "e", "for", "der", "die", "das");

    /** @return null if no name is left */
    static OrganisationName of(String raw) {
        var all = Text.words(Text.meaningful(raw));
        var words = new ArrayList<String>();
        var form = "";
        for (int i = 0; i < all.length; i++) {
            var word = all[i];
            int run = 1; // "G.m.b.H." and "S.A." fold to single letters
            if (word.length() == 1) {
                while (i + run < all.length && all[i + run].length() == 1) run++;
                if (run > 1) word = String.join("", Arrays.copyOfRange(all, i, i + run));
            }
            if (!words.isEmpty() && FORMS.containsKey(word)) {
                if (form.isEmpty()) form = FORMS.get(word);
            } else if (!FILLERS.contains(word) || all.length == 1) {
                words.add(word);
            }
            i += run - 1;
        }
        if (words.isEmpty()) return null;
        return new OrganisationName(Title.of(words), form);
    }

    @Override
    public String toString() {
        return base + (legalForm.isEmpty() ? "" : " " + legalForm);
    }
}
