package test;

import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.nio.charset.StandardCharsets;
import java.security.ProtectionDomain;

/** The clock of a broker that runs with it as an agent: off by the milliseconds that the agent is given. */
public final class SkewedClock implements ClassFileTransformer {
  private static final String KAFKAS_CLOCK = "org/apache/kafka/common/utils/SystemTime";
  private static long offsetMs;

  public static void premain(String offset, Instrumentation instrumentation) {
    offsetMs = Long.parseLong(offset);
    instrumentation.addTransformer(new SkewedClock());
  }

  public static long currentTimeMillis() {
    return System.currentTimeMillis() + offsetMs;
  }

  public static long nanoTime() {
    return System.nanoTime();
  }

  /** Kafka's clock asks this class instead of java.lang.System: the one name takes as many bytes as the other. */
  @Override
  public byte[] transform(
      ClassLoader loader, String name, Class<?> redefined, ProtectionDomain domain, byte[] code) {
    if (!KAFKAS_CLOCK.equals(name)) return null;
    String bytes = new String(code, StandardCharsets.ISO_8859_1);
    return bytes.replace("java/lang/System", "test/SkewedClock").getBytes(StandardCharsets.ISO_8859_1);
  }
}
