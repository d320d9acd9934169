package io.kintsugi.core.model;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;

/** Hash of a set of attribute values: 128 bits of SHA-256 in hex, independent of the map's order. */
public final class ContentHash {
    private ContentHash() {}

    /**
     * @param attributes values by name; no value is null
     * @return 32 hexadecimal digits, the same on every machine
     */
    public static String of(Map<String, String> attributes) {
        try {
            var names = attributes.keySet().toArray(String[]::new);
            Arrays.sort(names);
            var content = new ByteArrayOutputStream(512);
            for (var name : names) {
                add(content, name);
                add(content, attributes.get(name));
            }
            var hash = MessageDigest.getInstance("SHA-256").digest(content.toByteArray());
            return HexFormat.of().formatHex(hash, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static void add(ByteArrayOutputStream content, String text) {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        int n = bytes.length; // length first: "ab"+"c" must differ from "a"+"bc"
        for (int shift = 24; shift >= 0; shift -= 8) content.write(n >> shift);
        content.writeBytes(bytes);
    }
}
