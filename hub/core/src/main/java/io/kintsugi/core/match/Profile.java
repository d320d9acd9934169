package io.kintsugi.core.match;

import io.kintsugi.core.model.RecordKey;

/**
 * One record in standard form, ready to be compared often. Immutable; made by {@link Matcher#profile} and of use to that matcher
 * alone. Holds no value that is blank or a placeholder.
 */
public final class Profile {
    static final Title[] NO_TITLES = {};

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
    final String[] models; // model numbers in titles
    final PersonName[] people; // of person lists
    final String[] slots; // one value per attribute that is compared only with itself; null if it has none
    final Title[] texts; // one per attribute of any text; null if it has none
    final float[] slotBits; // how rare the values of the slots are; null if nobody counted
    final boolean skipped; // never merged by rules

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
            String[] models,
            PersonName[] people,
            String[] slots,
            Title[] texts,
            float[] slotBits,
            boolean skipped) {
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
        this.models = models;
        this.people = people;
        this.slots = slots;
        this.texts = texts;
        this.slotBits = slotBits;
        this.skipped = skipped;
    }

    /** The record it was made from. */
    public RecordKey key() {
        return key;
    }

    /** The same record with fewer values of some kinds. */
    Profile telling(Email[] emails, String[] phones, String[] domains, String[] slots) {
        return new Profile(
                key,
                names,
                organisations,
                births,
                gender,
                emails,
                phones,
                addresses,
                domains,
                titles,
                models,
                people,
                slots,
                texts,
                slotBits,
                skipped);
    }

    /** The same record, never merged by rules. */
    Profile skipping() {
        return new Profile(
                key,
                names,
                organisations,
                births,
                gender,
                emails,
                phones,
                addresses,
                domains,
                titles,
                models,
                people,
                slots,
                texts,
                slotBits,
                true);
    }

    /** How rare the value of a slot is where the other has it too, in bits. */
    double slotBits(int slot, Profile other) {
        return slotBits == null || other.slotBits == null
                ? Found.UNKNOWN
                : Math.min(slotBits[slot], other.slotBits[slot]);
    }

    /** Names the record only; its values are nobody's business in a log. */
    @Override
    public String toString() {
        return "profile of " + key;
    }
}
