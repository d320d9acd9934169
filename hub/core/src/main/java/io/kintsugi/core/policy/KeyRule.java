package io.kintsugi.core.policy;

/**
 * One kind of block key.
 *
 * @param name as the matcher calls it, for example {@code birth}
 * @param cap a value of it held by more records brings nobody together; 0 switches the kind off
 */
public record KeyRule(String name, int cap) {
    public KeyRule {
        if (cap < 0 || cap == 1) {
            throw new IllegalArgumentException("key " + name + ": cap must be 0 or at least 2, not " + cap);
        }
    }
}
