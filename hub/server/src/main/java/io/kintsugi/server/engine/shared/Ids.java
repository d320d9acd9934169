package io.kintsugi.server.engine.shared;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.random.RandomGenerator;

/**
 * Makes ids that sort by the time they were made: 48 bits of milliseconds and 80 random bits in Crockford's base 32, as in the ULID
 * specification. Thread-safe if its source of randomness is.
 */
public final class Ids {
    private static final char[] ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz".toCharArray();
    private final Clock clock;
    private final RandomGenerator random;

    public Ids(Clock clock, RandomGenerator random) {
        this.clock = clock;
        this.random = random;
    }

    /** Ids that nobody can guess. */
    public static Ids secure(Clock clock) {
        return new Ids(clock, new SecureRandom());
    }

    /** @param prefix says what the id names, for example {@code g} */
    public String next(String prefix) {
        var text = new StringBuilder(prefix.length() + 27).append(prefix).append('-');
        long time = clock.millis();
        for (int shift = 45; shift >= 0; shift -= 5) text.append(ALPHABET[(int) (time >>> shift) & 31]);
        for (int i = 0; i < 16; i++) text.append(ALPHABET[random.nextInt(32)]);
        return text.toString();
    }
}
