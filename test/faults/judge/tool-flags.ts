/**
 * For the JVM of a tool beside the system under test. Without a level of its own, log4j writes between the
 * records.
 */
export const toolFlags = ['-Xmx512m', '-XX:+UseSerialGC', '-Dorg.apache.logging.log4j.level=OFF']
