package io.kintsugi.core.match;

import java.lang.Character.UnicodeScript;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A person's name in standard form. Parts are folded; a missing part is empty.
 *
 * @param given first given name, or its initial
 * @param forms full names the given name may stand for, itself first
 * @param middle further given names, one blank between them
 * @param family without blanks, so that "van der Berg" is "vanderberg"
 * @param familyWords the words of it that are no particles
 * @param suffix {@code jr}, {@code sr}, {@code 2} …; generation words of one meaning are one
 * @param knownGiven whether the given name is one that people are known to have, rather than a damaged one
 */
record PersonName(
        String given,
        String[] forms,
        String middle,
        String family,
        String[] familyWords,
        String suffix,
        boolean knownGiven,
        double givenBits,
        double familyBits) {
    private static final Map<String, String> SUFFIXES = Text.mapOf(
            "jr=jr junior=jr jnr=jr fils=jr filho=jr hijo=jr sr=sr senior=sr snr=sr pere=sr ii=2 2nd=2 iii=3 "
                    + "3rd=3 iv=4 4th=4");
    private static final Set<String> TITLES = Text.setOf(
            "mr mrs ms miss mx dr prof professor sir rev fr herr frau monsieur mme madame senor senora capt phd "
                    + "md mba esq dds dame lord lady don dona ing hon",
            " ");
    /** Titles that are given names where no other stands beside them. */
    private static final Set<String> TITLES_OR_NAMES = Text.setOf("dame lord lady don dona ing hon", " ");
    /** Placeholders that are names where they are written like one, beside a real one. */
    private static final Set<String> PLACEHOLDERS_OR_NAMES =
            Text.setOf("no na nil bar foo blank sample test tester other default", " ");

    private static final Set<String> PARTICLES = Text.setOf(
            "van von der den de del della di da dos das du la le el al bin ibn ben bint abu ter ten zu y e "
                    + "st san santa",
            " ");

    /** @return null if nothing is left that names anybody */
    static PersonName of(String given, String middle, String family, String suffix) {
        var generation = SUFFIXES.getOrDefault(Text.fold(suffix), "");
        var familyWords = new ArrayList<String>();
        for (var word : Text.words(part(family, given))) {
            if (!familyWords.isEmpty() && SUFFIXES.containsKey(word)) {
                if (generation.isEmpty()) generation = SUFFIXES.get(word);
            } else if (!Text.isNumber(word)) {
                familyWords.add(word);
            }
        }
        var givenWords = new ArrayList<String>();
        var title = "";
        for (var word : Text.words(part(given, family))) {
            if (SUFFIXES.containsKey(word) && !givenWords.isEmpty()) {
                if (generation.isEmpty()) generation = SUFFIXES.get(word);
            } else if (givenWords.isEmpty() && TITLES.contains(word)) {
                title = word;
            } else if (!Text.isNumber(word)) {
                givenWords.add(word);
            }
        }
        if (givenWords.isEmpty() && TITLES_OR_NAMES.contains(title)) givenWords.add(title);
        for (var word : Text.words(Text.meaningful(middle))) if (!Text.isNumber(word)) givenWords.add(word);
        return build(givenWords, familyWords, generation);
    }

    /** Takes a whole name apart: "Smith, John A Jr", "Dr. John A. Smith", "王杰". */
    static PersonName ofFull(String full) {
        if (full == null) return null;
        var cut = Text.cut(full);
        int comma = cut.indexOf(',');
        if (comma > 0 && !isOnlySuffixes(cut.substring(comma + 1))) {
            return of(cut.substring(comma + 1), "", cut.substring(0, comma), "");
        }
        var words = new ArrayList<String>();
        var generation = "";
        var title = "";
        for (var word : Text.words(Text.meaningful(cut))) {
            if (!words.isEmpty() && SUFFIXES.containsKey(word)) {
                generation = SUFFIXES.get(word);
            } else if (TITLES.contains(word)) {
                if (words.isEmpty()) title = word;
            } else if (!Text.isNumber(word)) {
                words.add(word);
            }
        }
        if (words.size() == 1 && TITLES_OR_NAMES.contains(title)) words.add(0, title);
        if (words.isEmpty()) return null;
        if (familyComesFirst(cut)) {
            return build(List.of(String.join("", words.subList(1, words.size()))), words.subList(0, 1), generation);
        }
        int start = words.size() - 1;
        while (start > 1 && PARTICLES.contains(words.get(start - 1))) start--;
        return build(words.subList(0, start), words.subList(start, words.size()), generation);
    }

    /** One part of a name in folded form, empty if it stands for a missing one. "Na" beside "Jisoo" is a name, "NA" is none. */
    private static String part(String raw, String other) {
        var folded = Text.meaningful(raw);
        if (!folded.isEmpty() || raw == null || raw.isBlank()) return folded;
        var text = raw.strip();
        boolean written = Character.isUpperCase(text.charAt(0))
                && text.substring(1).equals(text.substring(1).toLowerCase(Locale.ROOT));
        var word = Text.fold(text);
        return written
                        && PLACEHOLDERS_OR_NAMES.contains(word)
                        && !Text.meaningful(other).isEmpty()
                ? word
                : "";
    }

    private static PersonName build(List<String> givenWords, List<String> familyWords, String suffix) {
        var given = givenWords.isEmpty() ? "" : givenWords.get(0);
        var middle = givenWords.size() < 2 ? "" : String.join(" ", givenWords.subList(1, givenWords.size()));
        var family = String.join("", familyWords);
        if (given.isEmpty() && family.isEmpty()) return null;
        var words = familyWords.stream().filter(w -> !PARTICLES.contains(w)).toArray(String[]::new);
        var forms = given.isEmpty() ? Text.NONE : NameTable.forms(given);
        return new PersonName(
                given.isEmpty()
                        ? given
                        : forms[0], // one text for all who have a common name: it is looked at for each of them
                forms,
                middle,
                family,
                words.length == 0 ? familyWords.toArray(String[]::new) : words,
                suffix,
                NameTable.isGivenName(given),
                NameTable.givenBits(given),
                NameTable.familyBits(family));
    }

    private static boolean isOnlySuffixes(String text) {
        var words = Text.words(Text.fold(text));
        return Arrays.stream(words)
                .allMatch(w -> SUFFIXES.containsKey(w) || TITLES.contains(w) && !TITLES_OR_NAMES.contains(w));
    }

    private static boolean familyComesFirst(String raw) {
        int first = raw.codePoints().filter(Character::isLetter).findFirst().orElse(' ');
        var script = UnicodeScript.of(first);
        return script == UnicodeScript.HAN || script == UnicodeScript.HANGUL;
    }

    /** Both given names without blanks, for names that are written as one word or as two. */
    boolean sameWholeGiven(PersonName other) {
        return given.length() + middle.length() > 3
                && (!middle.isEmpty() || !other.middle.isEmpty())
                && given.regionMatches(0, other.given, 0, 1) // most pairs end here, before texts are put together
                && Text.compact(given + middle).equals(Text.compact(other.given + other.middle));
    }

    /** The same name with weights that were counted. */
    PersonName counted(double newGivenBits, double newFamilyBits) {
        return new PersonName(
                given, forms, middle, family, familyWords, suffix, knownGiven, newGivenBits, newFamilyBits);
    }

    @Override
    public String toString() {
        return String.join(" ", Text.distinct(new String[] {given, middle, family, suffix}));
    }
}
