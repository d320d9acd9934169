package io.kintsugi.core.match;

/** Names that people are known to have, from the shipped tables; to tell a column of names from one of anything else. */
public final class KnownNames {
    private KnownNames() {}

    /** @param raw one name, as it is written */
    public static boolean isGiven(String raw) {
        return NameTable.isGivenName(Text.fold(raw));
    }

    /** @param raw one name, as it is written */
    public static boolean isFamily(String raw) {
        return NameTable.isFamilyName(Text.compact(Text.fold(raw)));
    }
}
