package io.kintsugi.core.model;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/** Hash of a set of attribute values: 128 bits of SHA-256 in hex, independent of the map's order. */
public final class ContentHash {
    private ContentHash() {}

    /**
     * @param attributes values by name; no value is null
     * @return 32 hexadecimal digits, the same on every machine
     */
    public static String of(Map<String, String> attributes) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            for (var entry : new TreeMap<>(attributes).entrySet()) {
                add(digest, entry.getKey());
                add(digest, entry.getValue());
            }
            return HexFormat.of().formatHex(digest.digest(), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static void add(MessageDigest digest, String text) {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        int n = bytes.length; // length first: "ab"+"c" must differ from "a"+"bc"
        digest.update(new byte[] {(byte) (n >> 24), (byte) (n >> 16), (byte) (n >> 8), (byte) n});
        digest.update(bytes);
    }
}
