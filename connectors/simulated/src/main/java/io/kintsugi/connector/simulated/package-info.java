/**
 * Systems that exist only in memory, behind the connector SPI, on whatever clock they are given: the test bed of the hub. Each can do
 * what its {@link Nature} says, has the bad habits it says, and people can work in it.
 */
package io.kintsugi.connector.simulated;
