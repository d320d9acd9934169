package io.kintsugi.connector.file;

/**
 * Which ids were read, and where first: 24 bytes a slot instead of a string object, so that a file of millions of rows fits. Open
 * addressing over hashes of the ids. Not for several threads.
 */
final class SeenIds {
    static final long NOT_SEEN = 0;
    private static final int LINE_BITS = 40;

    private final Hash.Maker hashes = new Hash.Maker();
    private long[] highs = new long[64];
    private long[] lows = new long[64];
    private long[] places = new long[64];
    private int size;

    static long place(int file, long line) {
        return (long) file << LINE_BITS | line;
    }

    static int file(long place) {
        return (int) (place >>> LINE_BITS);
    }

    static long line(long place) {
        return place & (1L << LINE_BITS) - 1;
    }

    int size() {
        return size;
    }

    boolean contains(String id) {
        Hash hash = hashes.of(id);
        return places[slot(hash.high(), hash.low())] != NOT_SEEN;
    }

    /** @return where the id stood before; {@link #NOT_SEEN} if this is the first time */
    long add(String id, long place) {
        Hash hash = hashes.of(id);
        int slot = slot(hash.high(), hash.low());
        if (places[slot] != NOT_SEEN) return places[slot];
        highs[slot] = hash.high();
        lows[slot] = hash.low();
        places[slot] = place;
        if (++size * 3L > places.length * 2L) grow();
        return NOT_SEEN;
    }

    private int slot(long high, long low) {
        int mask = places.length - 1;
        int slot = (int) high & mask;
        while (places[slot] != NOT_SEEN && (highs[slot] != high || lows[slot] != low)) slot = slot + 1 & mask;
        return slot;
    }

    private void grow() {
        long[] oldHighs = highs;
        long[] oldLows = lows;
        long[] oldPlaces = places;
        highs = new long[oldHighs.length * 2];
        lows = new long[oldLows.length * 2];
        places = new long[oldPlaces.length * 2];
        for (int i = 0; i < oldPlaces.length; i++) {
            if (oldPlaces[i] == NOT_SEEN) continue;
            int slot = slot(oldHighs[i], oldLows[i]);
            highs[slot] = oldHighs[i];
            lows[slot] = oldLows[i];
            places[slot] = oldPlaces[i];
        }
    }
}
