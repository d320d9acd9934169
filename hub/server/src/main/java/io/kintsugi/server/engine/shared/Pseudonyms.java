package io.kintsugi.server.engine.shared;

import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.store.HubTransaction;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Hashes of what the hub may not keep: HMAC-SHA-256 (RFC 2104) under a secret of this hub. Whoever has the hashes without the secret
 * cannot try out e-mail addresses; whoever has both can, so the secret lies where the values lay, and nowhere else.
 */
public final class Pseudonyms {
    private static final String ALGORITHM = "HmacSHA256";
    private final SecretKeySpec secret;

    private Pseudonyms(String secret) {
        this.secret = new SecretKeySpec(HexFormat.of().parseHex(secret), ALGORITHM);
    }

    /** Empty as long as nothing was ever erased. */
    public static Optional<Pseudonyms> known(HubTransaction tx) {
        return tx.erasures().secret().map(Pseudonyms::new);
    }

    /** Those of the hub; its secret is made if there is none. */
    public static Pseudonyms of(HubTransaction tx) {
        var bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        return new Pseudonyms(tx.erasures().keepSecret(HexFormat.of().formatHex(bytes)));
    }

    /** Of the id that a system gave a record. */
    public String of(RecordKey key) {
        return of("record " + key);
    }

    /** 64 hexadecimal digits. */
    public String of(String text) {
        try {
            var mac = Mac.getInstance(ALGORITHM); // made anew: none may be used by two threads
            mac.init(secret);
            return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }
}
