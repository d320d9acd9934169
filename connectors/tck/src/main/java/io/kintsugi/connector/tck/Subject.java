package io.kintsugi.connector.tck;

import io.kintsugi.connector.spi.ConnectorFactory;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A fresh system with one stream under test, seen from its users' side. Each test gets its own subject; nothing in it may be left
 * from another test. The methods that act as a user go to the system directly, never through the connector.
 *
 * <p>Methods with a default are abilities that not every system has: the contract leaves out what needs them and says so on the
 * report card: "not shown".
 */
public interface Subject extends AutoCloseable {
    /** What makes connectors for this kind of system. */
    ConnectorFactory factory();

    /** Settings that open a connector to this system; the same on each call, also after {@link #settle()}. */
    Map<String, Object> settings();

    /** Secrets the settings refer to, by name. */
    default Map<String, String> secrets() {
        return Map.of();
    }

    /** The clock connectors of this subject read. */
    Clock clock();

    /** The stream under test. It begins empty. */
    String stream();

    /** At least two text fields of the stream that are neither required nor unique and may be written and emptied. */
    List<String> textFields();

    /** A field with a unique constraint that a connector may put the link key of a create into; null if there is none. */
    default String linkKeyField() {
        return null;
    }

    /** Values for further fields that a create must name, different on each call where they have to be unique. */
    default Map<String, Object> required() {
        return Map.of();
    }

    /** Values for text fields that have to come back unchanged. A system that trims or cannot hold some of them names others. */
    default List<String> texts() {
        return List.of(
                "plain",
                "comma, semicolon; tab\tpipe|",
                "quote \" in the middle and at the end\"",
                "two\nlines",
                "Ünïcödé 漢字 😀 e\u0301",
                " spaces around ",
                "=1+1",
                "null",
                "0012");
    }

    /**
     * A user creates a record.
     *
     * @param fields values of some text fields
     * @return its id
     */
    String create(Map<String, String> fields) throws Exception;

    /** A user creates several records at one time: they carry the same change time, if the system keeps any. */
    default List<String> createTogether(List<Map<String, String>> records) throws Exception {
        List<String> ids = new ArrayList<>();
        for (Map<String, String> fields : records) ids.add(create(fields));
        return ids;
    }

    /** A user changes some text fields of a record; a null value makes a field empty. */
    void edit(String id, Map<String, String> fields) throws Exception;

    /** A user deletes a record. */
    void delete(String id) throws Exception;

    /**
     * What a user sees: the text fields of a record, null values for empty ones.
     *
     * @return empty if there is no such record
     */
    Optional<Map<String, String>> read(String id) throws Exception;

    /**
     * Returns when all that was done so far is older than the visibility lag, and later changes will carry a later change time.
     * Advances the clock rather than waiting.
     */
    void settle() throws Exception;

    /**
     * A user begins to create a record but does not commit yet, so that it appears later with an earlier change time.
     *
     * @return empty if changes cannot appear late in this system
     */
    default Optional<Held> hold(Map<String, String> fields) throws Exception {
        return Optional.empty();
    }

    /**
     * A user creates a record with the id of one that was deleted.
     *
     * @return false if ids are never used again in this system
     */
    default boolean recreate(String id, Map<String, String> fields) throws Exception {
        return false;
    }

    /**
     * A user merges two records into one.
     *
     * @return id of the one that is left; empty if users cannot merge in this system
     */
    default Optional<String> merge(String winner, String loser) throws Exception {
        return Optional.empty();
    }

    /**
     * The system forgets what changed up to now, as if its retention had passed.
     *
     * @return false if that cannot be done
     */
    default boolean forget() throws Exception {
        return false;
    }

    /**
     * The system refuses every call as one too many, and says to come back after {@code retryAfter}, until {@link #recover}.
     *
     * @return false if this system sets no limit, or none that can be reached in a test
     */
    default boolean throttle(Duration retryAfter) throws Exception {
        return false;
    }

    /**
     * The system commits the next {@code ops} writes and breaks the connection before it answers the last of them; further writes
     * do not reach it until {@link #recover}. An atomic batch is one write.
     *
     * @return false if that cannot be done
     */
    default boolean cutAfterCommit(int ops) throws Exception {
        return false;
    }

    /**
     * The system takes this long, on {@link #clock()}, for each write, until {@link #recover}.
     *
     * @return false if that cannot be done
     */
    default boolean slowDown(Duration each) throws Exception {
        return false;
    }

    /** Ends what {@link #throttle}, {@link #cutAfterCommit} or {@link #slowDown} began. */
    default void recover() throws Exception {}

    /**
     * Adds a record nobody can read, for example a broken line, next to the good ones.
     *
     * @return false if such a thing cannot be in this system
     */
    default boolean spoil() throws Exception {
        return false;
    }

    /**
     * A user adds a text field to the stream.
     *
     * @return false if that cannot happen in this system
     */
    default boolean addField(String name) throws Exception {
        return false;
    }

    /**
     * A user removes a field and all its values.
     *
     * @return false if that cannot happen, or cannot be told, in this system
     */
    default boolean removeField(String name) throws Exception {
        return false;
    }

    /**
     * A user renames a field; its values stay.
     *
     * @return false if that cannot happen, or cannot be told, in this system
     */
    default boolean renameField(String name, String newName) throws Exception {
        return false;
    }

    /**
     * A user makes a text field a whole-number field.
     *
     * @return false if fields of this system have no types
     */
    default boolean retypeField(String name) throws Exception {
        return false;
    }

    /**
     * Makes the system unreachable until the test ends.
     *
     * @return false if that cannot be done
     */
    default boolean unplug() throws Exception {
        return false;
    }

    /** Takes the system down and frees what it used. Called once, after the connectors are closed. */
    @Override
    void close();

    /** A change that waits for its commit. */
    interface Held {
        /** Commits. @return id of the record, which now is visible */
        String release() throws Exception;
    }
}
