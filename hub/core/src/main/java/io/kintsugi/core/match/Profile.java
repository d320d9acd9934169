package io.kintsugi.core.match;

import io.kintsugi.core.model.RecordKey;

/**
 * One record in standard form, ready to be compared often. Immutable; made by {@link Matcher#profile} and of use to that matcher
 * alone. Holds no value that is blank or a placeholder.
 */
public final class Profile {
    final RecordKey key;
    final PersonName[] names;
    final OrganisationName[] organisations;
    final int[] births;
    final char gender; // 0 if unknown
    final Email[] emails;
    final String[] phones;
    final Address[] addresses;
    final String[] domains;
    final Title[] titles;
    final PersonName[] people; // of person lists
    final String[] slots; // one value per attribute that is compared only with itself; null if it has none

    Profile(
            RecordKey key,
            PersonName[] names,
            OrganisationName[] organisations,
            int[] births,
            char gender,
            Email[] emails,
            String[] phones,
            Address[] addresses,
            String[] domains,
            Title[] titles,
            PersonName[] people,
            String[] slots) {
        this.key = key;
        this.names = names;
        this.organisations = organisations;
        this.births = births;
        this.gender = gender;
        this.emails = emails;
        this.phones = phones;
        this.addresses = addresses;
        this.domains = domains;
        this.titles = titles;
        this.people = people;
        this.slots = slots;
    }

    /** The record it was made from. */
    public RecordKey key() {
        return key;
    }

    /** Names the record only; its values are nobody's business in a log. */
    @Override
    public String toString() {
        return "profile of " + key;
    }
}
