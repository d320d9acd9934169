package io.kintsugi.connector.file;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;

/** Sixteen bytes that stand for a text or a row; equal for equal ones. Not a secret, not a signature. */
record Hash(long high, long low) {

    static Hash of(String hex) {
        return new Hash(Long.parseUnsignedLong(hex, 0, 16, 16), Long.parseUnsignedLong(hex, 16, 32, 16));
    }

    @Override
    public String toString() {
        return String.format("%016x%016x", high, low);
    }

    /** Makes hashes. Not for several threads. */
    static final class Maker {
        private final MessageDigest digest;

        Maker() {
            try {
                digest = MessageDigest.getInstance("MD5"); // every Java has it; fast, and nobody gains by a collision
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("this Java has no MD5", e);
            }
        }

        Hash of(byte[] bytes) {
            digest.update(bytes);
            return finish();
        }

        Hash of(String text) {
            return of(text.getBytes(StandardCharsets.UTF_8));
        }

        Hash of(Map<String, Object> fields) {
            fields.forEach((field, value) -> {
                update(field);
                if (value == null) digest.update((byte) 0);
                else update(value.toString());
            });
            return finish();
        }

        private void update(String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            int count = bytes.length + 1; // never 0, which stands for null
            digest.update((byte) (count >> 24 | 0x40));
            digest.update((byte) (count >> 16));
            digest.update((byte) (count >> 8));
            digest.update((byte) count);
            digest.update(bytes);
        }

        private Hash finish() {
            ByteBuffer bytes = ByteBuffer.wrap(digest.digest());
            return new Hash(bytes.getLong(), bytes.getLong());
        }
    }
}
