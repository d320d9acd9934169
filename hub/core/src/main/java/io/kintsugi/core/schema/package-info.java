/** What a system's fields are, how they change, and what a mapping may do meanwhile. Pure. */
package io.kintsugi.core.schema;
