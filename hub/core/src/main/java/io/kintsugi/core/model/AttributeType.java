package io.kintsugi.core.model;

/** What the values of an attribute mean. Decides how they are standardised, compared and shown. */
public enum AttributeType {
    FULL_NAME,
    GIVEN_NAME,
    MIDDLE_NAME,
    FAMILY_NAME,
    /** Jr, Sr, III: tells relatives apart. */
    NAME_SUFFIX,
    GENDER,
    BIRTH_DATE,
    ORGANISATION_NAME,
    EMAIL,
    PHONE,
    /** Web site or domain. */
    DOMAIN,
    /** A whole address in one value. */
    ADDRESS,
    HOUSE_NUMBER,
    STREET,
    /** Second line of an address, building or district. */
    ADDRESS_LINE,
    CITY,
    REGION,
    POSTCODE,
    COUNTRY,
    /** A number that one thing alone has, such as a tax id. Different values speak against a match. */
    IDENTIFIER,
    /** A part of an identifier, such as its last four digits. */
    PARTIAL_IDENTIFIER,
    TITLE,
    /** Several person names in one value. */
    PERSON_LIST,
    DATE,
    YEAR,
    NUMBER,
    /** One of few values, such as a segment. */
    CATEGORY,
    TEXT,
    /** Id of another record: in a system its own id of it, in a golden record the id of that one's golden record. */
    REFERENCE
}
