package io.kintsugi.connector.spi;

import java.time.Clock;
import java.time.Duration;

/** What the engine lends a connector: time, waiting and secrets go through it, so that tests run on virtual time. */
public interface ConnectorContext {
    /** The only clock a connector may read. */
    Clock clock();

    /** Secrets by name; rotated ones are written back before they are used. */
    SecretStore secrets();

    /** The rate gate of one quota bucket, shared by all connector instances of one system. Until a quota is declared it lets all through. */
    RateGate gate(String bucket);

    /** Secrets by reference. Never logs values. */
    interface SecretStore {
        /** @return the value, or null if the name is unknown */
        String get(String name);

        /** Stores a rotated secret durably before it returns. */
        void put(String name, String value);
    }

    /** Waits until the quota of a bucket allows a call. */
    interface RateGate {
        /** Blocks until {@code cost} units are free. */
        void acquire(int cost) throws InterruptedException;

        /** Tells the gate that the system asked for a pause. */
        void penalise(Duration retryAfter);
    }
}
