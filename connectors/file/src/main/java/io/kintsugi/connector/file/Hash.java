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
            StringBuilder all = new StringBuilder();
            fields.forEach((field, value) -> {
                append(all, field);
                append(all, value);
            });
            return of(all.toString());
        }

        /** With its length in front, so that no two rows read the same. */
        private static void append(StringBuilder all, Object value) {
            if (value == null) {
                all.append('-');
                return;
            }
            String text = value.toString();
            all.append(text.length()).append(':').append(text);
        }

        /** What the bytes of a stream are to be fed to before {@link #finish()}. */
        MessageDigest digest() {
            return digest;
        }

        Hash finish() {
            ByteBuffer bytes = ByteBuffer.wrap(digest.digest());
            return new Hash(bytes.getLong(), bytes.getLong());
        }
    }
}
