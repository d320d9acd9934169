package io.kintsugi.connector.spi;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;

/** A whole call failed. The subtype decides what the engine does; the message tells a person what to do. */
public abstract sealed class ConnectorException extends Exception {
    private static final long serialVersionUID = 1L;

    private ConnectorException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Not now; try again later with back-off. */
    public static final class Transient extends ConnectorException {
        private static final long serialVersionUID = 1L;

        public Transient(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** Too many calls; wait. Counts as no attempt. */
    public static final class RateLimited extends ConnectorException {
        private static final long serialVersionUID = 1L;
        private final Scope scope;
        private final Duration retryAfter;

        public RateLimited(Scope scope, Duration retryAfter, String message) {
            super(message, null);
            this.scope = scope;
            this.retryAfter = retryAfter;
        }

        /** What is exhausted. */
        public Scope scope() {
            return scope;
        }

        /** How long to wait; null if the system does not say. */
        public Duration retryAfter() {
            return retryAfter;
        }

        /** Which limit was hit. */
        public enum Scope {
            BURST,
            CONCURRENCY,
            DAILY
        }
    }

    /** The system does not accept the credentials; a refresh was already tried inside the connector. */
    public static final class AuthFailed extends ConnectorException {
        private static final long serialVersionUID = 1L;
        private final boolean userActionNeeded;

        public AuthFailed(boolean userActionNeeded, String message, Throwable cause) {
            super(message, cause);
            this.userActionNeeded = userActionNeeded;
        }

        /** Whether only a person can mend it, for example by logging in again. */
        public boolean userActionNeeded() {
            return userActionNeeded;
        }
    }

    /** The account may not do this; a person has to grant it. */
    public static final class PermissionDenied extends ConnectorException {
        private static final long serialVersionUID = 1L;

        public PermissionDenied(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** A stream or field that the query names is not there any more; only these fields stop. */
    public static final class SchemaDrift extends ConnectorException {
        private static final long serialVersionUID = 1L;
        private final String stream;
        private final transient Set<String> fields;

        public SchemaDrift(String stream, Set<String> fields, String message) {
            super(message, null);
            this.stream = stream;
            this.fields = Set.copyOf(fields);
        }

        /** The stream the query named. */
        public String stream() {
            return stream;
        }

        /** The fields that are not there; empty if the stream as a whole is not. */
        public Set<String> fields() {
            return fields;
        }
    }

    /** The system does not remember as far back as the checkpoint; the engine reads a snapshot. */
    public static final class CheckpointExpired extends ConnectorException {
        private static final long serialVersionUID = 1L;
        private final Instant earliest;

        public CheckpointExpired(Instant earliest, String message) {
            super(message, null);
            this.earliest = earliest;
        }

        /** Null if the system does not say. */
        public Instant earliest() {
            return earliest;
        }
    }

    /** The settings cannot work. The message names the setting, and can be said anew by who calls it by another name. */
    public static final class Misconfigured extends ConnectorException {
        private static final long serialVersionUID = 1L;
        private final String setting;
        private final String problem;

        /** For what no single setting is to blame for. */
        public Misconfigured(String message) {
            super(message, null);
            this.setting = null;
            this.problem = message;
        }

        /**
         * The message is {@code setting <setting> <problem>}.
         *
         * @param setting its path, such as {@code streams.customers.id}
         * @param problem what is wrong with it and what to do, said behind its name
         */
        public Misconfigured(String setting, String problem) {
            super("setting " + setting + " " + problem, null);
            this.setting = setting;
            this.problem = problem;
        }

        /** Path of the setting; null if it is not one alone. */
        public String setting() {
            return setting;
        }

        /** What is wrong: a sentence that goes on behind the name of the setting, or the whole message if there is none. */
        public String problem() {
            return problem;
        }
    }
}
