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
    private static final Map<String, String> FORMS = Map.ofEntries(
            Map.entry("inc", "inc"),
            Map.entry("incorporated", "inc"),
            Map.entry("corp", "inc"),
            Map.entry("corporation", "inc"),
            Map.entry("llc", "llc"),
            Map.entry("ltd", "ltd"),
            Map.entry("limited", "ltd"),
            Map.entry("plc", "plc"),
            Map.entry("llp", "llp"),
            Map.entry("lp", "lp"),
            Map.entry("co", "co"),
            Map.entry("company", "co"),
            Map.entry("gmbh", "gmbh"),
            Map.entry("mbh", "gmbh"),
            Map.entry("ag", "ag"),
            Map.entry("kg", "kg"),
            Map.entry("ohg", "ohg"),
            Map.entry("ug", "ug"),
            Map.entry("ev", "ev"),
            Map.entry("se", "se"),
            Map.entry("sa", "sa"),
            Map.entry("sas", "sas"),
            Map.entry("sarl", "sarl"),
            Map.entry("srl", "srl"),
            Map.entry("spa", "spa"),
            Map.entry("bv", "bv"),
            Map.entry("nv", "nv"),
            Map.entry("ab", "ab"),
            Map.entry("as", "as"),
            Map.entry("asa", "asa"),
            Map.entry("oy", "oy"),
            Map.entry("oyj", "oyj"),
            Map.entry("aps", "aps"),
            Map.entry("pty", "pty"),
            Map.entry("pte", "pte"),
            Map.entry("pvt", "pvt"),
            Map.entry("kk", "kk"),
            Map.entry("ltda", "ltda"),
            Map.entry("sl", "sl"),
            Map.entry("spzoo", "spzoo"),
            Map.entry("sro", "sro"),
            Map.entry("ooo", "ooo"));
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
