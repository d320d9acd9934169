package io.kintsugi.server.api;

import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.Journal.Answer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Makes repeating a request safe. A key stands for one request and one effect: the answer to the first one that succeeds is kept in
 * the journal for a day and given again. Refused requests changed nothing and are not kept. The answer is stored after the effect, in
 * a transaction of its own: what a crash between the two means is written in the contract. Thread-safe.
 */
final class Idempotency {
    static final Duration KEPT = Duration.ofHours(24);
    private static final Duration SWEEP_EVERY = Duration.ofHours(1);
    private static final long WAIT_SECONDS = 30;
    private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]{1,255}");

    private final HubStore store;
    private final Clock clock;
    /** Requests of one key meet at one lock; keys that share it wait for each other without need, but not for long. */
    private final ReentrantLock[] locks = new ReentrantLock[128];

    private volatile Instant swept = Instant.EPOCH;

    Idempotency(HubStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
        Arrays.setAll(locks, i -> new ReentrantLock());
    }

    /** @param replayed whether it was given before and nothing was done now */
    record Outcome(int status, String body, boolean replayed) {}

    /**
     * Does the work unless the key's answer is known.
     *
     * @param key as the client sent it
     * @param request hash that tells requests apart, from {@link #hash}
     * @throws HubException with {@code BAD_REQUEST} for a key of a wrong form, {@code IDEMPOTENCY_KEY_REUSED} if the key stands for
     *     another request, {@code UNAVAILABLE} if the first request of this key takes too long; whatever the work throws
     */
    Outcome once(String key, String request, Supplier<Outcome> work) {
        if (!KEY.matcher(key).matches()) {
            throw new HubException(
                    HubErrorCode.BAD_REQUEST,
                    "the Idempotency-Key must be 1 to 255 visible ASCII characters without spaces");
        }
        var lock = locks[Math.floorMod(key.hashCode(), locks.length)];
        acquire(lock);
        try {
            var known = store.read(tx -> tx.journal().answer(key));
            if (known.isPresent()) return replay(known.get(), request);
            var outcome = work.get();
            var answer = new Answer(request, outcome.status(), "application/json", outcome.body(), clock.instant());
            store.write(tx -> {
                tx.journal().saveAnswer(key, answer);
                return null;
            });
            sweep();
            return outcome;
        } finally {
            lock.unlock();
        }
    }

    private static void acquire(ReentrantLock lock) {
        try {
            if (lock.tryLock(WAIT_SECONDS, TimeUnit.SECONDS)) return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new HubException(
                HubErrorCode.UNAVAILABLE,
                "an earlier request with this Idempotency-Key is still under way; repeat this one later");
    }

    private static Outcome replay(Answer answer, String request) {
        if (!answer.request().equals(request)) {
            throw new HubException(
                    HubErrorCode.IDEMPOTENCY_KEY_REUSED,
                    "this Idempotency-Key was used for another request at " + answer.at() + "; make up a new key");
        }
        return new Outcome(answer.status(), answer.body(), true);
    }

    private void sweep() {
        var now = clock.instant();
        if (now.isBefore(swept.plus(SWEEP_EVERY))) return;
        swept = now;
        store.write(tx -> {
            tx.journal().forgetAnswers(now.minus(KEPT));
            return null;
        });
    }

    /** Hash of everything that makes a request what it is. */
    static String hash(String method, String pathAndQuery, String ifMatch, byte[] body) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            for (var part : new String[] {method, pathAndQuery, ifMatch == null ? "" : ifMatch}) {
                digest.update(part.getBytes(StandardCharsets.UTF_8));
                digest.update((byte) 0); // none of the parts can hold it
            }
            digest.update(body);
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
