package io.kintsugi.server.match;

import io.kintsugi.core.match.KnownNames;
import io.kintsugi.core.model.AttributeType;
import io.kintsugi.core.model.EntityType;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Tells from its values alone what a column holds, where they leave little doubt. */
final class ColumnContents {
    private static final int FEW = 5; // fewer values than this prove nothing
    private static final double MOST = 0.7;
    private static final double NEARLY_ALL = 0.95;
    private static final double GIVEN = 0.5; // the table knows most given names, and hardly any other words
    private static final double FAMILY = 0.2; // it knows the common family names only
    private static final int AGES = 20; // years that births of a file lie apart at least
    private static final Set<String> GENDERS = Set.of("m", "f", "w", "male", "female", "mann", "frau");
    private static final Pattern EMAIL = Pattern.compile("[^@\\s]+@[^@\\s]+\\.[^@\\s]{2,}>?");
    private static final Pattern PHONE = Pattern.compile("[+(]?[0-9][0-9 ()./x+-]{5,24}");
    private static final Pattern PHONE_MARK = Pattern.compile("^[+(].*|.*[0-9][-./ )][ ]?[0-9]{3}.*");
    private static final Pattern DATE = Pattern.compile(
            "[0-9]{1,4}[-./][0-9]{1,2}[-./][0-9]{1,4}([ T].*)?|(19|20)[0-9]{6}|[0-9]{1,2}[- ][A-Za-z]{3,9}[- ,]+[0-9]{2,4}"
                    + "|[A-Za-z]{3,9} [0-9]{1,2},? [0-9]{2,4}|(1[89]|20)[0-9]{2}");
    private static final Pattern YEAR_OF_BIRTH =
            Pattern.compile("(?<![0-9])(19[0-9]{2}|20[01][0-9])(?=[^0-9]|[0-9]{4}$|$)");
    private static final Pattern POSTCODE =
            Pattern.compile("[0-9]{5}(-[0-9]{4})?|[A-Z]{1,2}[0-9][0-9A-Z]? [0-9][A-Z]{2}");
    private static final Pattern STREET = Pattern.compile(
            "[0-9]+[A-Za-z]? +[A-Za-z].*|.*(stra(ss|\u00df)e|str\\.|weg|platz|gasse|straat) +[0-9]+ *[a-zA-Z]?");

    private final EntityType.Kind kind;

    ColumnContents(EntityType.Kind kind) {
        this.kind = kind;
    }

    /** @return null if the values leave doubt */
    AttributeType typeOf(List<String> values) {
        if (values.size() < FEW) return null;
        if (share(values, v -> EMAIL.matcher(v).find()) >= MOST) return AttributeType.EMAIL;
        if (share(values, v -> isDate(v) && v.length() > 4) >= MOST) {
            return kind == EntityType.Kind.PERSON && areBirths(values) ? AttributeType.BIRTH_DATE : AttributeType.DATE;
        }
        if (share(values, v -> isPhone(v) && PHONE_MARK.matcher(v).matches()) >= MOST) return AttributeType.PHONE;
        if (kind == EntityType.Kind.ITEM) return null;
        if (share(values, v -> POSTCODE.matcher(v).matches()) >= NEARLY_ALL) return AttributeType.POSTCODE;
        if (share(values, v -> STREET.matcher(v).matches()) >= MOST) return AttributeType.STREET;
        return kind == EntityType.Kind.PERSON ? ofPersons(values) : null;
    }

    private static AttributeType ofPersons(List<String> values) {
        if (share(values, v -> GENDERS.contains(v.toLowerCase(Locale.ROOT))) >= NEARLY_ALL) return AttributeType.GENDER;
        if (share(values, KnownNames::isGiven) >= GIVEN) return AttributeType.GIVEN_NAME;
        if (share(values, KnownNames::isFamily) >= FAMILY) return AttributeType.FAMILY_NAME;
        boolean whole = share(values, v -> beginsWithAName(v.split("[ ,]+"))) >= GIVEN;
        return whole ? AttributeType.FULL_NAME : null;
    }

    /** "Mary Smith" or "Smith, Mary"; what has more words is rather an address or a text. */
    private static boolean beginsWithAName(String[] words) {
        return (words.length == 2 || words.length == 3)
                && (KnownNames.isGiven(words[0]) || KnownNames.isGiven(words[1]));
    }

    /** Years of which none is to come, and as far apart as people are. */
    private static boolean areBirths(List<String> values) {
        var years = values.stream()
                .map(YEAR_OF_BIRTH::matcher)
                .flatMapToInt(
                        found -> found.find() ? IntStream.of(Integer.parseInt(found.group(1))) : IntStream.empty())
                .sorted()
                .toArray();
        return years.length >= values.size() * MOST && years[years.length * 9 / 10] - years[years.length / 10] >= AGES;
    }

    static boolean isDate(String value) {
        return DATE.matcher(value).matches();
    }

    static boolean isPhone(String value) {
        long digits = value.chars().filter(c -> c >= '0' && c <= '9').count();
        return digits >= 6 && digits <= 15 && PHONE.matcher(value).matches();
    }

    static double share(List<String> values, Predicate<String> test) {
        return (double) values.stream().filter(test).count() / values.size();
    }
}
