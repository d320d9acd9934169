package io.kintsugi.server;

import java.util.Locale;

/** A number with what it counts: {@code 1 open review}, {@code 1,200 open reviews}. */
public final class Plural {
    private Plural() {}

    /** Of what has a plural with s. */
    public static String of(long number, String what) {
        return of(number, what, what + "s");
    }

    public static String of(long number, String one, String many) {
        return String.format(Locale.ROOT, "%,d %s", number, number == 1 ? one : many);
    }
}
